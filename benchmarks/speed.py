"""Time `replykit analyze` and `replykit reply`: as cold commands, and warm inside one process.

    python benchmarks/speed.py [--data MESSAGES.jsonl] [--runs 15]

Cold: whole processes, the interpreter's start included, beside an empty Python process in the same run. Warm:
`Kit.analyze` and `Kit.reply` over the messages after 20 to warm up; the median, 95th percentile and longest in
milliseconds, and the rate; at the end the resident memory of this process at its peak.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
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
    commands = {name: ("-m", "replykit", name, MESSAGE) for name in ("analyze", "reply")} | {"empty": ("-c", "pass")}
    runs = [{name: seconds(partial(run, *command)) for name, command in commands.items()} for _ in range(args.runs)]
    for name in commands:
        cold = [one[name] for one in runs]
        print(f"cold  {name}: median {statistics.median(cold):.3f} s, {min(cold):.3f} to {max(cold):.3f} s")
    texts = [json.loads(line)["text"] for line in args.data.read_text("utf-8").splitlines()]
    kit = Kit.load()
    for work in (kit.analyze, kit.reply):
        for text in (texts * 20)[:20]:
            work(text)
        warm = sorted(1000 * seconds(partial(work, text)) for text in texts)
        late = warm[int(0.95 * (len(warm) - 1))]
        print(f"warm  Kit.{work.__name__}: median {statistics.median(warm):.1f} ms, 95 % {late:.1f} ms, ", end="")
        print(f"longest {warm[-1]:.1f} ms ({len(warm)} messages, {1000 * len(warm) / sum(warm):.0f} a second)")
    print(f"resident memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
