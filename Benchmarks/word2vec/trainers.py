"""Runs one training, by w2v or a peer, each in a fresh process, and reads what it says of its speed."""

import json
import os
import re
import subprocess
import sys
import threading
import time
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
    """What every trainer is told. What is not here stays at the trainer's default, which all share."""

    epochs: int = 5
    threads: int = 2
    hierarchical_softmax: bool = False
    cbow: bool = False
    dimensions: int = 100
    min_count: int = 5
    extra_w2v: list = field(default_factory=list)

    def arguments(self, seed):
        """The options, which the workers and w2v spell alike."""
        arguments = [
            "--epochs", str(self.epochs), "--threads", str(self.threads), "--dimensions", str(self.dimensions),
            "--min-count", str(self.min_count), "--seed", str(seed),
        ]  # fmt: skip
        arguments += ["--hierarchical-softmax"] if self.hierarchical_softmax else []
        return arguments + (["--cbow"] if self.cbow else [])


def environment():
    """The environment of all sides: no forced BLAS core or cache, no forced kernel level."""
    unset = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "W2V_CPU_LEVEL"}
    return {name: value for name, value in os.environ.items() if name not in unset}


class Memory(threading.Thread):
    """The largest anonymous memory of a process, in MB, looked at 20 times a second; None where it is not told."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.largest = process, None
        self.start()

    def run(self):
        while self.process.poll() is None:
            try:
                with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
                    found = [int(line.split()[1]) for line in status if line.startswith("RssAnon:")]
            except OSError:
                return
            if found:
                self.largest = max(self.largest or 0, found[0] / 1024)
            time.sleep(0.05)


def run(command):
    """Runs a command; returns its standard output, its standard error and its memory."""
    process = subprocess.Popen(
        [str(part) for part in command], env=environment(), text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    memory = Memory(process)
    output, errors = process.communicate()
    if process.returncode != 0:
        last = "\n".join(errors.strip().splitlines()[-5:])
        raise TrainingFailed(f"{command[0]} ended with {process.returncode}:\n{last}")
    return output, errors, memory.largest


def train_peer(worker, corpus, output, settings, seed):
    """Trains by one of the workers beside this file; returns words, seconds, words a second, megabytes."""
    text, _, memory = run([sys.executable, HERE / worker, corpus, output, *settings.arguments(seed)])
    return {**json.loads(text.strip().splitlines()[-1]), "megabytes": memory}


def train_gensim(corpus, output, settings, seed):
    """Trains gensim with a corpus file."""
    return train_peer("gensim_worker.py", corpus, output, settings, seed)


def train_w2v(executable, corpus, output, settings, seed):
    """Trains w2v; words and seconds are taken from its last line of that form."""
    command = [executable, "train", corpus, "--output", output, *settings.arguments(seed), *settings.extra_w2v]
    _, errors, memory = run(command)
    found = TRAINED_LINE.findall(errors)
    if not found:
        raise TrainingFailed(f"{executable} train printed no line 'trained N words in S s'")
    words, seconds = int(found[-1][0].replace(",", "")), float(found[-1][1])
    if seconds <= 0:
        raise TrainingFailed(f"{executable} trained {words} words in {seconds} s: too short to measure")
    return {"words": words, "seconds": seconds, "words_per_second": words / seconds, "megabytes": memory}
