"""Quality of word vectors by gensim's own evaluators, the same code for every trainer."""

import math
import warnings
from pathlib import Path

RESTRICT_VOCABULARY = 30_000


def load(path):
    """Reads a word2vec binary as gensim reads it."""
    # Imported where it is used: --help must not need gensim.
    from gensim.models import KeyedVectors

    return KeyedVectors.load_word2vec_format(str(path), binary=True)


def data_file(name):
    """The path of a file that comes with gensim."""
    from gensim.test.utils import datapath

    return Path(datapath(name))


def evaluate(vectors, pair_files, analogy_file=None):
    """Spearman's rho for each file of scored pairs, and the accuracy of the analogies: name to figure.

    The most frequent 30,000 words count and letter case does not, which are gensim's usual settings.
    """
    figures = {}
    for path in pair_files:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, spearman, _ = vectors.evaluate_word_pairs(
                str(path), restrict_vocab=RESTRICT_VOCABULARY, case_insensitive=True
            )
        value = float(spearman.statistic)
        figures[path.stem] = None if math.isnan(value) else value
    if analogy_file is not None:
        accuracy, _ = vectors.evaluate_word_analogies(
            str(analogy_file), restrict_vocab=RESTRICT_VOCABULARY, case_insensitive=True
        )
        figures["analogies"] = float(accuracy)
    return figures
