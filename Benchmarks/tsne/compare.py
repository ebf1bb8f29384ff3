#!/usr/bin/env python3
"""Compares `w2v tsne` with openTSNE on one set of vectors: time, exact KL, neighbours kept, trustworthiness, accuracy.

    corpora/make kjv && swift build -c release --product w2v
    python3 Benchmarks/tsne/compare.py                        # word vectors of the King James Bible
    python3 Benchmarks/tsne/compare.py --corpus corpora/mix.txt
    python3 Benchmarks/tsne/compare.py --data vectors.npy [--labels labels.npy] [--points 10000]

The vectors are those that `w2v train` makes of --corpus, or a 2-D .npy (or .npy.gz) given as --data; they are cut to
--points rows and reduced to --pca principal components (0: left as they are). Both sides get the same vectors, perplexity 30, exaggeration 12 for 250 iterations, 1000 iterations in all. KL is
computed over all pairs by one evaluator, from openTSNE's affinities on exact neighbours. Needs numpy, scikit-learn
and openTSNE. Up to some 20,000 points; with --skip-peer only w2v is run and timed.
"""
import argparse
import csv
import gzip
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]


def load(path):
    data = np.load(gzip.open(path) if path.endswith(".gz") else path)
    return data.reshape(len(data), -1)


def train(executable, corpus):
    """The vectors that w2v makes of a text, the most frequent words first."""
    with tempfile.TemporaryDirectory() as folder:
        vectors = os.path.join(folder, "vectors.txt")
        subprocess.run([executable, "train", corpus, "--output", vectors, "--format", "text", "--quiet"], check=True)
        with open(vectors, encoding="utf-8") as file:
            next(file)
            return np.array([line.rstrip("\n").split(" ")[1:] for line in file], dtype=np.float32)


def reduce(data, dimensions):
    data = data.astype(np.float32)
    data -= data.mean(0)
    if not dimensions or dimensions >= data.shape[1]:
        return data
    values, vectors = np.linalg.eigh((data.T @ data).astype(np.float64))
    return np.ascontiguousarray(data @ vectors[:, ::-1][:, :dimensions].astype(np.float32))


def run_w2v(executable, data, iterations):
    with tempfile.TemporaryDirectory() as folder:
        vectors, table = os.path.join(folder, "vectors.npy"), os.path.join(folder, "map.csv")
        np.save(vectors, data)
        start = time.time()
        subprocess.run(
            [executable, "tsne", vectors, "--csv", table, "--max-iter", str(iterations), "--words", "all", "--quiet"],
            check=True)
        seconds = time.time() - start
        with open(table, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    rows.sort(key=lambda row: int(row["rank"]))
    return np.array([[float(row["x"]), float(row["y"])] for row in rows]), seconds


def run_opentsne(data, iterations):
    import openTSNE

    start = time.time()
    layout = openTSNE.TSNE(
        perplexity=30, early_exaggeration=12, early_exaggeration_iter=250, n_iter=iterations - 250, random_state=1,
        n_jobs=os.cpu_count()).fit(data)
    return np.asarray(layout), time.time() - start


def exact_kl(affinities, layout):
    layout = layout.astype(np.float64)
    total = -float(len(layout))
    for i in range(0, len(layout), 500):
        squares = ((layout[i:i + 500, None, :] - layout[None]) ** 2).sum(-1)
        total += (1 / (1 + squares)).sum()
    entries = affinities.tocoo()
    squares = ((layout[entries.row] - layout[entries.col]) ** 2).sum(1)
    p = entries.data
    return (p * np.log(p)).sum() + (p * np.log1p(squares)).sum() + np.log(total)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=str(ROOT / "corpora" / "kjv.txt"), help="text (default: %(default)s)")
    parser.add_argument("--data", help="vectors in place of a corpus")
    parser.add_argument("--labels", help="1-D .npy of whole numbers")
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--pca", type=int, default=50)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--w2v", default=str(ROOT / ".build" / "release" / "w2v"), help="default: %(default)s")
    parser.add_argument("--skip-peer", action="store_true")
    options = parser.parse_args()

    if not options.data and not os.path.exists(options.corpus):
        parser.error(f"{options.corpus} is missing: run corpora/make kjv")
    vectors = load(options.data) if options.data else train(options.w2v, options.corpus)
    data = reduce(vectors, options.pca)[:options.points]
    maps = {"w2v": run_w2v(options.w2v, data, options.iterations)}
    if options.skip_peer:
        print(f"w2v: {len(data)} points, {maps['w2v'][1]:.1f} s")
        return
    maps["openTSNE"] = run_opentsne(data, options.iterations)

    import openTSNE
    from sklearn.manifold import trustworthiness
    from sklearn.neighbors import NearestNeighbors

    affinities = openTSNE.affinity.PerplexityBasedNN(data, perplexity=30, method="exact").P
    affinities = affinities / affinities.sum()
    truth = NearestNeighbors(n_neighbors=10).fit(data).kneighbors(return_distance=False)
    labels = np.load(options.labels)[:len(data)] if options.labels else None
    print("| | seconds | KL | 10-NN kept | trustworthiness | 10-NN label accuracy |\n|---|---|---|---|---|---|")
    for name, (layout, seconds) in maps.items():
        found = NearestNeighbors(n_neighbors=10).fit(layout).kneighbors(return_distance=False)
        kept = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(truth, found)])
        accuracy = "–"
        if labels is not None:
            guess = np.array([np.bincount(row).argmax() for row in labels[found]])
            accuracy = f"{(guess == labels).mean():.4f}"
        print(f"| {name} | {seconds:.1f} | {exact_kl(affinities, layout):.4f} | {kept:.4f} | "
              f"{trustworthiness(data, layout, n_neighbors=10):.4f} | {accuracy} |", flush=True)


if __name__ == "__main__":
    main()
