"""Score the analysis against labelled messages.

    python benchmarks/understanding.py GOLD.jsonl --score SCORE_SCRIPT

Writes the predictions beside the gold rows' ids to a temporary file and hands both to the scoring script.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from replykit import Analysis, Kit

SENT = datetime(2026, 11, 21, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # when the written messages were sent


def row(analysis: Analysis, identity: str) -> dict[str, object]:
    return {
        "id": identity,
        "types": [label.code for label in analysis.types],
        "emotion": analysis.emotion.primary,
        "emotion2": analysis.emotion.secondary,
        "intensity": analysis.emotion.intensity,
        "signals": [label.code for label in analysis.signals],
        "demands": [label.code for label in analysis.demands],
        "urgency": analysis.urgency.level,
        "facts": [
            {"kind": fact.kind, "text": fact.span.of(analysis.text), "value": fact.value} for fact in analysis.facts
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--score", type=Path, required=True, help="the scoring script")
    args = parser.parse_args()
    kit = Kit.load()
    gold = [json.loads(line) for line in args.gold.read_text("utf-8").splitlines()]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for one in gold:
            file.write(json.dumps(row(kit.analyze(one["text"], now=SENT), one["id"]), ensure_ascii=False) + "\n")
        file.flush()
        sys.exit(subprocess.run([sys.executable, args.score, args.gold, file.name], check=False).returncode)


if __name__ == "__main__":
    main()
