#!/usr/bin/env python3
"""What it costs a training to be watched: `w2v train` alone and watched, in turn.

    Benchmarks/stats/overhead.py [--w2v .build/release/w2v] [--corpus FILE] [--rounds 3] [--browser]

A is `w2v train CORPUS`. B is the same with `--stats FILE --ui`, and with a client that holds the run's event stream
open and reads it, as a page does. They run in turn, A B A B …; a training that has not been timed warms up first. The
training time is the one that `w2v` itself prints, without reading and saving; the processor seconds are those of the
whole process. Prints each run, the medians of both, and two ratios: of the medians, and the median over the rounds of
the ratio within a round, which bears a machine whose neighbours come and go.

With `--browser` a third kind, C, is B with headless Chromium drawing the overview beside it: on a machine whose
processors all train, drawing takes its share from the training, so this is no figure of the library's own.

Without `--corpus` a text of 20 million words with word2vec-like frequencies is made in the system's folder for temporary
files, always the same one.
"""
import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from generated_corpus import generated_corpus

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = ["chromium", "chromium-browser", "google-chrome"]


class Reader(threading.Thread):
    """Holds an event stream open and counts its events, until the server ends it."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address = address
        self.points = 0
        self.error = None

    def run(self):
        try:
            self.read()
        except Exception as problem:  # The end of the training ends the connection in one way or another.
            self.error = problem

    def read(self):
        for _ in range(600):
            with urllib.request.urlopen(f"{self.address}/api/runs", timeout=10) as answer:
                runs = json.load(answer)["runs"]
            if runs and runs[0]["workers"]:
                break
            time.sleep(0.1)
        worker = runs[0]["workers"][0]
        source = urllib.parse.urlencode(
            {"session": runs[0]["session"], "type": worker["type"], "worker": worker["worker"]})
        with urllib.request.urlopen(f"{self.address}/api/events?{source}", timeout=60) as stream:
            for line in stream:
                if line.startswith(b"event: point"):
                    self.points += 1


def browse(address, folder):
    """Headless Chromium that draws the overview; the process."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        raise SystemExit("--browser needs Chromium")
    return subprocess.Popen(
        [program, "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--remote-debugging-port=0",
         f"--user-data-dir={folder}/browser", "--window-size=1280,900", f"{address}/train/overview"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def train(options, kind, folder):
    """One training: seconds of training, processor seconds of the process, events read."""
    command = [options.w2v, "train", str(options.corpus), "--output", f"{folder}/vectors.bin",
               "--dimensions", str(options.dimensions), "--epochs", str(options.epochs)]
    if options.threads:
        command += ["--threads", str(options.threads)]
    command += options.options
    stats = Path(folder) / "run.stats"
    if kind != "A":
        stats.unlink(missing_ok=True)
        command += ["--stats", str(stats), "--ui", "--ui-port", "0"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    said, reader, browser = [], None, None
    for line in process.stderr:
        said.append(line)
        address = re.search(r"http://\S+?:\d+", line)
        if address and reader is None:
            reader = Reader(address[0])
            reader.start()
            if kind == "C":
                browser = browse(address[0], folder)
    process.wait()
    # Of the training alone: the browser is waited for later.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if browser is not None:
        browser.terminate()
        browser.wait()
    if process.returncode != 0:
        raise SystemExit("".join(said))
    seconds = re.findall(r"trained [\d,]+ words in ([\d.]+) s", "".join(said))
    if not seconds:
        raise SystemExit("no training time in what w2v said:\n" + "".join(said))
    if reader is not None:
        reader.join(10)
        if reader.points == 0:
            raise SystemExit(f"no event was read: {reader.error}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return float(seconds[-1]), processor, reader.points if reader else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--w2v", default=str(ROOT / ".build" / "release" / "w2v"))
    parser.add_argument("--corpus", type=Path, help="default: a text made here")
    parser.add_argument("--words", type=int, default=20_000_000, help="words of the text made here")
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, help="default: all processors")
    parser.add_argument("--rounds", type=int, default=3, help="trainings of each kind")
    parser.add_argument("--browser", action="store_true", help="also with Chromium drawing the overview")
    parser.add_argument("options", nargs="*", help="further options of w2v train, after --")
    options = parser.parse_args()
    options.corpus = options.corpus or generated_corpus(options.words)
    kinds = "ABC" if options.browser else "AB"
    results = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        train(options, "A", folder)
        for number in range(options.rounds):
            for kind in kinds:
                seconds, processor, points = train(options, kind, folder)
                results[kind].append((seconds, processor))
                print(f"{kind} {number + 1}: training {seconds:.2f} s, processor {processor:.2f} s"
                      + (f", {points} reports read" if kind != "A" else ""), flush=True)
    medians = {kind: [statistics.median(column) for column in zip(*runs)] for kind, runs in results.items()}
    names = {"A": "alone", "B": "watched", "C": "watched, Chromium drawing"}
    for kind in kinds:
        print(f"{names[kind]}: training {medians[kind][0]:.2f} s, processor {medians[kind][1]:.2f} s")
    for kind in kinds[1:]:
        print(f"{names[kind]} / alone: training {medians[kind][0] / medians['A'][0]:.4f}, "
              f"processor {medians[kind][1] / medians['A'][1]:.4f}")
        within = [statistics.median(run[column] / alone[column] for run, alone in zip(results[kind], results["A"]))
                  for column in (0, 1)]
        print(f"{names[kind]} / alone, median within rounds: training {within[0]:.4f}, processor {within[1]:.4f}")


if __name__ == "__main__":
    main()
