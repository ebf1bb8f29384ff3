"""How good a map is, by one evaluator for all: exact KL, neighbours kept, trustworthiness, label accuracy."""
import numpy as np
import scipy.sparse
from sklearn.neighbors import NearestNeighbors

PERPLEXITY = 30
K = 3 * PERPLEXITY


def neighbors(data, k):
    found = NearestNeighbors(n_neighbors=k, algorithm="brute" if data.shape[1] > 3 else "kd_tree", n_jobs=-1).fit(data)
    return found.kneighbors()


def affinities(distances, indices):
    """The symmetric P of the exact neighbours, by bisection of each row's precision to 1e-10."""
    n, k = indices.shape
    squares = distances.astype(np.float64) ** 2
    squares -= squares[:, :1]
    low, high = np.zeros(n), np.full(n, np.inf)
    beta = 1 / np.maximum(squares.mean(1), 1e-300)
    for _ in range(80):
        weights = np.exp(-beta[:, None] * squares)
        sums = weights.sum(1)
        entropy = np.log(sums) + beta * (weights * squares).sum(1) / sums
        flat = entropy > np.log(PERPLEXITY)
        low, high = np.where(flat, beta, low), np.where(flat, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + np.where(np.isinf(high), 0, high)) / 2)
    weights /= sums[:, None]
    p = scipy.sparse.csr_matrix((weights.ravel(), indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    p = p + p.T
    return (p / p.sum()).tocoo()


class Evaluator:
    def __init__(self, data, labels=None):
        self.data, self.labels = data, labels
        distances, self.truth = neighbors(data, K)
        self.p = affinities(distances, self.truth)

    def kl(self, layout):
        layout = (layout - layout.mean(0)).astype(np.float32)
        squares = (layout ** 2).sum(1)
        total = 0.0
        # Tiles that stay in the cache; the error of a Float in the squared distances is far below 1.
        for i in range(0, len(layout), 256):
            for j in range(0, len(layout), 4096):
                block = layout[i:i + 256] @ (-2 * layout[j:j + 4096]).T
                block += squares[i:i + 256, None] + 1
                block += squares[None, j:j + 4096]
                np.maximum(block, 1, out=block)
                np.reciprocal(block, out=block)
                total += float(block.sum(dtype=np.float64))
        total -= len(layout)
        layout = layout.astype(np.float64)
        p = self.p.data
        near = ((layout[self.p.row] - layout[self.p.col]) ** 2).sum(1)
        return (p * np.log(p)).sum() + (p * np.log1p(near)).sum() + np.log(total)

    def trustworthiness(self, near):
        """Over all points, with as many neighbours: a sample of 2,000 would err by .0015 on word vectors."""
        n, k, data = len(self.data), near.shape[1], self.data
        squares, penalty = (data ** 2).sum(1), 0
        for i in range(0, n, 256):
            own, numbers = near[i:i + 256], np.arange(min(256, n - i))
            distances = squares - 2 * (data[i:i + 256] @ data.T)
            distances[numbers, i + numbers] = -np.inf
            limits = distances[numbers[:, None], own]
            # Only those of the map's neighbours that are not among the true ones cost anything.
            false = ~(own[:, :, None] == self.truth[i:i + 256, None, :k]).any(2)
            for j in range(k):
                ranks = np.count_nonzero(distances < limits[:, j:j + 1], axis=1)
                penalty += np.maximum(0, ranks - k)[false[:, j]].sum()
        return 1 - 2 * penalty / (n * k * (2 * n - 3 * k - 1))

    def figures(self, layout):
        near = neighbors(layout, 10)[1]
        kept = np.mean([len(np.intersect1d(a, b)) / 10 for a, b in zip(self.truth[:, :10], near)])
        accuracy = None
        if self.labels is not None:
            guess = np.array([np.bincount(row).argmax() for row in self.labels[near]])
            accuracy = (guess == self.labels).mean()
        return {"kl": self.kl(layout), "kept": kept, "trust": self.trustworthiness(near), "accuracy": accuracy}
