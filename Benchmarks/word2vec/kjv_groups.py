"""Precision at 10 of vectors trained on the King James Bible, for gensim and for w2v.

kjv-groups.json holds four groups of words: metals, rivers, food, numbers. Every word of a group is asked for. The
precision is the share of the 10 nearest neighbours, by cosine among all words of the vocabulary, that are of the same
group: the mean over the words of a group, then over the groups, then over the seeds; with the standard error of that.
Make the corpus with `corpora/make kjv`.
"""

import argparse
import json
import math
import statistics
import sys
import tempfile
from pathlib import Path

from evaluation import load
from trainers import DEFAULT_EXECUTABLE, HERE, ROOT, Settings, TrainingFailed, train_gensim, train_w2v

NEIGHBOURS = 10


def precisions(vectors, groups):
    """Precision at 10 for each group, and the mean of the groups."""
    figures = {}
    for name, group in groups.items():
        words = [word for word in [group["query"], *group["words"]] if word in vectors]
        right = sum(near in words for word in words for near, _ in vectors.most_similar(word, topn=NEIGHBOURS))
        figures[name] = right / (NEIGHBOURS * len(words))
    figures["mean"] = sum(figures.values()) / len(figures)
    return figures


def mean_over(runs):
    figures = {name: sum(run[name] for run in runs) / len(runs) for name in runs[0]}
    means = [run["mean"] for run in runs]
    figures["error"] = statistics.stdev(means) / len(means) ** 0.5 if len(means) > 1 else math.nan
    return figures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora" / "kjv.txt")
    parser.add_argument("--trainers", nargs="+", choices=["gensim", "w2v"], default=["gensim", "w2v"])
    parser.add_argument("--executable", type=Path, default=DEFAULT_EXECUTABLE, help="w2v (default: %(default)s)")
    parser.add_argument("--epochs", type=int, default=15, help="default: %(default)s")
    parser.add_argument("--threads", type=int, default=2, help="default: %(default)s")
    parser.add_argument("--hierarchical-softmax", action="store_true")
    parser.add_argument("--seeds", type=int, default=3, help="seeds 1 to this number (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if not options.corpus.exists():
        parser.error(f"{options.corpus} is missing: run corpora/make kjv")

    groups = json.loads((HERE / "kjv-groups.json").read_text(encoding="utf-8"))
    settings = Settings(
        epochs=options.epochs, threads=options.threads, hierarchical_softmax=options.hierarchical_softmax
    )
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "vectors.bin"
        for trainer in options.trainers:
            runs = []
            for seed in range(1, options.seeds + 1):
                if trainer == "gensim":
                    train_gensim(options.corpus, vectors, settings, seed)
                else:
                    train_w2v(options.executable, options.corpus, vectors, settings, seed)
                runs.append(precisions(load(vectors), groups))
                print(f"{trainer}, seed {seed}: {runs[-1]}", file=sys.stderr)
            results[trainer] = mean_over(runs)

    if options.json:
        print(json.dumps(results, indent=2))
        return
    names = [*groups, "mean", "error"]
    print(f"{'precision@10':<14}" + "".join(f"{name:>10}" for name in names))
    for trainer, figures in results.items():
        print(f"{trainer:<14}" + "".join(f"{figures[name]:>10.4f}" for name in names))


if __name__ == "__main__":
    try:
        main()
    except (TrainingFailed, OSError) as error:
        sys.exit(f"{Path(__file__).name}: {error}")
