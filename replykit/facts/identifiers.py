"""Order numbers, tracking numbers and the customer's phone number, found by their form and by the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from replykit.facts.cues import Taken, before, cues, finder
from replykit.quantities.vocabulary import one_of
from replykit.text import LATIN_END, LATIN_START
from replykit.types import Fact, Span

_CODE = r"[A-Za-z0-9]{1,24}(?:-[A-Za-z0-9]{1,16}){0,4}"
_SPACED = r"[0-9]{3,6}(?: [0-9]{3,6}){1,4}"
_UNIT = r"(?! ?[元块塊蚊年月日号號天个個次张張%])"
_TITLE = r"尾号|尾號|编号|編號|号码|號碼|号|號|序号|序號|代號|代号|no\.?|id|ref\.?"
_LABEL = rf"(?:[ (:]?(?:{_TITLE})){{0,2}} ?[:#=是为為]? ?[(「『\"“【]? ?#? ?"
_MOBILE = r"(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}"
_TAIWAN = r"(?:\+?886[- ]?9|09)[0-9]{2}[- ]?[0-9]{3}[- ]?[0-9]{3}"
_LANDLINE = r"(?:0[0-9]{2,3}-[0-9]{7,8}|\(?0[2-8]\)?[- ]?[0-9]{3,4}-[0-9]{4})"
_HONG_KONG = r"(?:\+?852[- ]?)?[2-9][0-9]{3}[ -][0-9]{4}"
_EIGHT = r"[2-9][0-9]{7}"
_APART = r"(?<![0-9A-Za-z#+-])(?<![0-9] )(?:{})(?![0-9A-Za-z-]| [0-9])"
_DIGIT = re.compile("[0-9]")
_CERTAIN = re.compile(_APART.format("|".join([_MOBILE, _TAIWAN, _LANDLINE, _HONG_KONG])))
_POSSIBLE = re.compile(_APART.format(_EIGHT))
_LONG = re.compile(r"[0-9](?:[-) ]{0,2}[0-9]){7}")  # every phone number is that long
_POSTAL = re.compile(r"[A-Z]{2}[0-9]{8,9}(?:CN|HK|TW|MO)")
_TWELVE = re.compile(r"[0-9]{12,15}|[0-9]{4}-[0-9]{4}-[0-9]{4}")
_PLAIN_DIGITS = re.compile(r"[0-9 -]+")


def read_ids(text: str) -> Iterator[Fact]:
    """Yield the order and tracking numbers of `text`, which must come from `numerals.fold`."""
    if not _DIGIT.search(text):
        return
    seen: set[str] = set()
    for match in _labelled().finditer(text):
        span = Span(*match.span("code"))
        words = match["code"]
        if not _is_code(words, match) or finder(cues().order_id.not_cues).search(before(text, Span(*match.span()), 5)):
            continue
        kind = "tracking_no" if _is_tracking(text, match) else "order_id"
        yield from _once(kind, words, span, seen)
    for match in _carried().finditer(text):
        yield from _once("tracking_no", match.group(), Span(*match.span()), seen)


def _once(kind: str, words: str, span: Span, seen: set[str]) -> Iterator[Fact]:
    value = words.replace(" ", "")
    if kind == "tracking_no" and _PLAIN_DIGITS.fullmatch(words):
        value = value.replace("-", "")  # couriers write 4471-9920-3318 and look up 447199203318
    if value not in seen:
        seen.add(value)
        yield Fact(kind, value, span, "facts")


@lru_cache(maxsize=1)
def _labelled() -> re.Pattern[str]:
    words = cues().order_id
    carriers = f"(?P<courier>{one_of(words.tracking)})"
    label = f"(?:{carriers}(?:单|單|编|編)?|(?P<order>{one_of(words.cues)}))"
    return re.compile(
        rf"(?:{label}{_LABEL}|(?P<hash>#))(?P<code>(?:{_SPACED}|{_CODE})(?![A-Za-z0-9])){_UNIT}", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _carried() -> re.Pattern[str]:
    """A carrier's letters with at least ten digits name a parcel wherever they stand."""
    return re.compile(rf"{LATIN_START}(?:{one_of(cues().order_id.carriers)}[A-Z]?[0-9]{{10,15}}){LATIN_END}")


def _is_code(words: str, match: re.Match[str]) -> bool:
    digits = sum(char.isdigit() for char in words)
    if words.isdigit():
        tail = "尾" in match.group()
        return digits >= (3 if tail else 8 if match["courier"] else 5 if match["order"] else 4)
    return digits >= 3 and len(words) >= 4


def _is_tracking(text: str, match: re.Match[str]) -> bool:
    """Tell a tracking number: its courier is named, or a bare 单号 is followed by a number of a courier's form."""
    if match["courier"]:
        return True
    code = match["code"]
    if _carried().fullmatch(code) or _POSTAL.fullmatch(code):
        return True
    if match["order"] not in ("单号", "單號"):
        return False
    near = before(text, Span(*match.span("order")), 4)
    return bool(_TWELVE.fullmatch(code)) or bool(finder(cues().order_id.tracking).search(near))


def read_phones(text: str, taken: Taken) -> Iterator[Fact]:
    """Yield the customer's phone numbers; eight digits in a row count only after a cue, and none in `taken`."""
    words = cues().phone
    seen: set[str] = set()
    for pattern in (_CERTAIN, _POSSIBLE) if _LONG.search(text) else ():
        for match in pattern.finditer(text):
            span = Span(*match.span())
            near = before(text, span, 10)
            if taken.meets(span) or finder(words.not_cues).search(near):
                continue
            if pattern is _POSSIBLE and not finder(words.cues).search(near[-6:]):
                continue
            value = "".join(char for char in match.group() if char.isdigit())
            if value not in seen:
                seen.add(value)
                yield Fact("phone", value, span, "facts")
