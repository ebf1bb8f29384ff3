#!/usr/bin/env python3
"""Writes clusters of vectors for runs at a size that no free data set has.

One cluster for every 1,000 rows, centres normally distributed with a standard deviation of 1 in each column. The rows of
a cluster vary around its centre along 8 directions of its own by 2, and in every column by 0.1. Seed 1. Needs numpy.
"""
import argparse

DIRECTIONS = 8


def clusters(rows, columns):
    import numpy as np  # here, not above: --help must not need it

    random = np.random.default_rng(1)
    number = max(1, rows // 1000)
    owners = np.sort(random.integers(number, size=rows))
    data = np.empty((rows, columns), dtype=np.float32)
    for cluster in range(number):
        start, end = np.searchsorted(owners, [cluster, cluster + 1])
        centre = random.standard_normal(columns, dtype=np.float32)
        shape = random.standard_normal((DIRECTIONS, columns), dtype=np.float32) / np.float32(columns**0.5)
        along = random.standard_normal((end - start, DIRECTIONS), dtype=np.float32)
        noise = random.standard_normal((end - start, columns), dtype=np.float32)
        data[start:end] = centre + np.float32(2) * along @ shape + np.float32(0.1) * noise
    return data[random.permutation(rows)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("columns", type=int)
    parser.add_argument("output", help="a .npy file")
    options = parser.parse_args()
    data = clusters(options.rows, options.columns)

    import numpy as np

    np.save(options.output, data)


if __name__ == "__main__":
    main()
