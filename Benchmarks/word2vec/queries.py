"""Compares the questions of w2v with gensim's most_similar: one by one, and many together.

400,000 words with seeded Gaussian vectors of 50 dimensions are written once and read by both. Both answer the same
questions, 10 answers each, in turn: gensim, w2v, gensim, w2v, ... The times leave out opening the file and the lengths
of the vectors, which both compute once. gensim answers one question at a time; w2v does so too (--one-by-one), and then
all together. Both must give the same words.

    python3 -m venv peers && peers/bin/pip install -r Benchmarks/word2vec/requirements.txt
    swift build -c release --product w2v
    peers/bin/python Benchmarks/word2vec/queries.py

It also times the index of the file, and opening with and without it. Run it on a quiet machine, and read the ratios.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trainers import DEFAULT_EXECUTABLE


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--executable", type=Path, default=DEFAULT_EXECUTABLE, help="w2v (default: %(default)s)")
    add("--rows", type=int, default=400_000, help="default: %(default)s")
    add("--dimensions", type=int, default=50, help="default: %(default)s")
    add("--questions", type=int, default=200, help="default: %(default)s")
    add("--rounds", type=int, default=5, help="default: %(default)s")
    options = parser.parse_args()
    if not options.executable.exists():
        parser.error(f"{options.executable} is missing: run swift build -c release --product w2v")
    return options


def write(path, rows, dimensions):
    import numpy

    vectors = numpy.random.default_rng(1).standard_normal((rows, dimensions), dtype=numpy.float32)
    with path.open("wb") as file:
        file.write(b"%d %d\n" % (rows, dimensions))
        for number, vector in enumerate(vectors):
            file.write(b"w%d " % number + vector.tobytes())


def ask_gensim(model, words):
    start = time.perf_counter()
    answers = [model.most_similar(word, topn=10) for word in words]
    return (time.perf_counter() - start) / len(words), [[word for word, _ in answer] for answer in answers]


def ask_w2v(executable, path, words, *options):
    """Seconds a question, and the answers."""
    command = [executable, "nearest", path, *words, "--count", "10", "--json", "--time", *options]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    spent = float(re.search(r"answers? in ([0-9.]+) ms", run.stderr).group(1))
    queries = json.loads(run.stdout)["queries"]
    return spent / 1000 / len(words), [[near["word"] for near in query["nearest"]] for query in queries]


def opening(executable, path):
    """Seconds from the start to vectors that can be asked, as the program tells."""
    run = subprocess.run(
        [executable, "nearest", path, "w0", "--count", "1", "--time"], check=True, capture_output=True, text=True
    )  # fmt: skip
    return float(re.search(r"opened in ([0-9.]+) ms", run.stderr).group(1)) / 1000


def main():
    options = parse()

    # Imported where they are used: --help must not need them.
    import gensim
    import numpy

    words = [f"w{number * 1999 % options.rows}" for number in range(options.questions)]
    times = {"gensim": [], "w2v": [], "w2v, together": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gauss.bin"
        write(path, options.rows, options.dimensions)
        model = gensim.models.KeyedVectors.load_word2vec_format(path, binary=True)
        model.most_similar("w0")
        size = path.stat().st_size
        without = min(opening(options.executable, path) for _ in range(3))
        subprocess.run([options.executable, "index", path, "--quiet"], check=True)
        with_index = min(opening(options.executable, path) for _ in range(3))
        for number in range(options.rounds):
            spent, expected = ask_gensim(model, words)
            times["gensim"].append(spent)
            for name, extra in (("w2v", ["--one-by-one"]), ("w2v, together", [])):
                spent, answers = ask_w2v(options.executable, path, words, *extra)
                times[name].append(spent)
                different = sum(one != other for one, other in zip(expected, answers))
                if different > len(words) // 100:
                    sys.exit(f"queries.py: {different} of {len(words)} answers of {name} differ from gensim's")
            print(number + 1, {name: f"{1000 * spent[-1]:.3f} ms" for name, spent in times.items()}, file=sys.stderr)
    print(f"gensim {gensim.__version__}, NumPy {numpy.__version__}, {options.rows:,} × {options.dimensions}")
    peer = statistics.median(times["gensim"])
    for name, spent in times.items():
        median = statistics.median(spent)
        print(f"{name:<14} {1000 * median:8.3f} ms a question, {median / peer:.2f} × gensim")
    print(f"opening without index {1000 * without:.1f} ms ({size / without / 1e9:.2f} GB/s), with it {1000 * with_index:.1f} ms")


if __name__ == "__main__":
    main()
