"""Numbers as people write them in Chinese: digits of either width, numerals, bank numerals, and mixtures of them.

Everything that looks for values in a text matches on `fold(text)`, in which one code point still stands for one.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from replykit.text import fold_width

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **{char: value for value, char in enumerate("〇壹貳參肆伍陸柒捌玖")},
    "○": 0,
    "两": 2,
    "兩": 2,
    "俩": 2,
    "倆": 2,
    "仨": 3,
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SPELLED = {"廿": "二十", "卅": "三十"}
_LETTERS = {"k": 1000, "w": 10**4}

HAN_NUMERAL = "".join([*_DIGITS, *_UNITS, *_MYRIADS, *_SPELLED])
MORE = "多来來餘余"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}(?![0-9])|[0-9]{1,15})(?:\.[0-9]{1,4})?"
_SCALED = rf"(?:[百千万萬亿億]{{1,2}}(?:[0-9]{{1,4}}(?![0-9])[十百千]?|[{HAN_NUMERAL}]{{1,6}})?|[kKwW](?![A-Za-z0-9]))"

NUMBER_START = rf"(?<![0-9A-Za-z几幾数數{HAN_NUMERAL}])(?<![0-9][.,])"
"""Goes before NUMBER where nothing else does: not inside another number, nor in 好几十."""
NUMBER = rf"(?:{_ARABIC}{_SCALED}?|[{HAN_NUMERAL}]{{1,16}})"
"""A pattern (no groups, bounded) of one number; `parse_number` decides whether the match has a value."""

_WIDE_COMMA = re.compile(r"，(?:(?<![０-９]，)|(?![０-９]{3}))")
_WIDE = re.compile("[\uff01-\uff5e\u3000\uffe5]")
_MONEY_PARTS = re.compile(rf"({NUMBER})[块塊元蚊](?:([0-9]{{1,2}}|[{HAN_NUMERAL}])[毛角]?)?(?:({NUMBER})分)?")
_MIXED = re.compile(rf"({_ARABIC})([十百千万萬亿億kKwW]*)(.*)", re.DOTALL)
_PLAIN = re.compile(_ARABIC)
_POINT = re.compile(r"[点點]")
_LONGEST = 40  # no amount or count that somebody means is longer


def fold(text: str) -> str:
    """Return `text` at half width and of the same length.

    A full-width comma stays a comma only between full-width digits (１，２８０); elsewhere it parts clauses
    (付了299，300给我) and becomes `、`, so that it never joins two numbers.
    """
    return text if _WIDE.search(text) is None else fold_width(_WIDE_COMMA.sub("、", text))


@lru_cache(maxsize=1024)
def parse_number(words: str) -> Decimal | None:
    """Return the value of `words`, one number and nothing else, or None where they name no single value.

    一百二十, 两百五 (250), 百二 (120), 伍仟, ３００, 1,280, 1.2万, 3k, 2千5, 半 (0.5), 13块2 (13.20). A trailing 多
    or 来 (三百多) is ignored. Words for "about" have no value (十几, 两三, 几百), nor have the bare units 百, 千, 万.
    """
    number = fold(words).strip()
    if not number or len(number) > _LONGEST:
        return None
    if number == "半":
        return Decimal("0.5")
    if parts := _MONEY_PARTS.fullmatch(number):
        return _coins(parts)
    number = number[:-1] if len(number) > 1 and number[-1] in MORE else number
    if _PLAIN.fullmatch(number):
        return Decimal(number.replace(",", ""))
    if mixed := _MIXED.fullmatch(number):
        return _mixed(*mixed.groups())
    if len(halves := _POINT.split(number)) == 2:
        return _with_point(*halves)
    return _han(number)


def parse_range(words: str) -> tuple[Decimal, Decimal] | None:
    """Return both ends of 两三, 七八 or 三五: two neighboring numerals that mean "from the one to the other"."""
    if len(words) != 2 or any(char not in _DIGITS for char in words):
        return None
    low, high = (_DIGITS[char] for char in words)
    return (Decimal(low), Decimal(high)) if 0 < low < high <= low + 2 else None


def _coins(parts: re.Match[str]) -> Decimal | None:
    whole, tenths, hundredths = parts.groups()
    value = parse_number(whole)
    if value is None:
        return None
    for words, share in ((tenths, 10), (hundredths, 100)):
        part = parse_number(words) if words else Decimal(0)
        if part is None or part >= 100:
            return None
        value += part / (100 if part >= 10 else share)
    return value.quantize(Decimal("0.01"))


def _mixed(digits: str, scale: str, rest: str) -> Decimal | None:
    """Read digits with a unit behind them: 1.2万, 3k, 2千5 (a last digit counts tenths of the unit), 1万2千."""
    unit = 1
    for char in scale:
        unit *= _LETTERS.get(char.lower()) or _UNITS.get(char) or _MYRIADS[char]
    value = Decimal(digits.replace(",", "")) * unit
    value = value.to_integral_value() if value == value.to_integral_value() else value
    if not rest:
        return value if scale else None
    tail = parse_number(rest)
    if tail is None or unit == 1:
        return None
    tail = tail * unit / 10 if len(rest) == 1 else tail
    return value + tail if tail < unit else None


def _with_point(whole: str, fraction: str) -> Decimal | None:
    before = _han(whole)
    if before is None or not fraction or any(char not in _DIGITS for char in fraction):
        return None
    return Decimal(f"{before}.{''.join(str(_DIGITS[char]) for char in fraction)}")


def _han(numeral: str) -> Decimal | None:
    for short, spelled in _SPELLED.items():
        numeral = numeral.replace(short, spelled)
    if numeral and all(char in _DIGITS for char in numeral):
        return _digit_by_digit(numeral)
    total = section = digit = 0
    unit, pending, zero = 0, False, False  # the last unit seen; a digit waits for its unit; 零 was said
    for index, char in enumerate(numeral):
        if char in _DIGITS:
            if pending:
                return None
            zero = zero or _DIGITS[char] == 0
            digit, pending = _DIGITS[char], _DIGITS[char] != 0
        elif char in _UNITS:
            if not pending and not (_UNITS[char] == 10 or (index == 0 and numeral[1:2] in _DIGITS)):
                return None
            section += (digit if pending else 1) * _UNITS[char]
            digit, pending, unit, zero = 0, False, _UNITS[char], False
        elif char in _MYRIADS:
            if not (section or digit):
                return None
            myriads = section + digit if char in "万萬" else total + section + digit
            total = (total if char in "万萬" else 0) + myriads * _MYRIADS[char]
            section, digit, pending, unit, zero = 0, 0, False, _MYRIADS[char], False
        else:
            return None
    tenths = pending and not zero and unit >= 100  # 两百五: the last digit counts tenths of the unit before it
    return Decimal(total + section + (digit * unit // 10 if tenths else digit))


def _digit_by_digit(numeral: str) -> Decimal | None:
    if len(numeral) == 2 and 0 not in (_DIGITS[char] for char in numeral):
        return None  # 两三, 七八: about so many
    return Decimal("".join(str(_DIGITS[char]) for char in numeral))
