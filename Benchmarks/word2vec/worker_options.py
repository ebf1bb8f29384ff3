"""The command line that the peers' workers have in common."""

import argparse


def worker_parser(description):
    """A parser of a corpus, an output and the values that every trainer knows, with the same defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("corpus", help="text file, one sentence a line")
    parser.add_argument("output", help="where the vectors go (word2vec binary)")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--negative", type=int, default=5)
    parser.add_argument("--hierarchical-softmax", action="store_true")
    parser.add_argument("--cbow", action="store_true")
    parser.add_argument("--min-count", type=int, default=5)
    parser.add_argument("--sample", type=float, default=1e-3)
    parser.add_argument("--learning-rate", type=float, default=0.025)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser
