"""Short ways to write an analysis down, for tests of the stages that follow it."""

from __future__ import annotations

from replykit import Analysis, Emotion, Fact, Label, Span, Urgency
from replykit.types import Level, Region


def labels(codes: str) -> tuple[Label, ...]:
    return tuple(Label(code, 1.0) for code in codes.split())


def analysis(
    text: str = "",
    *,
    types: str = "",
    signals: str = "",
    demands: str = "",
    emotion: str = "neutral",
    intensity: int = 1,
    level: Level = "normal",
    region: Region = "zh-CN",
    domain: str = "unknown",
    facts: dict[str, str] | None = None,
) -> Analysis:
    """Return an analysis of `text`; codes are written with spaces between, facts as kind to value."""
    return Analysis(
        text=text,
        types=labels(types),
        emotion=Emotion(emotion, None, intensity, 1.0),
        signals=labels(signals),
        demands=labels(demands),
        facts=tuple(Fact(kind, value, Span(0, 0)) for kind, value in (facts or {}).items()),
        urgency=Urgency(level),
        language="zh",
        script="Hans" if region == "zh-CN" else "Hant",
        region=region,
        domain=domain,
    )
