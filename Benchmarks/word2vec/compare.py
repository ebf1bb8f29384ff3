"""Compares w2v with gensim: speed of training, and quality of the vectors.

Both train skip-gram on the same file with the same options, each in a fresh process, in turn: gensim, w2v, gensim,
w2v, ... The time leaves out reading the vocabulary and saving on both sides: gensim's is that of its
train(corpus_file=...) call, w2v's is what it prints ("trained N words in S s"). The ratio is that of the times, so
it does not depend on which words a trainer counts. Quality is Spearman's rho on scored word pairs and the accuracy of
analogies, by gensim's evaluators for both, among the most frequent 30,000 words.

    python3 -m venv peers && peers/bin/pip install -r Benchmarks/word2vec/requirements.txt
    corpora/make --fetch mix
    swift build -c release --product w2v
    peers/bin/python Benchmarks/word2vec/compare.py

Run it on a quiet machine, and read the ratio, not the single figures.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

from gensim.test.utils import datapath

from evaluation import evaluate, load
from trainers import DEFAULT_EXECUTABLE, ROOT, Settings, TrainingFailed, train_gensim, train_w2v

TRAINERS = ("gensim", "w2v")
MODES = {"negative sampling": False, "hierarchical softmax": True}


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--corpus", type=Path, default=ROOT / "corpora" / "mix.txt", help="default: %(default)s")
    add("--executable", type=Path, default=DEFAULT_EXECUTABLE, help="w2v (default: %(default)s)")
    add("--trainers", nargs="+", choices=TRAINERS, default=list(TRAINERS), help="default: both")
    add("--modes", nargs="+", choices=["negative", "hierarchical"], default=["negative", "hierarchical"])
    add("--rounds", type=int, default=3, help="runs of each trainer, with seeds 1, 2, ... (default: %(default)s)")
    add("--epochs", type=int, default=5, help="default: %(default)s")
    add("--dimensions", type=int, default=100, help="default: %(default)s")
    add("--threads", type=int, default=2, help="default: %(default)s")
    add("--pairs", type=Path, nargs="*", help="scored word pairs, tab-separated (default: those of gensim)")
    add("--analogies", type=Path, help="questions (default: gensim's questions-words.txt)")
    add("--no-quality", action="store_true", help="speed only")
    add("--w2v-options", default="", help="more options for w2v train, in one string")
    add("--json", type=Path, help="write every run and the summary to this file as well")
    options = parser.parse_args()
    if not options.corpus.exists():
        parser.error(f"{options.corpus} is missing: run corpora/make --fetch mix")
    if "w2v" in options.trainers and not options.executable.exists():
        parser.error(f"{options.executable} is missing: run swift build -c release --product w2v")
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if options.pairs is None:
        options.pairs = [Path(datapath("wordsim353.tsv")), Path(datapath("simlex999.txt"))]
    if options.analogies is None:
        options.analogies = Path(datapath("questions-words.txt"))
    return options


def run_once(trainer, options, settings, seed, vectors):
    """Trains once; returns the speed, and the quality unless it was not asked for."""
    if trainer == "gensim":
        run = train_gensim(options.corpus, vectors, settings, seed)
    else:
        run = train_w2v(options.executable, options.corpus, vectors, settings, seed)
    quality = {} if options.no_quality else evaluate(load(vectors), options.pairs, options.analogies)
    return {"trainer": trainer, "seed": seed, **run, "quality": quality}


def summary(runs):
    """Medians of time and speed, mean of each figure of quality."""
    names = list(runs[0]["quality"])
    figures = {name: [run["quality"][name] for run in runs] for name in names}
    return {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "words_per_second": statistics.median(run["words_per_second"] for run in runs),
        "quality": {
            name: None if None in values else statistics.fmean(values) for name, values in figures.items()
        },
    }  # fmt: skip


def report(mode, summaries):
    print(f"\n{mode}")
    names = list(next(iter(summaries.values()))["quality"])
    print(f"{'':<10}{'words/s':>12}" + "".join(f"{name:>12}" for name in names))
    for trainer, figures in summaries.items():
        values = (figures["quality"][name] for name in names)
        shown = "".join(f"{'-' if value is None else format(value, '.4f'):>12}" for value in values)
        print(f"{trainer:<10}{figures['words_per_second']:>12,.0f}{shown}")
    if len(summaries) == len(TRAINERS):
        ratio = summaries["gensim"]["seconds"] / summaries["w2v"]["seconds"]
        print(f"w2v trains {ratio:.2f} times as fast as gensim")


def main():
    options = parse()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "vectors.bin"
        for mode, hierarchical in MODES.items():
            if mode.split()[0] not in options.modes:
                continue
            settings = Settings(
                epochs=options.epochs, threads=options.threads, hierarchical_softmax=hierarchical,
                dimensions=options.dimensions, extra_w2v=options.w2v_options.split(),
            )  # fmt: skip
            runs = []
            for seed in range(1, options.rounds + 1):
                for trainer in options.trainers:
                    runs.append(run_once(trainer, options, settings, seed, vectors))
                    print(f"{mode}, {trainer}, seed {seed}: {json.dumps(runs[-1])}", file=sys.stderr, flush=True)
            summaries = {
                trainer: summary([run for run in runs if run["trainer"] == trainer]) for trainer in options.trainers
            }
            results[mode] = {"runs": runs, "summary": summaries}
            report(mode, summaries)
            if options.json:
                options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (TrainingFailed, OSError) as error:
        sys.exit(f"{Path(__file__).name}: {error}")
