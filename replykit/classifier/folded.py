"""The form in which the trained parts see a text. Training and reading share it.

Folded, with Taiwan's words as the mainland's (軟體 as 软件), since most of what the parts learned from is simplified;
blanks as one space. Unlike folding alone this changes lengths: spans are measured on the text itself, never here.
"""

from __future__ import annotations

import re

from replykit.folding import fold
from replykit.text import converter

_BLANKS = re.compile(r"\s+")
_HAN = re.compile("[\u3400-\u9fff]+")


def folded(text: str) -> str:
    """Return `text` in half width, lower case, simplified characters and mainland words."""
    convert = converter("tw2sp")
    words = _HAN.sub(lambda run: convert(run.group()), text)
    return _BLANKS.sub(" ", fold(words)).strip()
