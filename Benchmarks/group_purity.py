"""Group purity of maps of the small corpus.

For each word of corpora/small-groups.tsv: of its 10 nearest neighbours on the map, taken among the words of that file
only, the share that belongs to its own group. The purity of a map is the mean over the words.

    python3 Benchmarks/group_purity.py small.csv ...    maps that `w2v tsne --csv` wrote
    python3 Benchmarks/group_purity.py --peers          the same with gensim's vectors and openTSNE's maps, 3 seeds
"""

import argparse
import csv
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEIGHBOURS = 10


def read_groups(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line)


def read_map(path):
    """Words and coordinates of a CSV file with the columns word, x, y and perhaps z."""
    import numpy  # here, not above: --help must not need it

    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    axes = [axis for axis in ("x", "y", "z") if rows and axis in rows[0]]
    return [row["word"] for row in rows], numpy.array([[float(row[axis]) for axis in axes] for row in rows])


def purity(words, points, groups):
    import numpy

    chosen = [index for index, word in enumerate(words) if word in groups]
    missing = set(groups) - {words[index] for index in chosen}
    if missing:
        raise SystemExit(f"the map lacks {len(missing)} of the groups' words, such as {sorted(missing)[0]}")
    labels = numpy.array([groups[words[index]] for index in chosen])
    points = points[chosen].astype(float)
    distances = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
    numpy.fill_diagonal(distances, numpy.inf)
    nearest = distances.argsort(axis=1, kind="stable")[:, :NEIGHBOURS]
    return float((labels[nearest] == labels[:, None]).mean())


def peer_map(corpus, seed, epochs):
    """gensim's skip-gram vectors, mapped by openTSNE."""
    import numpy
    from gensim.models import Word2Vec
    from openTSNE import TSNE

    vectors = Word2Vec(
        corpus_file=str(corpus), sg=1, hs=0, vector_size=100, window=5, negative=5, sample=1e-3, min_count=5,
        epochs=epochs, workers=2, seed=seed,
    ).wv  # fmt: skip
    points = TSNE(perplexity=30, metric="cosine", random_state=seed, n_jobs=2).fit(vectors.get_normed_vectors())
    return vectors.index_to_key, numpy.asarray(points)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("maps", nargs="*", type=Path, help="CSV files")
    parser.add_argument("--groups", type=Path, default=ROOT / "corpora" / "small-groups.tsv")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora" / "small.txt", help="for --peers")
    parser.add_argument("--epochs", type=int, default=15, help="for --peers (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="for --peers (default: %(default)s)")
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()

    groups = read_groups(options.groups)
    maps = [(str(path), *read_map(path)) for path in options.maps]
    if options.peers:
        seeds = range(1, options.seeds + 1)
        maps += [(f"peers, seed {seed}", *peer_map(options.corpus, seed, options.epochs)) for seed in seeds]
    if not maps:
        parser.error("give CSV files or --peers")
    figures = {name: purity(words, points, groups) for name, words, points in maps}
    figures["mean"] = sum(figures.values()) / len(figures)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
