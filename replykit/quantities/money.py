"""Amounts of money: HK$1,280, ３００元, 三百二十块, 13块2, 港幣伍仟元, 五毛钱.

Only a sign or a unit makes a number money here; what the sentence around it says is for `facts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from replykit.prefilter import Pattern, pattern
from replykit.quantities.numerals import HAN_NUMERAL, MORE, NUMBER, NUMBER_START, parse_number
from replykit.quantities.vocabulary import keyed, one_of, vocabulary
from replykit.types import Money, Span

_TO = r"\s?[-~–—至到]\s?"
_DIGIT = f"[0-9{HAN_NUMERAL}]"
_CENTS = f"(?:{_DIGIT}分)?"
_COINS = (  # 13块2, 3块5毛, 3元5角; after 元 a bare digit is something else
    rf"(?P<tail>(?<=[块塊])(?:[0-9]{{1,2}}(?![0-9.])|[{HAN_NUMERAL}])[毛角]?{_CENTS}|{_DIGIT}[毛角]{_CENTS})?"
)
_FRACTION = pattern(
    rf"{NUMBER_START}(?P<number>{_DIGIT})(?P<unit>[毛角分])(?:[钱錢]|(?<=[毛角])(?P<cents>{_DIGIT})分[钱錢]?)"
)
_SMALL = Decimal(10)
_UNCOUNTED = frozenset("次个個天日年月周週件张張分秒位人条條盒瓶包本页頁楼樓层層号號小点點")


def read_money(text: str, currency: str) -> Iterator[tuple[Money, Span, bool]]:
    """Yield each amount of `text`, which must come from `numerals.fold`, and whether it is the upper end of a range.

    `currency` is that of 元, 块 and a bare $; a $ is USD where it is CNY.
    """
    for match in _before().finditer(text):
        yield from _amount(match, _named(match["sign"], "", currency))
    for match in _after().finditer(text):
        if not _is_piece(match):
            yield from _amount(match, _named("", match["unit"], currency))
    for match in _FRACTION.finditer(text):
        value = parse_number(match["number"])
        if value is not None:
            cents = parse_number(match["cents"]) if match["cents"] else Decimal(0)
            share = 100 if match["unit"] == "分" else 10
            yield Money(value / share + (cents or Decimal(0)) / 100, currency), Span(*match.span()), False


def _edge(words: str) -> str:
    """Latin names of currencies stand apart from other Latin letters."""
    return rf"(?<![A-Za-z]){words}"


@lru_cache(maxsize=1)
def _units() -> str:
    words = vocabulary()
    latin = one_of(word for word in keyed(words.currency_after) if word.isascii())
    other = one_of(word for word in keyed(words.currency_after) if not word.isascii())
    return rf"(?P<unit>{latin}(?![A-Za-z])|{other}(?!{one_of(words.money_words['not_after_yuan'])})|(?<=[0-9])\$)"


@lru_cache(maxsize=1)
def _before() -> Pattern:
    signs = _edge(one_of(keyed(vocabulary().currency_before)))
    number = rf"(?P<number>(?:(?P<low>{NUMBER}){_TO}(?:{signs})?)?(?P<high>{NUMBER}))"
    unit = one_of(vocabulary().currency_after[""])
    return pattern(rf"(?P<sign>{signs})\s?{number}[{MORE}]?(?:{unit}{_COINS})?")


@lru_cache(maxsize=1)
def _after() -> Pattern:
    number = rf"{NUMBER_START}(?:(?P<low>{NUMBER})(?:\s?[元块塊])?{_TO})?(?P<high>{NUMBER})"
    return pattern(rf"{number}[{MORE}]?\s?{_units()}{_COINS}")


def _named(sign: str, unit: str, currency: str) -> str:
    words = vocabulary()
    signs, units = keyed(words.currency_before), keyed(words.currency_after) | {"$": "$"}
    named = signs.get(sign) or units.get(unit) or currency
    return named if named != "$" else "USD" if currency == "CNY" else currency


def _is_piece(match: re.Match[str]) -> bool:
    """Tell 两块蛋糕, pieces, from 两块运费, money."""
    if match["unit"] not in ("块", "塊") or match["tail"]:
        return False
    number = parse_number(match["high"])
    after = match.string[match.end() : match.end() + 1]
    if number is None or number > _SMALL:
        return False
    if number == 1 or match["high"] == "半":
        return True  # 一块 is "together" or one piece; 一块钱 has a unit of its own
    return after.isalnum() and after not in vocabulary().money_words["after_small_block"]


def _amount(match: re.Match[str], currency: str) -> Iterator[tuple[Money, Span, bool]]:
    value, end, groups = parse_number(match["high"]), match.end(), match.groupdict()
    if value is None:
        return
    tail = groups.get("tail")
    if tail:
        start = match.start("tail")
        if _counts_something(match.string, tail, end):
            end = start
        else:
            whole = parse_number(f"{match['high']}块{tail}")
            value, end = (whole, end) if whole is not None else (value, start)
    yield Money(value, currency), Span(match.start(), end), match["low"] is not None


def _counts_something(text: str, tail: str, end: int) -> bool:
    """Tell 30块2个, where the last number counts something else, from 30块2."""
    return tail[-1] not in "毛角分" and text[end : end + 1] in _UNCOUNTED and text[end : end + 1] != ""
