"""Print the tables of the model card from reports of `replykit evaluate`.

    replykit evaluate GOLD.jsonl --by source --by region --format json -o report.json
    python benchmarks/card.py report.json [MORE.json ...]

A group of fewer than 20 rows is left out: its figures say nothing. Labels of several reports stand side by side.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Report = dict[str, Any]

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


def groups(report: Report) -> None:
    found = {"all": report["totals"]}
    for named in report["groups"].values():
        found |= {name: one for name, one in sorted(named.items()) if one["rows"] >= FEWEST}
    shown = [key for key in SHOWN if key in report["totals"]]
    numbers = [
        [name, str(one["rows"]), *(f"{one[key]:.3f}" if key in one else "" for key in shown)]
        for name, one in found.items()
    ]
    table(["", "rows", *(SHOWN[key] for key in shown)], numbers)


def labels(reports: list[Report]) -> None:
    """Print a table a family, with four columns a report; codes that a report lacks stay empty."""
    for family in dict.fromkeys(name for report in reports for name in report["labels"]):
        named = [report["labels"].get(family, {}) for report in reports]
        codes = dict.fromkeys(code for one in named for code in sorted(one, key=lambda code: -one[code]["support"]))
        rows = [[f"`{code}`", *(cell for one in named for cell in cells(one.get(code)))] for code in codes]
        table([family, *["rows", "precision", "recall", "F1"] * len(reports)], rows)


def cells(one: Report | None) -> list[str]:
    if one is None:
        return [""] * 4
    return [str(one["support"]), *(f"{one[key]:.2f}" for key in ("precision", "recall", "f1"))]


def main() -> None:
    reports = [json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:]]
    for report in reports:
        groups(report)
    labels(reports)


if __name__ == "__main__":
    main()
