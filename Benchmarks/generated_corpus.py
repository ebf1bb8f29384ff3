"""A text of any length whose word frequencies follow Zipf's law, for benchmarks that need much text and no meaning."""
import os
import random
import sys
import tempfile
from pathlib import Path

SENTENCE = 20
#: So many sentences are made of words; a longer text draws its further ones from these.
DIFFERENT = 1_000_000


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
    count = -(-words // SENTENCE)
    sentences = []
    with open(beside, "w", encoding="ascii") as file:
        for _ in range(min(count, DIFFERENT)):
            sentences.append(" ".join(chance.choices(table, k=min(SENTENCE, words - SENTENCE * len(sentences)))) + "\n")
            file.write(sentences[-1])
        for first in range(DIFFERENT, count, 10_000):
            file.writelines(chance.choices(sentences, k=min(10_000, count - first)))
    os.replace(beside, path)
    return path
