"""Trains gensim once, in a process of its own, and prints one line of JSON: words, seconds, words a second.

Only the call of train() is timed: reading the vocabulary, building the model and saving are not.
"""

import argparse
import json
import time

from gensim.models import Word2Vec
from gensim.models.word2vec import CORPUSFILE_VERSION, FAST_VERSION


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", help="text file, one sentence a line")
    parser.add_argument("output", help="where the vectors go (word2vec binary)")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--negative", type=int, default=5)
    parser.add_argument("--hierarchical-softmax", action="store_true")
    parser.add_argument("--cbow", action="store_true")
    parser.add_argument("--min-count", type=int, default=5)
    parser.add_argument("--sample", type=float, default=1e-3)
    parser.add_argument("--learning-rate", type=float, default=0.025)
    parser.add_argument("--min-learning-rate", type=float, default=1e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    if FAST_VERSION < 0 or CORPUSFILE_VERSION < 0:
        raise SystemExit("gensim was built without its compiled kernels: its speed would say nothing")
    model = Word2Vec(
        sg=0 if options.cbow else 1,
        hs=1 if options.hierarchical_softmax else 0,
        negative=0 if options.hierarchical_softmax else options.negative,
        vector_size=options.dimensions,
        window=options.window,
        sample=options.sample,
        min_count=options.min_count,
        alpha=options.learning_rate,
        min_alpha=options.min_learning_rate,
        workers=options.threads,
        seed=options.seed,
    )
    model.build_vocab(corpus_file=options.corpus)
    start = time.perf_counter()
    model.train(
        corpus_file=options.corpus,
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=options.epochs,
    )
    seconds = time.perf_counter() - start
    model.wv.save_word2vec_format(options.output, binary=True)
    words = model.corpus_total_words * options.epochs
    print(json.dumps({"words": words, "seconds": seconds, "words_per_second": words / seconds}))


if __name__ == "__main__":
    main()
