"""Values to JSON and back: exact keys, and nothing lost on the way."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit import wire
from replykit.errors import InputError
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
    Order,
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

CHINA = timezone(timedelta(hours=8))
TEXT = "等了三个小时还没送到，退款！"
ANALYSIS = Analysis(
    text=TEXT,
    types=(Label("logistics.delay", 0.97, (Span(0, 6),), "reading", "waited"),),
    emotion=Emotion("anger", "disappointment", 2, 0.9, (Span(13, 14),), "reading"),
    signals=(Label("overdue", 0.99, (Span(0, 6),)),),
    demands=(Label("refund", 0.8, (Span(11, 13),)),),
    facts=(Fact("waited", "PT3H", Span(2, 6), "facts"),),
    urgency=Urgency("urgent", ("overdue",)),
    language="zh",
    script="Hans",
    region="zh-CN",
    domain="food",
    abstained=("vip",),
    id="m1",
)
PLAN = Plan(
    kind="complaint",
    demands=(DemandAnswer("refund", "met", "o1", "within policy"),),
    options=(
        Option(
            "o1",
            "refund",
            "原路退款",
            datetime(2026, 11, 23, 18, tzinfo=CHINA),
            "售后专员",
            Source("demo", "3.1", "CPL 24"),
            Money(Decimal("38.00"), "CNY"),
            ("refund",),
            ("order_id",),
            "refund",
        ),
    ),
    follow_up=FollowUp(datetime(2026, 11, 24, 18, tzinfo=CHINA), "phone", "售后专员", Source("demo", "follow_up")),
    questions=(Question("order_id", "refund"),),
    notes=("approval",),
    store="demo",
)
WORDS = "让您久等，抱歉。退您38元。明天回电。"
DRAFT = Draft(
    Parts("让您久等，", "抱歉。", ("退您38元。",), "明天回电。"),
    WORDS,
    "zh-CN",
    "template",
    (Trace("options", Span(8, 14), "refund@1", "o1", "3.1"),),
    ("short",),
)
REVIEW = Review(
    (Finding("D502", "vague-time", "warning", "“明天”不是时间", Span(14, 16), Edit(Span(14, 16), "11月24日", False)),),
    (NotRun("P602", "no store policy given"),),
)
REPLY = Reply(ANALYSIS, PLAN, DRAFT, REVIEW, ("a plugin failed",))


def test_an_analysis_has_the_documented_keys() -> None:
    data = wire.analysis_json(ANALYSIS)
    assert list(data)[:13] == [
        *("id", "text", "language", "script", "region", "is_complaint", "types", "emotion"),
        *("signals", "demands", "facts", "urgency", "abstained"),
    ]
    assert data["types"][0]["evidence"] == [{"start": 0, "end": 6, "text": "等了三个小时"}]
    assert data["facts"] == [
        {"kind": "waited", "value": "PT3H", "text": "三个小时", "start": 2, "end": 6, "source": "facts"}
    ]
    assert data["urgency"] == {"level": "urgent", "because": ["overdue"]}
    assert list(data["emotion"])[:5] == ["primary", "secondary", "score", "intensity", "evidence"]


def test_a_reply_has_the_documented_keys() -> None:
    data = wire.reply_json(REPLY)
    assert list(data)[:4] == ["analysis", "plan", "draft", "review"]
    option = data["plan"]["options"][0]
    assert option["amount"] == {"value": "38.00", "currency": "CNY"}
    assert option["deadline"] == "2026-11-23T18:00:00+08:00"
    assert option["source"] == {"policy": "demo", "clause": "3.1", "law": "CPL 24"}
    assert data["plan"]["follow_up"]["at"] == "2026-11-24T18:00:00+08:00"
    assert data["draft"]["parts"] == {
        "empathy": "让您久等，",
        "apology": "抱歉。",
        "options": ["退您38元。"],
        "follow_up": "明天回电。",
    }
    assert data["draft"]["trace"][0]["text"] == "退您38元。"


def test_a_review_has_the_documented_keys() -> None:
    assert wire.review_json(REVIEW, WORDS) == {
        "findings": [
            {
                "code": "D502",
                "name": "vague-time",
                "severity": "warning",
                "message": "“明天”不是时间",
                "start": 14,
                "end": 16,
                "text": "明天",
                "fix": {"start": 14, "end": 16, "text": "11月24日", "safe": False},
            }
        ],
        "not_run": [{"code": "P602", "reason": "no store policy given"}],
        "verdict": "mend",
    }


def test_a_reply_comes_back_the_same() -> None:
    assert wire.reply_from_json(json.loads(wire.dumps(wire.reply_json(REPLY)))) == REPLY


texts = st.text(st.characters(exclude_categories=()), max_size=20)


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    text = draw(texts)
    ends = st.integers(0, len(text))
    spans = st.tuples(ends, ends).map(lambda pair: Span(min(pair), max(pair)))
    evidence = st.lists(spans, max_size=2).map(tuple)
    scores = st.floats(0, 1)
    labels = st.lists(st.builds(Label, texts, scores, evidence, texts, texts), max_size=2).map(tuple)
    return Analysis(
        text=text,
        types=draw(labels),
        emotion=draw(st.builds(Emotion, texts, st.none() | texts, st.integers(0, 3), scores, evidence, texts)),
        signals=draw(labels),
        demands=draw(labels),
        facts=tuple(draw(st.lists(st.builds(Fact, texts, texts, spans, texts), max_size=2))),
        urgency=Urgency("normal", tuple(draw(st.lists(texts, max_size=2)))),
        language=draw(texts),
        script="Hans",
        region="zh-CN",
        abstained=tuple(draw(st.lists(texts, max_size=2))),
        id=draw(texts),
    )


@settings(max_examples=50, deadline=None)
@given(analyses())
def test_any_analysis_survives_json(analysis: Analysis) -> None:
    line = wire.dumps(wire.analysis_json(analysis))
    line.encode("utf-8")
    assert wire.analysis_from_json(json.loads(line)) == analysis


@settings(max_examples=50, deadline=None)
@given(
    st.builds(
        Order,
        id=texts,
        product=texts,
        price=st.none()
        | st.builds(Money, st.decimals(0, 10**6, allow_nan=False, places=2), st.sampled_from(["CNY", "TWD", "HKD"])),
        bought_at=st.none() | st.dates(),
        received_at=st.none() | st.dates(),
        customer=texts,
        extra=st.dictionaries(texts, st.integers() | texts, max_size=2),
    )
)
def test_any_order_survives_json(order: Order) -> None:
    assert wire.order_from_json(json.loads(wire.dumps(wire.order_json(order)))) == order


@pytest.mark.parametrize(
    ("data", "order"),
    [
        ({}, Order()),
        ({"id": 20261120}, Order(id="20261120")),
        ({"product": None}, Order()),
        ({"price": "TWD 1280"}, Order(price=Money(Decimal(1280), "TWD"))),
        ({"price": {"value": 38.5, "currency": "CNY"}}, Order(price=Money(Decimal("38.5"), "CNY"))),
        ({"bought_at": "2026-11-20T10:30:00+08:00"}, Order(bought_at=date(2026, 11, 20))),
        ({"received_at": "2026-11-21"}, Order(received_at=date(2026, 11, 21))),
        ({"extra": {"courier": "SF"}}, Order(extra={"courier": "SF"})),
    ],
)
def test_orders_as_stores_write_them(data: dict[str, object], order: Order) -> None:
    assert wire.order_from_json(data) == order


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "not list"),
        ({"prodct": "x"}, "did you mean 'product'"),
        ({"price": {"value": "1", "curency": "CNY"}}, "curency"),
        ({"price": 38}, "say which money"),
        ({"price": {"value": "-1", "currency": "CNY"}}, "price.value"),
        ({"bought_at": "last week"}, "bought_at"),
        ({"price": {"value": "1", "currency": "yuan"}}, "price.currency"),
        ({"id": ["1"]}, "id"),
    ],
)
def test_a_wrong_order_names_its_key(data: object, says: str) -> None:
    with pytest.raises(InputError) as caught:
        wire.order_from_json(data)
    assert caught.value.code == "E106"
    assert says in str(caught.value)


def test_json_is_always_valid_utf8_and_json() -> None:
    text = wire.dumps({"a": "\udce4猫😀\x00"})
    assert json.loads(text.encode("utf-8")) == {"a": "\udce4猫😀\x00"}
    assert wire.dumps({"a": "猫"}, ascii_only=True) == '{"a": "\\u732b"}'
    with pytest.raises(ValueError, match="Out of range"):
        wire.dumps(float("nan"))
