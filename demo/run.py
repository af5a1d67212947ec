"""Answer the sample inbox: print every reply, and write one page of them all.

python demo/run.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from replykit import Kit, terminal
from replykit.batch.jobs import Task
from replykit.batch.run import Batch, run
from replykit.wire import order_from_json

INBOX = Path(__file__).parent / "inbox.jsonl"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("build/demo"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    console = terminal.console(sys.stdout)
    for line in INBOX.read_text("utf-8").splitlines():
        row = json.loads(line)
        kit = Kit.load(store=row.get("store"), region=row.get("region"))
        order = order_from_json(row["order"]) if "order" in row else None
        console.rule(row["id"])
        console.print(terminal.safe(row["text"]))
        console.print(terminal.reply_view(kit.reply(row["text"], order=order, now=NOW)))
        console.print()
    page, drafts = out / "replies.html", out / "replies.jsonl"
    summary = run(Batch(Task("reply", NOW), INBOX, drafts, fixed=True, report=page))
    console.print(
        f"{summary.ok} of {summary.rows} messages answered. Open {page} in a browser; the rows are in {drafts}."
    )
    sys.exit(0 if summary.ok == summary.rows else 1)


if __name__ == "__main__":
    main()
