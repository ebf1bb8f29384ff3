"""A text of any length whose word frequencies follow Zipf's law, for benchmarks that need much text and no meaning."""
import os
import random
import sys
import tempfile
from pathlib import Path

SENTENCE = 20


def generated_corpus(words, vocabulary=50_000, folder=None):
    """The path of a text of so many words, made if it is not there; the same bytes for the same numbers."""
    path = Path(folder or tempfile.gettempdir()) / f"w2v-zipf-{words}-{vocabulary}.txt"
    if path.exists():
        return path
    print(f"making {path}", file=sys.stderr)
    chance = random.Random(1)
    # An even draw from a table that holds each word by its share is several times as fast as a weighted draw.
    weights = [1 / (rank + 2.7) for rank in range(vocabulary)]
    share = 8 * vocabulary / sum(weights)
    table = [name for rank, weight in enumerate(weights) for name in [f"w{rank}"] * max(1, round(share * weight))]
    beside = path.with_suffix(".part")
    with open(beside, "w", encoding="ascii") as file:
        for first in range(0, words, 20_000):
            drawn = chance.choices(table, k=min(20_000, words - first))
            for start in range(0, len(drawn), SENTENCE):
                file.write(" ".join(drawn[start:start + SENTENCE]) + "\n")
    os.replace(beside, path)
    return path
