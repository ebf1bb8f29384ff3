"""The runs of advice.py: what is trained, and what the advice has to say of it."""

from dataclasses import dataclass


@dataclass
class Run:
    """A run of `w2v train` or `w2v tsne`."""
    name: str
    source: str  # a text of advice.py, or for a map the run whose vectors it draws
    options: str = ""
    expected: tuple = ()  # rules of which at least one must fire; none: only good lines may appear
    map: bool = False


def train(name, text, options="", *expected):
    return Run(name, text, options, expected)


def tsne(name, options="", *expected, vectors="kjv"):
    return Run(name, vectors, options, expected, map=True)


TREE = "--hierarchical-softmax "
BROKEN = ("scoreAboveUntrained", "scoreNotFinite")

WORDS = [
    # Healthy.
    train("english", "english"),
    train("english-seed-2", "english", "--seed 2"),
    train("english-20", "english", "--dimensions 20"),
    train("english-50", "english", "--dimensions 50"),
    train("english-300", "english", "--dimensions 300"),
    train("english-600", "english", "--dimensions 600"),
    train("english-window-2", "english", "--window 2"),
    train("english-window-10", "english", "--window 10"),
    train("english-negative-2", "english", "--negative 2"),
    train("english-negative-15", "english", "--negative 15"),
    train("english-min-count-1", "english", "--min-count 1"),
    train("english-min-count-50", "english", "--min-count 50"),
    train("english-sample-1e-5", "english", "--sample 1e-5 --epochs 10"),
    train("english-sorted", "sorted"),
    train("english-1m-15", "english-1m", "--epochs 15"),
    train("whole", "whole", "--epochs 2"),
    train("kjv", "kjv", "--epochs 15"),
    train("kjv-300", "kjv", "--epochs 15 --dimensions 300"),
    train("tree", "english", TREE),
    train("tree-50", "english", TREE + "--dimensions 50"),
    train("tree-300", "english", TREE + "--dimensions 300"),
    train("kjv-tree", "kjv", TREE + "--epochs 15"),
    # From too low to too high a rate.
    train("rate-0.00001", "english", "--learning-rate 0.00001 --min-learning-rate 0.000001", "scoreFlat"),
    train("rate-0.0001", "english", "--learning-rate 0.0001 --min-learning-rate 0.00001", "ratioLow"),
    train("rate-0.001", "english", "--learning-rate 0.001 --min-learning-rate 0.00001", "ratioLow"),
    train("rate-0.0025", "english", "--learning-rate 0.0025", "ratioLow"),
    train("rate-0.005", "english", "--learning-rate 0.005", "ratioLow"),
    train("rate-0.01", "english", "--learning-rate 0.01"),
    train("rate-0.05", "english", "--learning-rate 0.05"),
    train("rate-0.1", "english", "--learning-rate 0.1"),
    train("rate-0.15", "english", "--learning-rate 0.15", "ratioHigh"),
    train("rate-0.2", "english", "--learning-rate 0.2", *BROKEN),
    train("rate-0.25", "english", "--learning-rate 0.25", *BROKEN),
    train("rate-0.5", "english", "--learning-rate 0.5", *BROKEN),
    train("rate-2", "english", "--learning-rate 2", *BROKEN),
    train("tree-rate-0.001", "english", TREE + "--learning-rate 0.001 --min-learning-rate 0.00001", "ratioLow"),
    train("tree-rate-0.0025", "english", TREE + "--learning-rate 0.0025", "ratioLow"),
    train("tree-rate-0.005", "english", TREE + "--learning-rate 0.005"),
    train("tree-rate-0.01", "english", TREE + "--learning-rate 0.01"),
    train("tree-rate-0.1", "english", TREE + "--learning-rate 0.1"),
    train("tree-rate-0.15", "english", TREE + "--learning-rate 0.15", "ratioHigh"),
    train("tree-rate-0.2", "english", TREE + "--learning-rate 0.2", *BROKEN),
    train("tree-rate-0.5", "english", TREE + "--learning-rate 0.5", *BROKEN),
    train("whole-rate-0.0025", "whole", "--epochs 2 --learning-rate 0.0025", "ratioLow"),
    train("kjv-rate-0.001", "kjv", "--epochs 15 --learning-rate 0.001 --min-learning-rate 0.00001", "ratioLow"),
    train("kjv-rate-0.05", "kjv", "--epochs 15 --learning-rate 0.05"),
    train("kjv-rate-0.1", "kjv", "--epochs 15 --learning-rate 0.1"),
    train("kjv-rate-0.5", "kjv", "--epochs 15 --learning-rate 0.5", *BROKEN),
    train("kjv-tree-rate-0.1", "kjv", TREE + "--epochs 15 --learning-rate 0.1"),
    # Sick in other ways.
    train("rate-flat", "english", "--min-learning-rate 0.025", "learningRateFlat"),
    train("sample-0", "english", "--sample 0", "nothingSubsampled"),
    train("two-texts", "two-texts", "", "scoreWaves"),
    train("kjv-in-order", "kjv-in-order", "--epochs 15", "scoreWaves"),
    train("kjv-1", "kjv", "--epochs 1", "littleText"),
    train("english-1m-5", "english-1m", "--epochs 5", "littleText"),
    train("english-300k-5", "english-300k", "--epochs 5", "littleText"),
    train("english-300k-15", "english-300k", "--epochs 15"),
]

MAPS = [
    tsne("map"),
    tsne("map-3", "--dims 3"),
    tsne("map-theta-0", "--theta 0"),
    tsne("map-random", "--init random"),
    tsne("map-adagrad", "--adagrad"),
    tsne("map-english", vectors="english"),
    tsne("map-500-words", "--words 500"),
    tsne("map-500-words-perplexity-50", "--words 500 --perplexity 50"),
    tsne("map-perplexity-2", "--perplexity 2", "perplexityLow"),
    tsne("map-perplexity-10", "--perplexity 10"),
    tsne("map-perplexity-100", "--perplexity 100"),
    tsne("map-perplexity-200", "--perplexity 200", "perplexityHigh"),
    tsne("map-perplexity-600", "--perplexity 600", "perplexityHigh"),
    tsne("map-rate-0.01", "--learning-rate 0.01", "mapNotSpreading"),
    tsne("map-rate-1", "--learning-rate 1", "divergenceStillFalling"),
    tsne("map-rate-10", "--learning-rate 10", "divergenceStillFalling"),
    tsne("map-rate-100", "--learning-rate 100"),
    tsne("map-rate-500", "--learning-rate 500"),
    tsne("map-rate-2000", "--learning-rate 2000"),
    tsne("map-rate-1e4", "--learning-rate 10000", "mapRestless"),
    tsne("map-rate-1e5", "--learning-rate 100000", "mapRestless"),
    tsne("map-rate-1e6", "--learning-rate 1000000", "mapRestless"),
    tsne("map-adagrad-rate-100", "--adagrad --learning-rate 100", "mapRestless"),
    tsne("map-max-iter-300", "--max-iter 300", "exaggeratedToTheEnd"),
    tsne("map-max-iter-400", "--max-iter 400", "divergenceStillFalling"),
    tsne("map-stop-lying-1000", "--stop-lying 1000", "exaggeratedToTheEnd"),
    tsne("map-final-momentum-0.99", "--final-momentum 0.99", "mapScattered", "divergenceRising"),
]
