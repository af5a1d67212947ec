"""Read the same messages with replykit and with SnowNLP, turn by turn in one run, and print the ratio.

    pip install snownlp
    python benchmarks/against_snownlp.py --data MESSAGES.jsonl [--count 2000] [--model bundled]

replykit makes its whole analysis (types, emotion, signals, demands, facts, urgency, evidence); SnowNLP a sentiment.
Both in one process; they take turns of 100 messages, so that what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from replykit import Kit, load_config
from replykit.config import ModelSection

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TURN = 100


def timed(work: Callable[[str], object], texts: list[str]) -> list[float]:
    """Return the seconds of each text."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        work(text)
        taken.append(time.perf_counter() - start)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    snow = import_module("snownlp").SnowNLP  # not one of our own packages

    rows = [json.loads(line) for line in args.data.read_text("utf-8").splitlines()]
    texts = [row["text"] for row in rows if row["text"].strip()][: args.count]
    kit = Kit.load(config=replace(load_config(), model=ModelSection(path=args.model, threads=args.threads)))
    ours: list[float] = []
    theirs: list[float] = []

    def sentiment(text: str) -> object:
        return snow(text).sentiments

    def analysis(text: str) -> object:
        return kit.analyze(text, now=NOW)

    for warm in texts[:20]:
        sentiment(warm), analysis(warm)
    for start in range(0, len(texts), TURN):
        turn = texts[start : start + TURN]
        ours += timed(analysis, turn)
        theirs += timed(sentiment, turn)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(texts)} messages of {statistics.mean(map(len, texts)):.0f} characters")
    for name, taken in (("replykit", ours), ("SnowNLP", theirs)):
        print(f"{name:9} {len(taken) / sum(taken):6.0f} a second, median {statistics.median(taken) * 1000:.2f} ms")
    print(f"ratio {sum(theirs) / sum(ours):.1f}; resident memory of both {peak:.0f} MB")


if __name__ == "__main__":
    main()
