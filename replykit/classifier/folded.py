"""The form in which the trained parts see a text: folded, blanks as one space. Training and reading share it."""

from __future__ import annotations

import re

from replykit.folding import fold

_BLANKS = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return `text` in half width, lower case and simplified characters, with runs of blanks as one space."""
    return _BLANKS.sub(" ", fold(text)).strip()
