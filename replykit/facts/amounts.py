"""Amounts of money: with a sign or unit, or bare numbers that the words beside them make money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from replykit.facts.cues import Taken, before, cues, finder
from replykit.prefilter import Pattern, pattern
from replykit.quantities import Quantity
from replykit.quantities.numerals import HAN_NUMERAL, MORE, NUMBER, NUMBER_START, parse_number
from replykit.quantities.vocabulary import one_of
from replykit.types import Fact, Money, Span

_WHOLE = ("TWD", "HKD", "JPY")  # written without cents where there are none
_LEAST = Decimal(5)
_PIECES = Decimal(10)
_REACH = 10  # how far before a number its cue may begin
_PRICE = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|(?!20[0-9]{2}\.|11\.11|12\.12)[0-9]{1,6}\.[0-9]{2}"
)  # written as only prices are
_SPOKEN = re.compile(rf"[{HAN_NUMERAL}]+[百千万萬][{HAN_NUMERAL}]*|[0-9.]+[万萬千]|[0-9]{{3,6}}")


def format_money(money: Money) -> str:
    """Return `money` as a fact's value: CNY 320.00, TWD 1280, HKD 13.40."""
    value = money.value
    whole = value == value.to_integral_value() and money.currency in _WHOLE
    return f"{money.currency} {value:.0f}" if whole else f"{money.currency} {value:.2f}"


def read_amounts(text: str, values: list[Quantity], currency: str, taken: Taken) -> Iterator[Fact]:
    """Yield the amounts, each value once; `values` are the quantities of `text`, none of which is read as bare."""
    found = [(value.span, value.value) for value in values if isinstance(value.value, Money) and value.kind == "amount"]
    valued = Taken(len(text), (value.span for value in values))
    bare = ((span, number) for span, number in _bare_amounts(text) if not (taken.meets(span) or valued.meets(span)))
    found += [(span, Money(number, currency)) for span, number in bare]
    seen: set[str] = set()
    for span, money in sorted(found, key=lambda item: item[0]):
        value = format_money(money)
        if value not in seen and money.value > 0 and not _is_count(text, span, money):
            seen.add(value)
            yield Fact("amount", value, span, "facts")


def _is_count(text: str, span: Span, money: Money) -> bool:
    """Tell 一分钱不少, and 食咗五塊 where 塊 is no money, from an amount."""
    piece = money.currency == "HKD" and money.value <= _PIECES and text[span.end - 1] in "块塊"
    return piece or (text[span.start] == "一" and money.value <= 1)


@lru_cache(maxsize=1)
def _bare() -> tuple[re.Pattern[str], Pattern]:
    words = cues().amount
    cue = re.compile(rf"{one_of(words.before)}(?:了|咗|我|的|是|才|[这這][个個]月|[:\s」』”\")]){{0,2}}$")
    end = rf"(?![A-Za-z0-9]|[.,][0-9])(?![{HAN_NUMERAL}])"  # the whole number
    pieces = f"(?P<each>[一两兩三]{one_of(words.units)})"
    ahead = f"(?:(?P<after>{one_of(words.after)})|{pieces}|(?! ?{one_of(words.not_after)}))"
    whole = rf"(?P<number>小?{NUMBER}(?:[{MORE}]|(?![{MORE}])))(?:{end}|(?=[一两兩三]))"
    return cue, pattern(rf"{NUMBER_START}(?<![双雙第]){whole}{ahead}")


def _bare_amounts(text: str) -> Iterator[tuple[Span, Decimal]]:
    cue, bare = _bare()
    for match in bare.finditer(text):
        words = match["number"]
        spelled = words[0] in HAN_NUMERAL
        if spelled and len(words) < 2:
            continue  # 退一赔十, 第十: too short to be sure of
        number, span = parse_number(words.removeprefix("小")), Span(*match.span("number"))
        if number is None or number < _LEAST or (spelled and number < 100 and not match["each"]):
            continue
        told = match["after"] or match["each"] or _PRICE.fullmatch(words)
        behind = text[max(0, span.start - _REACH) : span.start]
        if not (told or cue.search(behind) or _stands_alone(text, span)):
            continue
        if not finder(cues().amount.not_before).search(before(text, span, 12)):
            yield span, number


@lru_cache(maxsize=1)
def _each() -> re.Pattern[str]:
    return re.compile(f"[一每两兩]{one_of(cues().amount.units)}$")


def _stands_alone(text: str, span: Span) -> bool:
    """Tell a price said between two stops (押一付三，两千三百八。), or of each piece: 一盒480."""
    if not _SPOKEN.fullmatch(span.of(text)):
        return False
    behind, ahead = text[max(0, span.start - 3) : span.start], text[span.end : span.end + 1]
    if _each().search(behind):
        return True
    spoken = text[span.start] in HAN_NUMERAL
    opens = bool(behind) and behind[-1] in "、,。!?;( \n"
    closes = ahead in ("", *"、,。!?;) \n") or (spoken and ahead == "的")
    return closes and (opens or spoken)
