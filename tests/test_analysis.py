"""How readings become one analysis, with analyzers made up for the purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.analysis import ALL_ABSTAINED, UPSET, analyze, urgency
from replykit.hookspecs import Analyzer
from replykit.types import Analysis, Fact, Label, Message, Reading, Region, Span

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)
TEXT = "客服一直不回，快递也没到，太让人失望了，请退款320元。"


@dataclass(frozen=True)
class Says:
    name: str
    reading: Reading = field(default_factory=Reading)

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        return self.reading


@dataclass(frozen=True)
class Breaks:
    name: str = "broken"

    def read(self, text: str, now: datetime, region: Region) -> Reading:
        raise RuntimeError("no dictionary")


def label(code: str, score: float = 0.9, start: int = 0, end: int = 2) -> Label:
    return Label(code, score, (Span(start, end),), "test", code)


def labels(*codes: str) -> tuple[Label, ...]:
    return tuple(label(code) for code in codes)


def settled(*readings: Reading, text: str = TEXT) -> Analysis:
    analyzers: list[Analyzer] = [Says(f"a{number}", reading) for number, reading in enumerate(readings)]
    analysis = analyze(Message(text), analyzers, NOW, "zh-CN")
    assert analysis.warnings == ()
    return analysis


def test_the_same_code_is_one_label_with_all_evidence() -> None:
    one = Reading(types=(label("logistics.delay", 0.7, 7, 12), label("price.charge", 0.6)))
    two = Reading(types=(label("logistics.delay", 0.9, 0, 6), label("privacy", 0.49)))
    found = settled(one, two).types
    assert [(one.code, one.score, one.evidence) for one in found] == [
        ("logistics.delay", 0.9, (Span(0, 6), Span(7, 12))),
        ("price.charge", 0.6, (Span(0, 2),)),
    ]


def test_one_that_raises_is_a_warning_and_the_others_still_read() -> None:
    good = Says("good", Reading(types=labels("privacy")))
    beyond = Says("beyond", Reading(types=(label("other", 0.9, 0, 9999),)))
    analysis = analyze(Message(TEXT), [Breaks(), good, beyond], NOW, "zh-CN")
    assert [one.code for one in analysis.types] == ["privacy"]
    assert analysis.warnings == (
        "E303: analyzer 'beyond' raised ValueError: the evidence of other ends outside the text",
        "E303: analyzer 'broken' raised RuntimeError: no dictionary",
    )


@pytest.mark.parametrize(
    ("reading", "emotion", "intensity", "types"),
    [
        (Reading(), "neutral", 0, []),
        (Reading(emotions=labels("positive")), "positive", 0, []),
        # plain praise drowns a doubtful type, a sure complaint stays
        (Reading(emotions=labels("positive"), types=(label("privacy", 0.55),)), "positive", 0, []),
        (Reading(emotions=(label("positive", 0.7),), types=labels("privacy")), "positive", 1, ["privacy"]),
        # nobody who threatens is pleased
        (
            Reading(emotions=labels("positive"), types=labels("privacy"), signals=labels("threat.legal")),
            "anger",
            2,
            ["privacy"],
        ),
        # upset without a type: a complaint all the same
        (Reading(emotions=labels("anger")), "anger", 1, ["other"]),
        (Reading(emotions=labels("anger"), types=(label("price.charge", 0.4),)), "anger", 1, ["price.charge"]),
        (Reading(emotions=(label("anger", 0.3),)), "neutral", 0, []),
        (Reading(signals=labels("abuse")), "anger", 2, ["other"]),
        # a complaint without words of feeling
        (Reading(types=labels("product.counterfeit")), "betrayal", 1, ["product.counterfeit"]),
        (Reading(types=labels("product.quality")), "disappointment", 1, ["product.quality"]),
        (Reading(types=labels("service.attitude"), intensity=3), "anger", 3, ["service.attitude"]),
        (Reading(intensity=2), "neutral", 0, []),
    ],
)
def test_no_contradictions(reading: Reading, emotion: str, intensity: int, types: list[str]) -> None:
    analysis = settled(reading)
    assert (analysis.emotion.primary, analysis.emotion.intensity) == (emotion, intensity)
    assert [one.code for one in analysis.types] == types


def test_the_second_emotion_is_another_sure_upset_one() -> None:
    reading = Reading(
        types=labels("privacy"), emotions=(label("anger", 0.9), label("neutral", 0.8), label("betrayal", 0.6))
    )
    assert settled(reading).emotion.secondary == "betrayal"


def fact(kind: str, value: str, start: int = 0, end: int = 2) -> Fact:
    return Fact(kind, value, Span(start, end))


@pytest.mark.parametrize(
    ("types", "intensity", "signals", "facts", "level", "because"),
    [
        ([], 0, [], [], "normal", ()),
        (["privacy"], 1, ["churn", "vip"], [], "normal", ()),
        (["privacy"], 1, ["churn", "overdue"], [], "urgent", ("overdue",)),
        (["privacy"], 2, [], [], "urgent", ("intensity",)),
        (["privacy"], 3, [], [], "critical", ("intensity",)),
        (["product.safety"], 1, ["injury"], [], "critical", ("injury",)),
        (["product.safety"], 1, [], [], "normal", ()),
        (["product.safety"], 2, [], [], "critical", ("safety",)),
        (["privacy"], 2, ["vulnerable"], [], "urgent", ("vulnerable", "intensity")),
        (["privacy"], 2, ["vulnerable", "threat.media"], [], "critical", ("vulnerable", "threat.media")),
        (["logistics.delay"], 1, ["deadline"], [("event_at", "2026-11-22")], "critical", ("date_within_a_day",)),
        (["logistics.delay"], 1, ["deadline"], [("event_at", "2026-11-21T18:00")], "critical", ("date_within_a_day",)),
        (["logistics.delay"], 1, ["deadline"], [("event_at", "2026-11-23")], "urgent", ("deadline",)),
        (["logistics.delay"], 1, ["deadline"], [("event_at", "2026-11-20")], "urgent", ("deadline",)),
        (["price.charge"], 2, [], [("amount", "CNY 50000")], "critical", ("large_money",)),
        (["price.charge"], 2, [], [("amount", "CNY 49999")], "urgent", ("intensity",)),
        (["price.charge"], 2, [], [("amount", "TWD 50000")], "urgent", ("intensity",)),
        (["price.charge"], 2, [], [("amount", "many"), ("event_at", "soon")], "urgent", ("intensity",)),
    ],
)
def test_urgency_names_its_reasons(
    types: list[str],
    intensity: int,
    signals: list[str],
    facts: list[tuple[str, str]],
    level: str,
    because: tuple[str, ...],
) -> None:
    found = urgency(labels(*types), intensity, labels(*signals), [fact(*one) for one in facts], NOW)
    assert (found.level, found.because) == (level, because)


@pytest.mark.parametrize("text", ["", " ", "嗯", "😀😀", "???", "\ud800", "\x00"])
def test_hardly_a_text_is_neutral_and_abstained(text: str) -> None:
    analysis = settled(Reading(), text=text)
    assert analysis.abstained == ALL_ABSTAINED
    assert (analysis.emotion.primary, analysis.emotion.intensity, analysis.urgency.level) == ("neutral", 0, "normal")


def test_one_character_says_nothing_whatever_was_read() -> None:
    analysis = settled(Reading(signals=(label("abuse", 0.9, 0, 1),)), text="滚")
    assert (analysis.signals, analysis.abstained) == ((), ALL_ABSTAINED)


@pytest.mark.parametrize(
    ("reading", "abstained"),
    [
        (Reading(), ()),  # a plain text with nothing to complain of
        (Reading(types=labels("privacy"), emotions=labels("anger")), ()),
        (Reading(types=(label("privacy", 0.55),), emotions=labels("anger")), ("types",)),
        (Reading(emotions=labels("anger")), ("types",)),
        (Reading(types=labels("privacy"), intensity=2), ("emotion",)),
        (Reading(types=labels("privacy")), ("emotion", "intensity")),
        (Reading(types=labels("privacy"), emotions=labels("anger"), demands=(label("refund", 0.3),)), ("demands",)),
    ],
)
def test_abstained_names_what_was_not_sure(reading: Reading, abstained: tuple[str, ...]) -> None:
    assert settled(reading).abstained == abstained


def test_facts_are_sorted_and_do_not_overlap_within_a_kind() -> None:
    one = Reading(facts=(fact("amount", "CNY 320", 22, 26), fact("product", "快递", 7, 9)))
    two = Reading(facts=(fact("amount", "CNY 32", 22, 24), fact("order_id", "320", 22, 25), fact("name", "", 5, 5)))
    facts = settled(one, two).facts
    assert [(one.kind, one.value) for one in facts] == [("product", "快递"), ("order_id", "320"), ("amount", "CNY 320")]


def test_a_text_that_is_not_chinese_is_told() -> None:
    read = analyze(Message("I want a refund for this order, it never arrived"), [], NOW, "zh-CN")
    assert read.language == "en"
    assert read.warnings == ("the message reads as en: only Chinese is understood",)


@pytest.mark.parametrize(
    ("text", "default", "region"),
    [
        ("这个快递还没到", "zh-TW", "zh-CN"),
        ("12345", "zh-TW", "zh-TW"),
        ("12345", "zh-CN", "zh-CN"),
        ("東西壞掉，沒有人處理", "zh-HK", "zh-HK"),
        ("東西壞掉，沒有人處理", "zh-CN", "zh-TW"),  # nobody who writes 東西 is answered in 简体
        ("件貨爛咗喎，冇人理", "zh-CN", "zh-HK"),
    ],
)
def test_region_is_shown_or_the_default(text: str, default: Region, region: Region) -> None:
    assert analyze(Message(text), [], NOW, default).region == region


scores = st.floats(0, 1)
some_labels = st.lists(
    st.builds(label, st.sampled_from(["anger", "positive", "neutral", "privacy", "churn", "abuse"]), scores), max_size=4
).map(tuple)
some_readings = st.lists(
    st.builds(
        Reading,
        types=some_labels,
        emotions=some_labels,
        signals=some_labels,
        demands=some_labels,
        intensity=st.none() | st.integers(0, 3),
    ),
    max_size=3,
)


@given(some_readings)
def test_whatever_was_read_the_analysis_agrees_with_itself(readings: list[Reading]) -> None:
    analysis = settled(*readings)
    assert settled(*readings) == analysis
    assert 0 <= analysis.emotion.intensity <= 3
    assert analysis.is_complaint == (analysis.emotion.intensity > 0)
    if not analysis.is_complaint:
        assert analysis.emotion.primary not in UPSET
    if analysis.has("abuse"):
        assert analysis.emotion.primary not in ("positive", "neutral")
