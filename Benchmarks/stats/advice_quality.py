"""How good the vectors of a run of advice.py are, so that healthy can be told from sick."""

import json
import math
import statistics
import struct


def read_vectors(path):
    with open(path, "rb") as file:
        count, dimensions = map(int, file.readline().split())
        vectors = {}
        for _ in range(count):
            word = bytearray()
            while (byte := file.read(1)) != b" ":
                word += byte
            vectors[word.decode().lstrip("\n")] = struct.unpack(f"<{dimensions}f", file.read(4 * dimensions))
    return vectors


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    result = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for index in range(start, end + 1):
            result[order[index]] = (start + end) / 2
        start = end + 1
    return result


def spearman(vectors, pairs):
    """Spearman's rho of cosines and people's scores; – with fewer than 50 pairs."""
    people, ours = [], []
    for line in pairs.read_text().splitlines():
        parts = line.split("\t")
        if line.startswith("#") or len(parts) < 3:
            continue
        one, other = vectors.get(parts[0].lower()), vectors.get(parts[1].lower())
        if not one or not other:
            continue
        length = math.sqrt(sum(x * x for x in one) * sum(x * x for x in other))
        if not length > 0:
            continue
        people.append(float(parts[2]))
        ours.append(sum(x * y for x, y in zip(one, other)) / length)
    if len(people) < 50:
        return "–"
    return f"{statistics.correlation(ranks(people), ranks(ours)):.3f}"


def precision(vectors, groups):
    """Mean over the groups of the share of a word's 10 nearest neighbours that its group lists."""
    lengths = {word: math.sqrt(sum(x * x for x in vector)) for word, vector in vectors.items()}
    shares = []
    for group in groups.values():
        query = vectors.get(group["query"])
        if query is None:
            return "–"
        near = sorted(
            (word for word in vectors if word != group["query"] and lengths[word] > 0), reverse=True,
            key=lambda word: sum(x * y for x, y in zip(query, vectors[word])) / lengths[word])
        shares.append(sum(word in group["words"] for word in near[:10]) / 10)
    return f"{statistics.fmean(shares):.3f}"


def quality(path, pairs, groups):
    """What advice.py shows: rho, or for the King James Bible precision at 10; – when nothing was written."""
    if not path.exists():
        return "–"
    vectors = read_vectors(path)
    if groups is not None:
        return precision(vectors, json.loads(groups.read_text()))
    return spearman(vectors, pairs) if pairs else "–"
