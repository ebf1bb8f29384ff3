"""Trains gensim once, in a process of its own, and prints one line of JSON: words, seconds, words a second.

Only the call of train() is timed: reading the vocabulary, building the model and saving are not.
"""

import json
import time

from worker_options import worker_parser


def main():
    parser = worker_parser(__doc__)
    parser.add_argument("--min-learning-rate", type=float, default=1e-4)
    options = parser.parse_args()

    # Imported where it is used: --help must not need gensim.
    from gensim.models import Word2Vec
    from gensim.models.word2vec import CORPUSFILE_VERSION, FAST_VERSION

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
