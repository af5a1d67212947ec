"""Say back what the customer said: a short quote, chosen with care, and the facts in their own words.

Nothing goes out that could hurt when read again: no insult, no threat, no phone number, nothing in another script.
Which words those are stands in prompts/drafts/quote.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from replykit import prompting, resources
from replykit.errors import PromptError
from replykit.text import clauses, is_han
from replykit.tomlfile import Strict, parse
from replykit.types import Analysis, Kind, Region, Span

MOST_CLAUSES = 400  # a quote is looked for among this many clauses; a complaint seldom has more than forty
_LONGEST = {"name": 8, "product": 12, "waited": 10, "promised": 16, "event": 12, "amount": 12}
_VALUE = {"event_at": "event", "amount": "amount_said"}
_TITLES = ("女士", "先生", "小姐", "太太", "老师", "老師", "同学", "同學")
# White space parts what is said, except between Latin words.
_PIECE = re.compile(r"[^\s]+(?:(?<=[!-~])[ ](?=[!-~])[^\s]+)*")
_A_NOT_A = re.compile(r"(.)[不唔没沒]\1")  # 要不要, 係唔係
_END_MARKS = " \t\r\n，,。．.！!？?；;、~～…·-—:："


class QuoteWords(Strict):
    """The words by which a customer's clause is found fit to be quoted: prompts/drafts/quote.toml explains each."""

    version: int
    abuse: tuple[str, ...]
    threat: tuple[str, ...]
    praise: tuple[str, ...]
    negation: tuple[str, ...]
    demand: tuple[str, ...]
    you: tuple[str, ...]
    question: tuple[str, ...]
    vague_start: tuple[str, ...]
    weak_start: tuple[str, ...]
    ask_start: tuple[str, ...]
    tail: tuple[str, ...]
    weak_end: tuple[str, ...]
    link: tuple[str, ...]
    predicate: tuple[str, ...]


@lru_cache(maxsize=1)
def quote_words() -> QuoteWords:
    """Return the shipped words for the choice of a quote. Raises PromptError E402."""
    path = resources.prompts() / "drafts" / "quote.toml"
    return parse(path.read_text(encoding="utf-8"), str(path), QuoteWords, PromptError, ("E402", "E402"))


def pick_quote(
    text: str, near: Iterable[Span], region: Region, avoid: Iterable[Span] = (), kind: Kind = "complaint"
) -> str:
    """Return the customer's clause that best says what happened, or "" where none is fit to be quoted.

    The clause touches one of `near` and none of `avoid`, has 3 to 20 characters, can be read alone in the script of
    `region`, and holds no abuse, threat, demand, link or long number; a complaint's quote holds no praise and asks
    nothing, a praise's praises, a question's asks.
    """
    near, avoid = list(near), list(avoid)
    best, best_rank = "", -100
    for clause in clauses(text)[:MOST_CLAUSES]:
        if not any(clause.overlaps(span) for span in near) or any(clause.overlaps(span) for span in avoid):
            continue
        for piece in _PIECE.finditer(clause.of(text)):
            span = Span(clause.start + piece.start(), clause.start + piece.end())
            if any(span.overlaps(one) for one in near):
                words = _trimmed(piece.group(), kind)
                rank = -abs(len(words) - 8) - 4 * ("我" in words) - 3 * words.startswith("等")
                if rank > best_rank and _fit_to_quote(words, piece.group(), region, kind):
                    best, best_rank = words, rank
    return best


def asks(text: str) -> bool:
    """Tell whether `text` asks something anywhere."""
    return any(mark in text for mark in "?？") or _holds(text, quote_words().question) or bool(_A_NOT_A.search(text))


def _trimmed(piece: str, kind: Kind) -> str:
    """Return `piece` without end marks, linking words at its start (而且, 結果) and particles at its end (啊, 喎)."""
    lists = quote_words()
    words = piece.strip(_END_MARKS)
    for _ in range(3):
        starts = lists.ask_start if kind == "question" else lists.weak_start
        start = max((one for one in starts if words.startswith(one)), key=len, default="")
        words = words[len(start) :].lstrip(_END_MARKS)
        if words.endswith(lists.tail):
            words = words[:-1].rstrip(_END_MARKS)
    return words


def _fit_to_quote(words: str, piece: str, region: Region, kind: Kind) -> bool:
    lists = quote_words()
    asking = piece.endswith(("?", "？")) or asks(words)
    if not 3 <= len(words) <= 20 or not _harmless(words, region):
        return False
    if _holds(words, lists.threat):
        return False
    if kind == "question":
        return asking
    if (
        asking
        or words.startswith(lists.vague_start)
        or words.endswith(lists.weak_end)
        or _holds(words, lists.demand)
        or _holds(words, lists.you)
    ):
        return False
    if kind == "praise":
        return _praises(words)
    return not _praises(words) and _holds(words, lists.predicate)


def _harmless(words: str, region: Region) -> bool:
    """Tell whether `words` may stand in a reply at all.

    They hold plain characters of the region's script only, nothing rude, and no number that could be a phone's, an
    order's or a card's.
    """
    lists = quote_words()
    plain = all(
        is_han(char) or (char.isascii() and (char.isalnum() or char in " .%-+")) or char in "·℃" for char in words
    )
    return (
        plain
        and not re.search(r"\d{5,}", words)
        and not _holds(words.lower(), lists.abuse)
        and not _holds(words, lists.link)
        and not prompting.foreign_characters(words, region)
    )


def _holds(words: str, listed: Sequence[str]) -> bool:
    return any(one in words for one in listed)


def _praises(words: str) -> bool:
    lists = quote_words()
    for one in lists.praise:
        at = words.find(one)
        if at >= 0 and not any(char in lists.negation for char in words[max(0, at - 3) : at]):
            return True
    return False


def facts_said(analysis: Analysis, product: str, region: Region) -> dict[str, str]:
    """Return what the customer said, in their words, by the variable of prompting.SAID; what is unfit is left out.

    `product` is the order's, used where the message names none.
    """
    values: dict[str, str] = {}
    for fact in analysis.facts:
        key = _VALUE.get(fact.kind, fact.kind)
        words = " ".join(fact.span.of(analysis.text).split()).strip(_END_MARKS)
        if fact.kind == "contacted":
            words = _times(words, region)
        elif len(words) > _LONGEST.get(fact.kind.removesuffix("_at"), 0):
            continue
        if words and key not in values and _harmless(words, region):
            values[key] = words
    if not values.get("name", "").endswith(_TITLES):
        values.pop("name", None)
    if values.get("product", "").startswith(quote_words().vague_start):
        del values["product"]
    if product and "product" not in values and len(product) <= _LONGEST["product"] and _harmless(product, region):
        values["product"] = product
    return {key: words for key, words in values.items() if key in prompting.SAID}


def _times(words: str, region: Region) -> str:
    """Return how often they have asked, in their count (三次, 4次), or "many times" where they counted other things."""
    if re.fullmatch(r"(?:[2-9]|[1-9]\d|[二两兩三四五六七八九十]{1,3})(?:次|遍|回)", words):
        return words
    return "" if re.match(r"[1一](?!\d)", words) else "好多次" if region == "zh-CN" else "多次"
