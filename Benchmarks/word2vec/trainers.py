"""Runs one training, by gensim or by w2v, each in a fresh process, and reads what it says of its speed."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DEFAULT_EXECUTABLE = ROOT / ".build" / "release" / "w2v"
TRAINED_LINE = re.compile(r"trained ([0-9,]+) words in ([0-9.]+) s")


class TrainingFailed(Exception):
    """A trainer ended badly, or said nothing of its speed."""


@dataclass
class Settings:
    """What both trainers are told. None leaves an option at the trainer's default, which both sides share."""

    epochs: int = 5
    threads: int = 2
    hierarchical_softmax: bool = False
    dimensions: int = 100
    min_count: int = 5
    extra_w2v: list = field(default_factory=list)

    def arguments(self, seed):
        """The options, which gensim_worker.py and w2v spell alike."""
        arguments = [
            "--epochs", str(self.epochs), "--threads", str(self.threads), "--dimensions", str(self.dimensions),
            "--min-count", str(self.min_count), "--seed", str(seed),
        ]  # fmt: skip
        return arguments + (["--hierarchical-softmax"] if self.hierarchical_softmax else [])


def environment():
    """The environment of both sides: no forced BLAS core, no forced kernel level."""
    unset = {"OPENBLAS_CORETYPE", "W2V_CPU_LEVEL"}
    return {name: value for name, value in os.environ.items() if name not in unset}


def run(command):
    result = subprocess.run(
        [str(part) for part in command], env=environment(), text=True, errors="replace",
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    if result.returncode != 0:
        last = "\n".join(result.stderr.strip().splitlines()[-5:])
        raise TrainingFailed(f"{command[0]} ended with {result.returncode}:\n{last}")
    return result


def train_gensim(corpus, output, settings, seed):
    """Trains gensim with a corpus file and returns words, seconds and words a second."""
    result = run([sys.executable, HERE / "gensim_worker.py", corpus, output, *settings.arguments(seed)])
    return json.loads(result.stdout.strip().splitlines()[-1])


def train_w2v(executable, corpus, output, settings, seed):
    """Trains w2v and returns words, seconds and words a second, taken from its last line of that form."""
    command = [executable, "train", corpus, "--output", output, *settings.arguments(seed), *settings.extra_w2v]
    found = TRAINED_LINE.findall(run(command).stderr)
    if not found:
        raise TrainingFailed(f"{executable} train printed no line 'trained N words in S s'")
    words, seconds = int(found[-1][0].replace(",", "")), float(found[-1][1])
    if seconds <= 0:
        raise TrainingFailed(f"{executable} trained {words} words in {seconds} s: too short to measure")
    return {"words": words, "seconds": seconds, "words_per_second": words / seconds}
