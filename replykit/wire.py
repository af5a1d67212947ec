"""Values to and from the JSON of docs/interface.md.

Keys come in the order of that page, what this version adds (domain, questions, notes, trace, warnings, ...) after them.
Reading back gives the same value: `analysis_from_json(analysis_json(analysis)) == analysis`, and so for each pair here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from replykit.orders import order_from_json, order_json
from replykit.types import (
    Analysis,
    DemandAnswer,
    Draft,
    Edit,
    Emotion,
    Fact,
    Finding,
    FollowUp,
    Label,
    Money,
    NotRun,
    Option,
    Parts,
    Plan,
    Question,
    Reply,
    Review,
    Source,
    Span,
    Trace,
    Urgency,
)

__all__ = [
    "analysis_from_json",
    "analysis_json",
    "draft_from_json",
    "draft_json",
    "dumps",
    "order_from_json",
    "order_json",
    "plan_from_json",
    "plan_json",
    "reply_from_json",
    "reply_json",
    "review_from_json",
    "review_json",
]

Json = dict[str, Any]


def dumps(data: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Return `data` as JSON text that any UTF-8 stream takes: a lone surrogate is written as its escape.

    Raises ValueError for a NaN or an infinite number, which JSON does not have.
    """
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent, allow_nan=False, default=_plain)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _plain(value: object) -> object:
    """Write what tables hold beside JSON's own types: dates and times as ISO 8601, decimals and the rest as text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


# --- analysis


def analysis_json(analysis: Analysis) -> Json:
    """Return an analysis as JSON; `source` and `reason` of a claim follow its evidence where known."""
    text, emotion = analysis.text, analysis.emotion
    return {
        "id": analysis.id,
        "text": text,
        "language": analysis.language,
        "script": analysis.script,
        "region": analysis.region,
        "is_complaint": analysis.is_complaint,
        "types": [_label(one, text) for one in analysis.types],
        "emotion": {
            "primary": emotion.primary,
            "secondary": emotion.secondary,
            "score": emotion.score,
            "intensity": emotion.intensity,
            "evidence": _evidence(emotion.evidence, text),
            **_known(source=emotion.source),
        },
        "signals": [_label(one, text) for one in analysis.signals],
        "demands": [_label(one, text) for one in analysis.demands],
        "facts": [_fact(one, text) for one in analysis.facts],
        "urgency": {"level": analysis.urgency.level, "because": list(analysis.urgency.because)},
        "abstained": list(analysis.abstained),
        "domain": analysis.domain,
    }


def _label(label: Label, text: str) -> Json:
    evidence = _evidence(label.evidence, text)
    known = _known(source=label.source, reason=label.reason)
    return {"code": label.code, "score": label.score, "evidence": evidence, **known}


def _fact(fact: Fact, text: str) -> Json:
    words = fact.span.of(text)
    return {"kind": fact.kind, "value": fact.value, "text": words, **_at(fact.span), **_known(source=fact.source)}


def _evidence(spans: Iterable[Span], text: str) -> list[Json]:
    return [{**_at(span), "text": span.of(text)} for span in spans]


def _at(span: Span) -> Json:
    return {"start": span.start, "end": span.end}


def _known(**values: object) -> Json:
    """Keep only the keys that have something to say."""
    return {key: value for key, value in values.items() if value}


def analysis_from_json(data: Mapping[str, Any]) -> Analysis:
    """Return the analysis that `analysis_json` wrote as `data`."""
    emotion = data["emotion"]
    return Analysis(
        text=data["text"],
        types=_labels(data["types"]),
        emotion=Emotion(
            emotion["primary"],
            emotion["secondary"],
            emotion["intensity"],
            emotion["score"],
            _spans(emotion["evidence"]),
            emotion.get("source", ""),
        ),
        signals=_labels(data["signals"]),
        demands=_labels(data["demands"]),
        facts=tuple(Fact(one["kind"], one["value"], _span(one), one.get("source", "")) for one in data["facts"]),
        urgency=Urgency(data["urgency"]["level"], tuple(data["urgency"]["because"])),
        language=data["language"],
        script=data["script"],
        region=data["region"],
        domain=data.get("domain", "unknown"),
        abstained=tuple(data["abstained"]),
        id=data["id"],
    )


def _labels(rows: Iterable[Json]) -> tuple[Label, ...]:
    return tuple(
        Label(row["code"], row["score"], _spans(row["evidence"]), row.get("source", ""), row.get("reason", ""))
        for row in rows
    )


def _spans(rows: Iterable[Json]) -> tuple[Span, ...]:
    return tuple(_span(row) for row in rows)


def _span(row: Json) -> Span:
    return Span(row["start"], row["end"])


# --- plan, draft, reply


def reply_json(reply: Reply) -> Json:
    """Return a reply with everything that led to it as JSON."""
    return {
        "analysis": analysis_json(reply.analysis),
        "plan": plan_json(reply.plan),
        "draft": draft_json(reply.draft),
        "review": review_json(reply.review, reply.draft.text),
        "warnings": list(reply.warnings),
    }


def reply_from_json(data: Mapping[str, Any]) -> Reply:
    """Return the reply that `reply_json` wrote as `data`."""
    return Reply(
        analysis_from_json(data["analysis"]),
        plan_from_json(data["plan"]),
        draft_from_json(data["draft"]),
        review_from_json(data["review"]),
        tuple(data.get("warnings", ())),
    )


def plan_json(plan: Plan) -> Json:
    """Return a plan as JSON; amounts are decimal text, times ISO 8601 with their offset."""
    return {
        "demands": [
            {"code": one.code, "answer": one.answer, "option": one.option, "reason": one.reason} for one in plan.demands
        ],
        "options": [_option(one) for one in plan.options],
        "follow_up": _follow_up(plan.follow_up),
        "kind": plan.kind,
        "questions": [{"fact": one.fact, "reason": one.reason} for one in plan.questions],
        "notes": list(plan.notes),
        **_known(store=plan.store),
    }


def _option(option: Option) -> Json:
    amount = option.amount
    return {
        "id": option.id,
        "remedy": option.remedy,
        "title": option.title,
        "amount": {"value": format(amount.value, "f"), "currency": amount.currency} if amount else None,
        "deadline": option.deadline.isoformat(),
        "owner": option.owner,
        "source": _source(option.source),
        "answers": list(option.answers),
        "needs": list(option.needs),
        "wording": option.wording,
    }


def _source(source: Source) -> Json:
    return {"policy": source.policy, "clause": source.clause, **_known(law=source.law)}


def _follow_up(follow_up: FollowUp | None) -> Json | None:
    if follow_up is None:
        return None
    return {
        "at": follow_up.at.isoformat(),
        "channel": follow_up.channel,
        "owner": follow_up.owner,
        "source": _source(follow_up.source),
    }


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    """Return the plan that `plan_json` wrote as `data`."""
    later = data["follow_up"]
    return Plan(
        kind=data["kind"],
        demands=tuple(
            DemandAnswer(one["code"], one["answer"], one["option"], one["reason"]) for one in data["demands"]
        ),
        options=tuple(_option_from_json(one) for one in data["options"]),
        follow_up=later
        and FollowUp(datetime.fromisoformat(later["at"]), later["channel"], later["owner"], Source(**later["source"])),
        questions=tuple(Question(one["fact"], one["reason"]) for one in data["questions"]),
        notes=tuple(data["notes"]),
        store=data.get("store", ""),
    )


def _option_from_json(data: Json) -> Option:
    amount = data["amount"]
    return Option(
        id=data["id"],
        remedy=data["remedy"],
        title=data["title"],
        deadline=datetime.fromisoformat(data["deadline"]),
        owner=data["owner"],
        source=Source(**data["source"]),
        amount=amount and Money(Decimal(amount["value"]), amount["currency"]),
        answers=tuple(data["answers"]),
        needs=tuple(data["needs"]),
        wording=data["wording"],
    )


def draft_json(draft: Draft) -> Json:
    """Return a draft as JSON; the trace says where each sentence of `text` came from."""
    parts = draft.parts
    return {
        "parts": {
            "empathy": parts.empathy,
            "apology": parts.apology,
            "options": list(parts.options),
            "follow_up": parts.follow_up,
        },
        "text": draft.text,
        "region": draft.region,
        "writer": draft.writer,
        "trace": [
            {
                "part": one.part,
                **_at(one.span),
                "text": one.span.of(draft.text),
                "template": one.template,
                **_known(plan_item=one.plan_item, clause=one.clause),
            }
            for one in draft.trace
        ],
        "notes": list(draft.notes),
    }


def draft_from_json(data: Mapping[str, Any]) -> Draft:
    """Return the draft that `draft_json` wrote as `data`."""
    parts = data["parts"]
    return Draft(
        parts=Parts(parts["empathy"], parts["apology"], tuple(parts["options"]), parts["follow_up"]),
        text=data["text"],
        region=data["region"],
        writer=data["writer"],
        trace=tuple(
            Trace(one["part"], _span(one), one["template"], one.get("plan_item", ""), one.get("clause", ""))
            for one in data["trace"]
        ),
        notes=tuple(data.get("notes", ())),
    )


# --- review


def review_json(review: Review, text: str) -> Json:
    """Return the review of the reply `text` as JSON."""
    return {
        "findings": [_finding(one, text) for one in review.findings],
        "not_run": [{"code": one.code, "reason": one.reason} for one in review.not_run],
        "verdict": review.verdict,
    }


def _finding(finding: Finding, text: str) -> Json:
    fix = finding.fix
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        **_at(finding.span),
        "text": finding.span.of(text),
        "fix": {**_at(fix.span), "text": fix.text, "safe": fix.safe} if fix else None,
    }


def review_from_json(data: Mapping[str, Any]) -> Review:
    """Return the review that `review_json` wrote as `data`."""
    return Review(
        tuple(
            Finding(
                one["code"],
                one["name"],
                one["severity"],
                one["message"],
                _span(one),
                one["fix"] and Edit(_span(one["fix"]), one["fix"]["text"], one["fix"]["safe"]),
            )
            for one in data["findings"]
        ),
        tuple(NotRun(one["code"], one["reason"]) for one in data["not_run"]),
    )
