"""The job's objects as columns of a table: a fixed list for each job, documented in docs/interface.md.

Lists are codes joined by `; `, longer texts stand one a line. JSONL keeps the objects whole; this is for people with a
spreadsheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

Job = Literal["analyze", "reply", "review"]
OBJECTS: Mapping[Job, tuple[str, ...]] = {
    "analyze": ("analysis",),
    "reply": ("analysis", "plan", "draft", "review"),
    "review": ("review",),
}
OURS = ("analysis", "plan", "draft", "review", "warnings", "error")

_ANALYSIS = (
    *("analysis.is_complaint", "analysis.types", "analysis.emotion", "analysis.emotion2", "analysis.intensity"),
    *("analysis.signals", "analysis.demands", "analysis.facts", "analysis.urgency", "analysis.because"),
    *("analysis.language", "analysis.script", "analysis.region", "analysis.abstained"),
)
_PLAN = (
    *("plan.demands", "plan.options", "plan.follow_up.at", "plan.follow_up.channel", "plan.follow_up.owner"),
    "plan.questions",
)
_DRAFT = (
    *("draft.text", "draft.empathy", "draft.apology", "draft.options", "draft.follow_up"),
    *("draft.region", "draft.writer"),
)
_REVIEW = ("review.verdict", "review.codes", "review.findings", "review.not_run")
_ERROR = ("error.code", "error.message")
COLUMNS: Mapping[Job, tuple[str, ...]] = {
    "analyze": (*_ANALYSIS, *_ERROR),
    "reply": (*_ANALYSIS, *_PLAN, *_DRAFT, *_REVIEW, "warnings", *_ERROR),
    "review": (*_REVIEW, *_ERROR),
}
EVERY_COLUMN = frozenset(column for columns in COLUMNS.values() for column in columns)


def flatten(result: Mapping[str, Any], job: Job) -> dict[str, Any]:
    """Return the objects of one row (as JSON) under the columns of `job`; what the row lacks is None."""
    flat: dict[str, Any] = dict.fromkeys(COLUMNS[job])
    makers = {"analysis": _analysis, "plan": _plan, "draft": _draft, "review": _review}
    for key, make in makers.items():
        if key in result:
            flat |= {f"{key}.{name}": value for name, value in make(result[key]).items()}
    if "error" in result:
        flat |= {"error.code": result["error"]["code"], "error.message": result["error"]["message"]}
    if result.get("warnings"):
        flat["warnings"] = "\n".join(result["warnings"])
    return flat


def _analysis(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "is_complaint": data["is_complaint"],
        "types": _codes(data["types"]),
        "emotion": data["emotion"]["primary"],
        "emotion2": data["emotion"]["secondary"] or "",
        "intensity": data["emotion"]["intensity"],
        "signals": _codes(data["signals"]),
        "demands": _codes(data["demands"]),
        "facts": "; ".join(f"{one['kind']}={one['value']}" for one in data["facts"]),
        "urgency": data["urgency"]["level"],
        "because": "; ".join(data["urgency"]["because"]),
        "language": data["language"],
        "script": data["script"],
        "region": data["region"],
        "abstained": "; ".join(data["abstained"]),
    }


def _plan(data: Mapping[str, Any]) -> dict[str, Any]:
    later = data["follow_up"] or {}
    return {
        "demands": "; ".join(f"{one['code']}={one['answer']}" for one in data["demands"]),
        "options": "\n".join(map(_option, data["options"])),
        **{f"follow_up.{key}": later.get(key, "") for key in ("at", "channel", "owner")},
        "questions": "; ".join(one["fact"] for one in data["questions"]),
    }


def _option(data: Mapping[str, Any]) -> str:
    amount = f" {data['amount']['currency']} {data['amount']['value']}" if data["amount"] else ""
    return f"{data['remedy']}: {data['title']}{amount} ({data['deadline']}, {data['owner']})"


def _draft(data: Mapping[str, Any]) -> dict[str, Any]:
    parts = data["parts"]
    options = "\n".join(parts["options"])
    return {"text": data["text"], **parts, "options": options, "region": data["region"], "writer": data["writer"]}


def _review(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "verdict": data["verdict"],
        "codes": "; ".join(dict.fromkeys(one["code"] for one in data["findings"])),
        "findings": "\n".join(f"{one['code']} {one['severity']}: {one['message']}" for one in data["findings"]),
        "not_run": _codes(data["not_run"]),
    }


def _codes(rows: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(row["code"] for row in rows)
