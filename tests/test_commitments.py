"""What a reply commits to: which act, which words, and how it is meant."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit import commitments


def read(text: str, everyday: bool = False) -> list[tuple[str, str, str]]:
    return [(one.act, one.span.of(text), one.mode) for one in commitments.read(text, everyday)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们今天18:00前为您退款38元。", [("refund", "退款", "offer")]),
        ("我們會為您補發，並贈送您一份小禮物。", [("resend", "補發", "offer"), ("gift", "贈送您一份小禮", "offer")]),
        ("你可以揀換貨或者全額退款。", [("exchange", "換貨", "offer"), ("refund", "全額退款", "offer")]),
        ("这件商品无法退货。", [("return", "退货", "refusal")]),
        ("退款暂不支持。", [("refund", "退款", "refusal")]),
        ("退貨部分，依規定沒有辦法受理。", [("return", "退貨", "refusal")]),
        ("全额退款这一点，按规定我们没有办法同意。", [("refund", "全额退款", "refusal")]),
        ("不能不为您退款。", [("refund", "退款", "offer")]),
        ("您希望退款，我们已经记下。", [("refund", "退款", "restated")]),
        ("您说“我要换货”，", [("exchange", "换货", "restated")]),
        ("您要求賠償，我們願意補償您50元。", [("compensation", "賠償", "restated"), ("compensation", "補償", "offer")]),
        ("请问您希望退款还是换货？", [("refund", "退款", "asked"), ("exchange", "换货", "asked")]),
        ("您想換貨還是退款呢？", [("exchange", "換貨", "asked"), ("refund", "退款", "asked")]),
        ("我们为您退款38元，您看可以吗？", [("refund", "退款", "offer")]),
        ("明天12:00前给您回电。", [("callback", "回电", "offer")]),
        ("由专人致电给您。", [("callback", "致电", "offer")]),
        ("運費由本店吸收，免運寄出。", [("fee_waiver", "運費由本店吸收", "offer"), ("free", "免運", "offer")]),
        ("退一賠三要依法核實。", [("statutory_damages", "退一賠三", "offer"), ("investigate", "核實", "offer")]),
    ],
)
def test_acts_and_modes(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "退款进度可以在订单页看到。",
        "換貨流程請看說明頁。",
        "请拨打免费热线。",
        "附近的维修网点在人民路。",
        "您可以在订单页查询。",
        "歡迎下次光臨。",
        "遗憾地告知您，活动已经结束。",
        "",
    ],
)
def test_what_only_looks_like_a_commitment(text: str) -> None:
    assert read(text) == []


def test_everyday_work_is_read_when_asked_for() -> None:
    text = "專員會與您聯絡，為您處理。"
    assert read(text) == []
    assert read(text, everyday=True) == [("contact", "與您聯絡", "offer"), ("handle", "為您處理", "offer")]


def test_our_own_voice_returns_after_the_customers_words() -> None:
    text = "您反映的漏发我们今天为您补发。"
    assert [span.of(text) for span in commitments.restated(text)] == ["您反映的漏发"]
    assert read(text) == [("resend", "补发", "offer")]


def test_offsets_are_those_of_a_full_width_text() -> None:
    text = "Ｂ款：補發！"
    assert [one.span.of(text) for one in commitments.read(text)] == ["補發"]


@given(st.text(alphabet=st.sampled_from("您希望退款換货不能无法吗？?，。“”「」補發 a\n\0😀\ud800"), max_size=80))
def test_never_raises_and_spans_lie_inside(text: str) -> None:
    for one in commitments.read(text, everyday=True):
        assert one.span.of(text)
        assert one.act in commitments.acts()


@pytest.mark.parametrize("piece", ["退款", "您希望", "“", "不能,", "安排", "已", " "])
def test_long_texts_take_linear_time(piece: str) -> None:
    started = time.perf_counter()
    commitments.read(piece * (100_000 // len(piece)))
    assert time.perf_counter() - started < 20
