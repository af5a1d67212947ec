"""Offsets and edges in Chinese text.

`\\b` never matches inside Chinese text and `\\w` includes it, so the edges of Latin words and numbers are written
out here once. Folding to half width keeps one code point for one, so spans of the folded text hold on the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import cast

from replykit.types import Span

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_CLAUSE_END = re.compile(r"[，,。．.！!？?；;、\n\r~～…]+")
_SENTENCE_END = re.compile(r"[。！!？?；;\n\r…]+[”」』’）)]*")

LATIN_START = r"(?<![A-Za-z0-9])"
LATIN_END = r"(?![A-Za-z0-9])"


@lru_cache(maxsize=64)
def fold_width(text: str) -> str:
    """Return `text` with full-width Latin letters, digits and signs as half width; the length stays the same."""
    return text.translate(_FULL)


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of `text`, end marks included, blank ones left out."""
    return _pieces(text, _SENTENCE_END)


def clauses(text: str) -> list[Span]:
    """Return the spans of the clauses of `text`, end marks included, blank ones left out.

    A full stop or comma between two digits (12.5, 1,280) ends nothing.
    """
    return _pieces(text, _CLAUSE_END)


def _pieces(text: str, end: re.Pattern[str]) -> list[Span]:
    pieces, start = [], 0
    for match in end.finditer(text):
        if _inside_number(text, match):
            continue
        pieces.append(Span(start, match.end()))
        start = match.end()
    pieces.append(Span(start, len(text)))
    return [stripped for piece in pieces if (stripped := strip(text, piece)).start < stripped.end]


def _inside_number(text: str, mark: re.Match[str]) -> bool:
    return (
        mark.group() in ".,"
        and mark.start() > 0
        and mark.end() < len(text)
        and text[mark.start() - 1].isdigit()
        and text[mark.end()].isdigit()
    )


def strip(text: str, span: Span) -> Span:
    """Return `span` without white space at its ends."""
    words = span.of(text)
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))


def sentence_at(text: str, offset: int) -> Span:
    """Return the sentence of `text` that holds `offset`, or the whole text where none does."""
    return next((span for span in sentences(text) if span.start <= offset < span.end), Span(0, len(text)))


def is_han(char: str) -> bool:
    """Tell whether `char` is a Chinese character (the main block, extensions A to H, compatibility ideographs)."""
    code = ord(char)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF


def has_han(text: str) -> bool:
    """Tell whether `text` holds a Chinese character."""
    return any(map(is_han, text))


@cache
def converter(name: str) -> Callable[[str], str]:
    """Return OpenCC's conversion of that name (`t2s`, `s2tw`, ...); its tables load on first use, once for all users.

    It stops at a null character and raises on lone surrogates: hand it Chinese characters only.
    """
    from opencc import OpenCC

    return cast(Callable[[str], str], OpenCC(name).convert)
