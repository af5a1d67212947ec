"""Print the tables of the model card from reports of `replykit evaluate`.

    replykit evaluate GOLD.jsonl --by source --by region --format json -o report.json
    python benchmarks/card.py report.json

A group of fewer than 20 rows is left out: its figures say nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SHOWN = {
    "complaint_f1": "complaint",
    "type_micro_f1": "types",
    "type_macro_f1": "macro",
    "type_top1": "top-1",
    "emotion_acc": "emotion",
    "emotion_macro_f1": "macro",
    "intensity_mae": "intensity",
    "signal_micro_f1": "signals",
    "signal_macro_f1": "macro",
    "risk_f1": "risk",
    "demand_micro_f1": "demands",
    "fact_f1": "facts",
    "fact_value": "value",
    "urgency_acc": "urgency",
}
FEWEST = 20


def table(head: list[str], rows: list[list[str]]) -> None:
    print("\n| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def main() -> None:
    for path in map(Path, sys.argv[1:]):
        report = json.loads(path.read_text("utf-8"))
        groups = {"all": report["totals"]}
        for found in report["groups"].values():
            groups |= {name: one for name, one in sorted(found.items()) if one["rows"] >= FEWEST}
        shown = [key for key in SHOWN if key in report["totals"]]
        numbers = [
            [name, str(one["rows"]), *(f"{one[key]:.3f}" if key in one else "" for key in shown)]
            for name, one in groups.items()
        ]
        table(["", "rows", *(SHOWN[key] for key in shown)], numbers)
        for family, codes in report["labels"].items():
            named = [
                [f"`{code}`", str(one["support"]), *(f"{one[key]:.2f}" for key in ("precision", "recall", "f1"))]
                for code, one in sorted(codes.items(), key=lambda pair: -pair[1]["support"])
            ]
            table([family, "rows", "precision", "recall", "F1"], named)


if __name__ == "__main__":
    main()
