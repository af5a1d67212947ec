"""One form of a text for lexicons: half width, lower case, simplified, all stops alike; the length never changes.

So a word is written once in a lexicon and found in either script, and a span measured on the folded text holds on the
original.
"""

from __future__ import annotations

import re
from functools import lru_cache

from replykit.text import converter, fold_width, is_han

EDGE = ",!?;\n\r~"  # folded: where a clause ends
_STOPS = {ord("。"): ";", ord("…"): ";"}  # folded too: a class of Latin signs alone compiles four times as fast
_GAP = f"[^{EDGE}]{{0,%d}}"
_CAPITAL = re.compile(r"(?<!\\)[A-Z]")


class _Folding(dict[int, int]):
    """A translation table that learns each character when it first sees it."""

    def __missing__(self, code: int) -> int:
        char = fold_width(chr(code)).translate(_STOPS)
        folded = _simplify(char) if is_han(char) else char.lower()
        self[code] = ord(folded if len(folded) == 1 else char)
        return self[code]


def _simplify(char: str) -> str:
    return {"妳": "你", "祂": "他", "牠": "它", "甚": "什"}.get(char) or converter("t2s")(char)


class _HanFolding(dict[int, int]):
    """The same for Chinese characters alone, so that the signs of a regular expression stay as they are."""

    def __missing__(self, code: int) -> int:
        self[code] = _FOLDING[code] if is_han(chr(code)) else code
        return self[code]


class _Signs(dict[int, str]):
    """Full-width signs as half-width ones that stand for themselves in a regular expression."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        sign = fold_width(char)
        self[code] = char if sign == char else re.escape(sign)
        return self[code]


_FOLDING = _Folding()
_HAN_FOLDING = _HanFolding()
_SIGNS = _Signs()


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Return `text` in half width, lower case and simplified characters, stops as `;`; the length stays the same."""
    return text.translate(_FOLDING)


def expand(pattern: str) -> str:
    """Return a lexicon's pattern as a regular expression on folded text.

    `…` stands for up to 6 characters within a clause, `……` for up to 15; full-width signs stand for themselves.
    """
    han = pattern.translate(_SIGNS).replace("……", _GAP % 15).replace("…", _GAP % 6)
    folded = han.translate(_STOPS).translate(_HAN_FOLDING)
    return _CAPITAL.sub(lambda found: found.group().lower(), folded)
