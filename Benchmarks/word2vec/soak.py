#!/usr/bin/env python3
"""Trains for a long time on a large text and watches the memory: it must stay flat.

    Benchmarks/word2vec/soak.py [--w2v .build/release/w2v] [--gigabytes 10] [--minutes 60] [-- OPTIONS OF w2v train]

The text has Zipf's word frequencies and is made once, in the system's folder for temporary files or in --folder.
`w2v train` runs until the time is over and is then stopped as by Ctrl-C; it must write its vectors and end with 130.
The anonymous memory of the process (RssAnon: what it allocated, without the mapped text) is read every 5 seconds. The
figures start when the training does (counting words needs more memory for a while, and gives it back). Prints the first,
the smallest, the largest and the last figure; ends with 1 if the memory grew by more than 1 percent. Linux only.
"""
import argparse
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from generated_corpus import generated_corpus

ROOT = Path(__file__).resolve().parents[2]
BYTES_PER_WORD = 5.3
INTERVAL = 5
#: The exit status of a training that was stopped and has written what it had.
STOPPED = 130


def anonymous_megabytes(process):
    """Allocated memory of a process, or None when it is over."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


class Output(threading.Thread):
    """Reads what the training prints, keeps the last lines, and knows when the training began."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.lines, self.training = stream, [], threading.Event()

    def run(self):
        for line in self.stream:
            self.lines = (self.lines + [line.rstrip()])[-20:]
            if "words/s" in line:
                self.training.set()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--w2v", default=str(ROOT / ".build" / "release" / "w2v"))
    parser.add_argument("--gigabytes", type=float, default=10)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--folder", help="where the text is made")
    parser.add_argument("options", nargs="*", help="further options of w2v train, after --")
    options = parser.parse_args()
    corpus = generated_corpus(int(options.gigabytes * 1e9 / BYTES_PER_WORD), 500_000, options.folder)
    print(f"{corpus}: {corpus.stat().st_size / 1e9:.2f} GB", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "vectors.bin"
        command = [options.w2v, "train", str(corpus), "--output", str(output), "--epochs", "1000", *options.options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        lines = Output(process.stderr)
        lines.start()
        figures, end = [], time.monotonic() + options.minutes * 60
        while time.monotonic() < end and process.poll() is None:
            time.sleep(INTERVAL)
            megabytes = anonymous_megabytes(process.pid)
            if megabytes is not None and lines.training.is_set():
                figures.append(megabytes)
        early = process.poll() is not None
        process.send_signal(signal.SIGINT)
        status = process.wait(timeout=300)
        print("\n".join(lines.lines[-3:]))
        if figures:
            print(f"{len(figures)} readings over {len(figures) * INTERVAL / 60:.0f} minutes: first {figures[0]:.1f} MB, "
                  f"smallest {min(figures):.1f}, largest {max(figures):.1f}, last {figures[-1]:.1f}")
        if early or status != STOPPED or not output.exists():
            sys.exit(f"the training ended {'by itself ' if early else ''}with {status}")
        if len(figures) < 3:
            sys.exit("too short: the training had hardly begun")
        growth = max(figures) / figures[0] - 1
        if growth > 0.01:
            sys.exit(f"the memory grew by {100 * growth:.1f} percent")


if __name__ == "__main__":
    main()
