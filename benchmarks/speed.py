"""Time `replykit reply`: as a cold command, and warm inside one process.

    python benchmarks/speed.py [--data MESSAGES.jsonl] [--runs 15]

Cold: whole processes, the interpreter's start included, beside an empty Python process in the same run. Warm:
`Kit.reply` over the messages after 20 to warm up; the median, 95th percentile and longest in milliseconds, and the
rate.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from replykit import Kit

INBOX = Path(__file__).parent.parent / "demo" / "inbox.jsonl"
MESSAGE = "等了三个小时，送到饭都凉了，电话也没人接，退款！"


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run(*command: str) -> None:
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=INBOX)
    parser.add_argument("--runs", type=int, default=15)
    args = parser.parse_args()
    pairs = [
        (seconds(lambda: run("-m", "replykit", "reply", MESSAGE)), seconds(lambda: run("-c", "pass")))
        for _ in range(args.runs)
    ]
    cold, empty = zip(*pairs, strict=True)
    print(f"cold  replykit reply: median {statistics.median(cold):.2f} s, {min(cold):.2f} to {max(cold):.2f} s", end="")
    print(f" ({args.runs} runs; an empty Python process: {statistics.median(empty):.3f} s)")
    texts = [json.loads(line)["text"] for line in args.data.read_text("utf-8").splitlines()]
    kit = Kit.load()
    for text in (texts * 20)[:20]:
        kit.reply(text)
    warm = sorted(1000 * seconds(lambda text=text: kit.reply(text)) for text in texts)  # type: ignore[misc]
    late = warm[int(0.95 * (len(warm) - 1))]
    print(
        f"warm  Kit.reply: median {statistics.median(warm):.1f} ms, 95 % {late:.1f} ms, longest {warm[-1]:.1f} ms",
        end="",
    )
    print(f" ({len(warm)} messages, {1000 * len(warm) / sum(warm):.0f} a second)")


if __name__ == "__main__":
    main()
