"""Compares w2v with every peer that PyPI has ready to run: speed of training, memory, quality of the vectors.

All train on the same file with the same options, each in a fresh process, in turn: gensim, w2v, fasttext, ..., gensim,
w2v, ... Peers that are not installed are left out, and the table says so. The time leaves out reading the vocabulary and
saving on every side: gensim's is that of its train(corpus_file=...) call, w2v's is what it prints ("trained N words in
S s"), fastText's and floret's is the difference of two trainings. The ratio is that of the times, so it does not depend
on which words a trainer counts. Memory is the largest anonymous memory of the process (Linux only), Python's own
included. Quality is Spearman's rho on scored word pairs and the accuracy of analogies, by gensim's evaluators for all,
among the most frequent 30,000 words.

    python3 -m venv peers && peers/bin/pip install -r Benchmarks/word2vec/requirements.txt
    corpora/make --fetch mix
    swift build -c release --product w2v
    peers/bin/python Benchmarks/word2vec/compare.py --markdown

Run it on a quiet machine, and read the ratios, not the single figures.
"""

import argparse
import importlib.metadata
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from gensim.test.utils import datapath

from evaluation import evaluate, load
from trainers import DEFAULT_EXECUTABLE, ROOT, Settings, TrainingFailed, train_peer, train_w2v

#: The peers: how each is run, and the distributions that may bring it.
PEERS = {
    "gensim": ("gensim_worker.py", ["gensim"]),
    "fasttext": ("fasttext_worker.py", ["fasttext", "fasttext-wheel"]),
    "floret": ("floret_worker.py", ["floret"]),
}
MODES = {
    "negative": ("skip-gram, negative sampling", {}),
    "hierarchical": ("skip-gram, hierarchical softmax", {"hierarchical_softmax": True}),
    "cbow": ("CBOW, negative sampling", {"cbow": True}),
    "cbow-hierarchical": ("CBOW, hierarchical softmax", {"cbow": True, "hierarchical_softmax": True}),
}


def version(trainer):
    """The version of a trainer (w2v: the commit), or None when it is not there."""
    if trainer == "w2v":
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        )
        return commit.stdout.strip() or "here"
    for name in PEERS[trainer][1]:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    trainers = ["gensim", "w2v", "fasttext", "floret"]
    add("--corpus", type=Path, default=ROOT / "corpora" / "mix.txt", help="default: %(default)s")
    add("--executable", type=Path, default=DEFAULT_EXECUTABLE, help="w2v (default: %(default)s)")
    add("--trainers", nargs="+", choices=trainers, default=trainers, help="default: all that are installed")
    add("--modes", nargs="+", choices=list(MODES), default=["negative", "hierarchical", "cbow"])
    add("--rounds", type=int, default=3, help="runs of each trainer, with seeds 1, 2, ... (default: %(default)s)")
    add("--epochs", type=int, default=5, help="default: %(default)s")
    add("--dimensions", type=int, default=100, help="default: %(default)s")
    add("--threads", type=int, default=2, help="default: %(default)s")
    add("--pairs", type=Path, nargs="*", help="scored word pairs, tab-separated (default: those of gensim)")
    add("--analogies", type=Path, help="questions (default: gensim's questions-words.txt)")
    add("--no-quality", action="store_true", help="speed and memory only")
    add("--w2v-options", default="", help="more options for w2v train, in one string")
    add("--markdown", action="store_true", help="print the tables as Markdown")
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
    """Trains once; returns speed and memory, and the quality unless it was not asked for."""
    if trainer == "w2v":
        run = train_w2v(options.executable, options.corpus, vectors, settings, seed)
    else:
        run = train_peer(PEERS[trainer][0], options.corpus, vectors, settings, seed)
    quality = {} if options.no_quality else evaluate(load(vectors), options.pairs, options.analogies)
    return {"trainer": trainer, "seed": seed, **run, "quality": quality}


def summary(runs):
    """Medians of time, speed and memory, mean of each figure of quality."""
    figures = {name: [run["quality"][name] for run in runs] for name in runs[0]["quality"]}
    memory = [run["megabytes"] for run in runs if run["megabytes"] is not None]
    return {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "words_per_second": statistics.median(run["words_per_second"] for run in runs),
        "megabytes": statistics.median(memory) if memory else None,
        "quality": {
            name: None if None in values else statistics.fmean(values) for name, values in figures.items()
        },
    }  # fmt: skip


def ratio(runs, trainer, other="gensim"):
    """Median over the rounds of the other trainer's time by this one's; None without the other."""
    seconds = {name: [run["seconds"] for run in runs if run["trainer"] == name] for name in (trainer, other)}
    pairs = list(zip(seconds[other], seconds[trainer]))
    return statistics.median(a / b for a, b in pairs) if pairs else None


def shown(value, form):
    return "-" if value is None else format(value, form)


def report(title, runs, summaries, versions, markdown):
    names = list(next(iter(summaries.values()))["quality"])
    header = ["", "version", "seconds", "words/s", "x gensim", "MB", *names]
    rows = []
    for trainer, figures in summaries.items():
        rows.append([
            trainer, versions[trainer], shown(figures["seconds"], ".2f"), shown(figures["words_per_second"], ",.0f"),
            shown(ratio(runs, trainer), ".2f"), shown(figures["megabytes"], ",.0f"),
            *(shown(figures["quality"][name], ".4f") for name in names),
        ])  # fmt: skip
    print(f"\n{title}\n")
    if markdown:
        print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
        for row in rows:
            print("| " + " | ".join(row) + " |")
    else:
        widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
        for row in [header, *rows]:
            print("  ".join(cell.ljust(width) if at < 2 else cell.rjust(width)
                            for at, (cell, width) in enumerate(zip(row, widths))))


def main():
    options = parse()
    versions = {trainer: version(trainer) for trainer in options.trainers}
    trainers = [trainer for trainer in options.trainers if versions[trainer] is not None]
    missing = [trainer for trainer in options.trainers if versions[trainer] is None]
    print(f"{options.corpus.name}, {options.dimensions} dimensions, {options.epochs} epochs, {options.threads} threads, "
          f"{options.rounds} rounds; {platform.machine()}, Python {platform.python_version()}")
    if missing:
        print(f"not installed: {', '.join(missing)}")
    results = {"versions": versions}
    with tempfile.TemporaryDirectory() as folder:
        vectors = Path(folder) / "vectors.bin"
        for mode in options.modes:
            title, choice = MODES[mode]
            settings = Settings(
                epochs=options.epochs, threads=options.threads, dimensions=options.dimensions,
                extra_w2v=options.w2v_options.split(), **choice,
            )  # fmt: skip
            runs = []
            for seed in range(1, options.rounds + 1):
                for trainer in trainers:
                    runs.append(run_once(trainer, options, settings, seed, vectors))
                    print(f"{title}, {trainer}, seed {seed}: {json.dumps(runs[-1])}", file=sys.stderr, flush=True)
            summaries = {trainer: summary([run for run in runs if run["trainer"] == trainer]) for trainer in trainers}
            results[title] = {"runs": runs, "summary": summaries}
            report(title, runs, summaries, versions, options.markdown)
            if options.json:
                options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (TrainingFailed, OSError) as error:
        sys.exit(f"{Path(__file__).name}: {error}")
