"""Trains fastText or floret once, without subwords, in a process of its own, and prints one line of JSON.

Neither tells the time of training apart from that of reading the words: a training of another number of epochs is timed
as well, and the difference is the time of the epochs between. They take no seed and are made anew by each run's race.
"""

import importlib
import json
import time

from worker_options import worker_parser


def main(name="fasttext"):
    options = worker_parser(__doc__).parse_args()
    module = importlib.import_module(name)

    def train(epochs):
        start = time.perf_counter()
        model = module.train_unsupervised(
            options.corpus, model="cbow" if options.cbow else "skipgram", dim=options.dimensions, ws=options.window,
            neg=options.negative, loss="hs" if options.hierarchical_softmax else "ns", minCount=options.min_count,
            t=options.sample, lr=options.learning_rate, epoch=epochs, thread=options.threads, minn=0, maxn=0, verbose=0,
        )  # fmt: skip
        return model, time.perf_counter() - start

    model, seconds = train(options.epochs)
    _, other = train(1 if options.epochs > 1 else 2)
    seconds = abs(seconds - other) / max(1, options.epochs - 1) * options.epochs
    words, counts = model.get_words(include_freq=True)
    with open(options.output, "wb") as file:
        kept = [word for word in words if word != "</s>"]
        file.write(f"{len(kept)} {options.dimensions}\n".encode())
        for word in kept:
            file.write(word.encode() + b" " + model.get_word_vector(word).astype("<f4").tobytes() + b"\n")
    total = int(sum(count for word, count in zip(words, counts) if word != "</s>")) * options.epochs
    print(json.dumps({"words": total, "seconds": seconds, "words_per_second": total / seconds}))


if __name__ == "__main__":
    main()
