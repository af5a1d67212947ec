"""The form in which the trained parts see a text. Training and reading share it.

Folded, with Taiwan's words as the mainland's (軟體 as 软件), since most of what the parts learned from is simplified;
blanks as one space. Unlike folding alone this changes lengths: spans are measured on the text itself, never here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from replykit.folding import fold
from replykit.text import converter

_BLANKS = re.compile(r"\s+")
_HAN = re.compile("[\u3400-\u9fff]+")


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Return `text` in half width, lower case, simplified characters and mainland words."""
    convert = converter("tw2sp")
    words = _HAN.sub(lambda run: convert(run.group()), text)
    return _BLANKS.sub(" ", fold(words)).strip()


def places(text: str) -> list[int]:
    """Return for each character of `folded(text)` where in `text` it comes from.

    Within a run of Chinese whose length a conversion changed, it is the place in proportion.
    """
    seen = folded(text)
    if len(seen) == len(text):
        return list(range(len(text)))
    convert = converter("tw2sp")
    found: list[int] = []
    words: list[str] = []
    at = 0
    for run in _HAN.finditer(text):
        found += range(at, run.start())
        words.append(text[at : run.start()])
        new, length = convert(run.group()), len(run.group())
        found += (run.start() + place * length // len(new) for place in range(len(new)))
        words.append(new)
        at = run.end()
    found += range(at, len(text))
    whole = fold("".join((*words, text[at:])))
    blanks = {place for gap in _BLANKS.finditer(whole) for place in range(gap.start() + 1, gap.end())}
    kept = [place for number, place in enumerate(found) if number not in blanks]
    front = 1 if _BLANKS.match(whole) else 0
    return kept[front : front + len(seen)]
