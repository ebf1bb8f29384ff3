// The one import for users: everything that a program needs to train, map and draw.
@_exported public import EmbeddingPlots
@_exported public import FileAccess
@_exported public import LinearAlgebra
@_exported public import NearestNeighbors
@_exported public import TSNE
@_exported public import Training
@_exported public import TrainingStats
@_exported public import TrainingUI
@_exported public import WordEmbeddings
