#!/usr/bin/env python3
"""Compares `w2v tsne` with its peers from PyPI on one set of vectors: time by stage, exact KL, neighbours kept,
trustworthiness, label accuracy.

    corpora/make kjv && swift build -c release --product w2v
    python3 Benchmarks/tsne/compare.py                        # word vectors of the King James Bible
    python3 Benchmarks/tsne/compare.py --data vectors.npy [--labels labels.npy] [--points 10000] [--rounds 2]
    python3 Benchmarks/tsne/compare.py --peers openTSNE "manifolds-rs fft_3k" -- --method barnes-hut

The vectors are those that `w2v train` makes of --corpus, or a .npy (or .npy.gz) or word2vec's binary format given as
--data; cut to --points rows and reduced to --pca principal components (0: left as they are). All get the same vectors,
perplexity 30, exaggeration 12 for 250 iterations, 1000 iterations in all, and the same number of threads. They run in
turn, each in a process of its own, --rounds times; the run with the least time of each counts. w2v is timed as a whole process,
its neighbours by a run with one iteration; peers after import and warm-up. Behind -- come options for w2v.
Needs numpy, scipy, scikit-learn, and the peers: Benchmarks/tsne/requirements.txt. What is not installed is left out.
"""
import argparse
import csv
import gzip
import importlib.metadata
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))
from peers import PEERS  # noqa: E402

# NumPy and what needs it are imported where they are used: --help must not need them.


def load(path):
    """Vectors of a .npy, .npy.gz, or of word2vec's binary format."""
    import numpy as np

    if path.endswith((".npy", ".npy.gz")):
        data = np.load(gzip.open(path) if path.endswith(".gz") else path)
        return data.reshape(len(data), -1)
    with open(path, "rb") as file:
        count, width = map(int, file.readline().split())
        rows = np.empty((count, width), dtype=np.float32)
        for i in range(count):
            while file.read(1) != b" ":
                pass
            rows[i] = np.frombuffer(file.read(4 * width), dtype=np.float32)
            if file.peek(1)[:1] == b"\n":
                file.read(1)
        return rows


def train(executable, corpus):
    """The vectors that w2v makes of a text, the most frequent words first."""
    with tempfile.TemporaryDirectory() as folder:
        vectors = os.path.join(folder, "vectors.bin")
        subprocess.run([executable, "train", corpus, "--output", vectors, "--quiet"], check=True)
        return load(vectors)


def reduce(data, dimensions):
    import numpy as np

    data = data.astype(np.float32)
    data -= data.mean(0)
    if not dimensions or dimensions >= data.shape[1]:
        return data
    values, vectors = np.linalg.eigh((data.T @ data).astype(np.float64))
    return np.ascontiguousarray(data @ vectors[:, ::-1][:, :dimensions].astype(np.float32))


def run_w2v(source, target, options):
    import numpy as np

    def run(iterations):
        with tempfile.TemporaryDirectory() as folder:
            table = os.path.join(folder, "map.csv")
            start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [options["w2v"], "tsne", source, "--csv", table, "--max-iter", str(iterations), "--words", "all",
                 "--dims", str(options["dimensions"]), "--threads", str(options["threads"]), "--quiet",
                 *options["extra"]], check=True)
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            with open(table, newline="", encoding="utf-8") as file:
                rows = sorted(csv.DictReader(file), key=lambda row: int(row["rank"]))
        axes = "xyz"[:options["dimensions"]]
        return np.array([[float(row[axis]) for axis in axes] for row in rows], dtype=np.float32), seconds, processor

    _, first, _ = run(1)
    layout, seconds, processor = run(options["iterations"])
    np.save(target, layout)
    return {"version": "", "neighbors": first, "descent": seconds - first, "processor": processor}


def run_peer(name, source, target, options):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS"):
        environment[variable] = str(options["threads"])
    environment["OMP_WAIT_POLICY"] = "passive"
    result = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "peers.py"), name, source, target, json.dumps(options)],
        stdout=subprocess.PIPE, env=environment, check=True)
    return json.loads(result.stdout.splitlines()[-1])


def installed(name):
    try:
        importlib.metadata.version(PEERS[name][1])
        return True
    except importlib.metadata.PackageNotFoundError:
        return False


def show(value, digits):
    return "–" if value is None or value != value else f"{value:.{digits}f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=str(ROOT / "corpora" / "kjv.txt"), help="text (default: %(default)s)")
    parser.add_argument("--data", help="vectors in place of a corpus")
    parser.add_argument("--labels", help="1-D .npy of whole numbers")
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--pca", type=int, default=50)
    parser.add_argument("--dims", type=int, default=2, choices=(2, 3))
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS), metavar="PEER")
    parser.add_argument("--w2v", default=str(ROOT / ".build" / "release" / "w2v"), help="default: %(default)s")
    parser.add_argument("extra", nargs="*", help="options for w2v, behind --")
    options = parser.parse_args()

    if not options.data and not os.path.exists(options.corpus):
        parser.error(f"{options.corpus} is missing: run corpora/make kjv")

    import numpy as np
    from quality import Evaluator

    vectors = load(options.data) if options.data else train(options.w2v, options.corpus)
    data = reduce(vectors[:options.points] if options.data is None else vectors, options.pca)[:options.points]
    labels = np.load(options.labels)[:len(data)] if options.labels else None
    settings = {
        "iterations": options.iterations, "threads": options.threads, "dimensions": options.dims, "w2v": options.w2v,
        "extra": options.extra}
    names = ["w2v"] + [name for name in options.peers if installed(name)]
    if options.dims == 3:
        names = [name for name in names if name in ("w2v", "scikit-learn", "sgtsnepi")]
    best, layouts = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "data.npy"), os.path.join(folder, "map.npy")
        np.save(source, np.ascontiguousarray(data))
        for _ in range(options.rounds):
            for name in names:
                print(name, file=sys.stderr, flush=True)
                run = run_w2v if name == "w2v" else lambda *rest: run_peer(name, *rest)
                try:
                    figures = run(source, target, settings)
                except subprocess.CalledProcessError as error:
                    print(f"{name} failed: {error}", file=sys.stderr)
                    continue
                figures["total"] = figures["neighbors"] + figures["descent"]
                print(json.dumps(figures), file=sys.stderr, flush=True)
                if name not in best or figures["total"] < best[name]["total"]:
                    best[name], layouts[name] = figures, np.load(target)
    evaluator = Evaluator(data, labels)
    print(f"{len(data)} x {data.shape[1]}, {options.dims}-D, {options.iterations} iterations, {options.threads} threads\n")
    print("| | seconds | processor s | neighbours | descent | ms an iteration | KL | 10-NN kept | trustworthiness | label accuracy |")
    print("|---" * 10 + "|")
    for name, figures in best.items():
        quality = evaluator.figures(layouts[name])
        print(
            f"| {name} {figures['version']} | {figures['total']:.1f} | {figures['processor']:.1f} "
            f"| {show(figures['neighbors'], 1)} "
            f"| {show(figures['descent'], 1)} | {show(1000 * figures['descent'] / options.iterations, 2)} "
            f"| {quality['kl']:.4f} | {quality['kept']:.4f} | {quality['trust']:.4f} "
            f"| {show(quality['accuracy'], 4)} |", flush=True)


if __name__ == "__main__":
    main()
