#!/usr/bin/env python3
"""Trains healthy and sick runs, and prints what their statistics are and what the advice says of them.

    corpora/make kjv
    Benchmarks/stats/advice.py --w2v .build/release/w2v --english FILE --work FOLDER [--pairs wordsim353.tsv]

The runs are those of advice_runs.py: vectors of three million words of English, of the King James Bible and of texts
made of them, with learning rates from 0.00001 to 2; maps of those vectors. Each leaves NAME.stats in the work folder;
what is there is not made again. Then `w2v ui` serves all of them, and the figures are computed from the answers of its
interface: they are what a reader of the pages sees. Prints Markdown tables. The bounds in Sources/TrainingUI/Advice
were read from these tables (docs/tuning.md, "Watching a training"). Ends with status 1 when a healthy run is told of
more than good things, or a sick one is not told what advice_runs.py expects. What is said of the machine (chart
"system") does not count: it may be busy.

Quality is precision at 10 of gold, river, bread, ten for the King James Bible, and Spearman's rho on --pairs, word
pairs scored by people, one a line with tabs between, for the other texts. For maps it is the share of the 10 nearest
neighbours kept.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from pathlib import Path

from advice_figures import layer_figures, map_figures, score_figures
from advice_quality import quality
from advice_runs import MAPS, WORDS

ROOT = Path(__file__).resolve().parents[2]
ENGLISH_WORDS = 3_000_000
# About how many each run makes.
REPORTS = 100


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--w2v", default=str(ROOT / ".build" / "release" / "w2v"), help="default: %(default)s")
    add("--english", type=Path, default=ROOT / "corpora" / "mix.txt", help="English text (default: %(default)s)")
    add("--kjv", type=Path, default=ROOT / "corpora" / "kjv.txt", help="default: %(default)s")
    add("--work", type=Path, required=True, help="folder for texts and records")
    add("--pairs", type=Path, help="scored word pairs, for a column of quality")
    add("--threads", type=int, default=2, help="default: %(default)s")
    add("--only", default="", help="regular expression: only runs whose name has it")
    options = parser.parse_args()
    for path in [options.english, options.kjv]:
        if not path.exists():
            parser.error(f"{path} is missing: see corpora/README.md")
    return options


def first(lines, count):
    """The first lines that have no more than so many words."""
    words, kept = 0, []
    for line in lines:
        words += len(line.split())
        if words > count:
            break
        kept.append(line)
    return kept


def write_texts(options):
    """The texts that runs name, made once: FOLDER/NAME.txt."""
    def write(name, lines):
        (options.work / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines))

    if (options.work / "done").exists():
        return
    whole = options.english.read_text().splitlines()
    kjv = options.kjv.read_text().splitlines()
    shuffled = random.Random(1)
    shuffled.shuffle(whole)
    write("whole", whole)
    english = first(whole, ENGLISH_WORDS)
    write("english", english)
    write("sorted", sorted(english))
    write("two-texts", english + kjv + kjv + kjv)
    write("kjv-in-order", kjv)
    write("english-1m", first(english, 1_000_000))
    write("english-300k", first(english, 300_000))
    shuffled.shuffle(kjv)
    write("kjv", kjv)
    (options.work / "done").write_text("")


def record(options, run, iterations):
    """Trains a run, unless its file is there."""
    stats = options.work / f"{run.name}.stats"
    if stats.exists():
        return
    frequency = max(1, iterations // REPORTS)

    def path(name, ending):
        return str(options.work / f"{name}.{ending}")

    if run.map:
        command = [options.w2v, "tsne", path(run.source, "bin"), "--csv", path(run.name, "csv")]
    else:
        command = [options.w2v, "train", path(run.source, "txt"), "--output", path(run.name, "bin")]
    command += run.options.split()
    command += ["--threads", str(options.threads), "--stats-frequency", str(frequency), "--stats", str(stats)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1) or not stats.exists():
        stats.unlink(missing_ok=True)
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    (options.work / f"{run.name}.log").write_text(" ".join(command) + "\n" + done.stderr)


def iterations_of(options, run):
    """About how many iterations a run will have."""
    if run.map:
        found = re.search(r"--max-iter (\d+)", run.options)
        return int(found[1]) if found else 1000
    epochs = re.search(r"--epochs (\d+)", run.options)
    size = (options.work / f"{run.source}.txt").stat().st_size
    kept = 0.6 if "--sample 0" not in run.options else 1
    return int(size / 5.4 * kept * int(epochs[1] if epochs else 5) / 10_000)


class Server:
    """`w2v ui` over some files."""

    def __init__(self, w2v, files):
        self.process = subprocess.Popen(
            [w2v, "ui", "--ui-port", "0", *map(str, files)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True)
        self.address = None
        for line in self.process.stderr:
            found = re.search(r"http://\S+:\d+", line)
            if found:
                self.address = found[0]
                break
        if self.address is None:
            raise SystemExit("w2v ui ended without printing its address")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def ask(self, path, **query):
        address = f"{self.address}/api/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            return json.load(answer)

    def runs(self):
        """Name of each run's file, and its source."""
        for run in self.ask("runs")["runs"]:
            worker = run["workers"][0]
            source = {"session": run["session"], "type": worker["type"], "worker": worker["worker"]}
            yield Path(run["storage"]).stem, source

    def close(self):
        self.process.terminate()
        self.process.wait()


def examine(server, source):
    """Everything that is shown of a run."""
    info = server.ask("info", **source)["info"]
    series = server.ask("series", **source)
    layers = {}
    for layer in info["model"]["layers"]:
        name = layer["name"]
        strips = {kind: server.ask("strip", layer=name, kind=kind, **source) for kind in ("parameters", "updates")}
        layers[name] = (layer, strips)
    return {"info": info, "series": series, "layers": layers, "advice": server.ask("advice", **source)["advice"],
            "configuration": json.loads(info["model"]["configuration"])}


def verdict(run, found):
    """Rules that fired, and whether they are those that should."""
    rules = []
    for item in found["advice"]:
        if item["severity"] != "good" and item["chart"] not in ("system", "memory"):
            rules.append(item["rule"] + (f" ({item['layer']})" if item.get("layer") else ""))
    names = {rule.split()[0] for rule in rules}
    good = bool(names & set(run.expected)) if run.expected else not names
    return ", ".join(rules) or "–", good


def table(title, rows):
    if not rows:
        return
    print(f"\n### {title}\n")
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")


def main():
    options = parse()
    options.work.mkdir(parents=True, exist_ok=True)
    write_texts(options)
    runs = [run for run in WORDS + MAPS if re.search(options.only, run.name)]
    for run in runs:
        print(f"{run.name}", file=sys.stderr, flush=True)
        record(options, run, iterations_of(options, run))
    server = Server(options.w2v, [options.work / f"{run.name}.stats" for run in runs])
    try:
        found = {name: examine(server, source) for name, source in server.runs()}
    finally:
        server.close()
    bad = []
    words, shapes, maps = [], [], []
    for run in runs:
        said, good = verdict(run, found[run.name])
        if not good:
            bad.append(run.name)
        head = {"run": run.name}
        tail = {"told": said, "as meant": "yes" if good else "NO"}
        if run.map:
            kept = re.search(r"([\d.]+) % of the true", (options.work / f"{run.name}.log").read_text())
            maps.append(head | map_figures(found[run.name]) | {"kept %": kept[1] if kept else "–"} | tail)
            continue
        groups = ROOT / "Benchmarks" / "word2vec" / "kjv-groups.json" if run.source.startswith("kjv") else None
        worth = {"quality": quality(options.work / f"{run.name}.bin", options.pairs, groups)}
        words.append(head | score_figures(found[run.name]) | worth | tail)
        for layer in found[run.name]["layers"]:
            shapes.append(head | {"layer": layer} | layer_figures(found[run.name], layer))
    table("Word vectors", words)
    table("Their layers", shapes)
    table("Maps", maps)
    if bad:
        print("\nnot as meant: " + ", ".join(bad), file=sys.stderr)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
