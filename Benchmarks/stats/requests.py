#!/usr/bin/env python3
"""Asks the training UI of a running training, so many times a second, and counts what goes wrong.

    Benchmarks/stats/requests.py --w2v .build/release/w2v [--corpus FILE] [--rate 200] [--seconds 30]

Starts `w2v train CORPUS --ui --ui-port 0`, reads the address that it prints, and sends requests to its pages and its
interface over a few connections that stay open, each at its planned time. An answer other than 200, a broken
connection or a JSON text that does not parse is an error. Prints the rate reached, the median, 99th percentile and
largest time of an answer, and the errors; ends with status 1 when there was one.
"""
import argparse
import http.client
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(w2v, corpus, folder):
    """A training with its UI: the process and the UI's address."""
    command = [w2v, "train", str(corpus), "--output", f"{folder}/vectors.bin", "--epochs", "1000", "--min-count", "1",
               "--ui", "--ui-port", "0"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        found = re.search(r"http://(\S+?):(\d+)", line)
        if found:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, found[1].strip("[]"), int(found[2])
    raise SystemExit("w2v ended without printing the UI's address")


def paths(host, port):
    """What a page asks for, for the first worker of the running session."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    for _ in range(100):
        connection.request("GET", "/api/runs")
        runs = json.loads(connection.getresponse().read())["runs"]
        if runs and runs[0]["updates"] > 0:
            break
        time.sleep(0.1)
    run = runs[0]
    worker = run["workers"][0]
    source = urllib.parse.urlencode({"session": run["session"], "type": worker["type"], "worker": worker["worker"]})
    return ["/api/runs", f"/api/info?{source}", f"/api/series?{source}&name=score", f"/api/series?{source}",
            f"/api/latest?{source}", f"/api/strip?{source}&layer=input&kind=updates", f"/api/advice?{source}",
            "/train/overview"]


class Results:
    def __init__(self):
        self.lock = threading.Lock()
        self.times = []
        self.errors = []

    def add(self, seconds, error):
        with self.lock:
            self.times.append(seconds)
            if error:
                self.errors.append(error)


def ask(host, port, targets, first, step, begin, count, results):
    connection = http.client.HTTPConnection(host, port, timeout=10)
    for number in range(first, count, step):
        time.sleep(max(0.0, begin + number / results.rate - time.monotonic()))
        path = targets[number % len(targets)]
        started = time.monotonic()
        error = None
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                error = f"{path}: status {response.status}"
            elif path.startswith("/api"):
                json.loads(body)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            error = f"{path}: {type(problem).__name__}: {problem}"
            connection.close()
        results.add(time.monotonic() - started, error)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--w2v", default=str(ROOT / ".build" / "release" / "w2v"))
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora" / "small.txt")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    results = Results()
    results.rate = options.rate
    with tempfile.TemporaryDirectory() as folder:
        process, host, port = start(options.w2v, options.corpus, folder)
        try:
            targets = paths(host, port)
            count = options.rate * options.seconds
            begin = time.monotonic()
            threads = [threading.Thread(target=ask, args=(
                host, port, targets, first, options.connections, begin, count, results))
                for first in range(options.connections)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            elapsed = time.monotonic() - begin
            if process.poll() is not None:
                results.errors.append("the training ended meanwhile")
        finally:
            process.kill()
            process.wait()
    times = sorted(results.times)
    print(f"{len(times)} requests in {elapsed:.1f} s, {len(times) / elapsed:.0f} a second; "
          f"median {1000 * times[len(times) // 2]:.1f} ms, 99 % {1000 * times[len(times) * 99 // 100]:.1f} ms, "
          f"largest {1000 * times[-1]:.1f} ms; {len(results.errors)} errors")
    for error in results.errors[:10]:
        print(error, file=sys.stderr)
    sys.exit(1 if results.errors else 0)


if __name__ == "__main__":
    main()
