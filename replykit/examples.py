"""A store pack's own examples, `examples.toml`: messages with what must come out of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from replykit.errors import PluginError
from replykit.orders import order_from_json
from replykit.pipeline import Kit
from replykit.tomlfile import Strict, parse
from replykit.types import Reply

NAME = "examples.toml"


class Example(Strict):
    """One message, and what must be read, offered, said and never said. What is not named may be anything."""

    message: str
    order: dict[str, Any] | None = None
    types: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class _File(Strict):
    example: tuple[Example, ...] = ()


def load_examples(folder: Path) -> tuple[Example, ...]:
    """Return the examples of the pack in `folder`; none when it has no file of them.

    Raises PluginError E307, naming file and line, when the file is wrong.
    """
    path = folder / NAME
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PluginError("E307", f"{path}: cannot be read: {problem}", "save it as UTF-8") from problem
    return parse(text, str(path), _File, PluginError, ("E307", "E307")).example


def failures(example: Example, kit: Kit, now: datetime) -> list[str]:
    """Return what comes out of `example` otherwise than it should; a draft that must not be sent counts too."""
    order = order_from_json(example.order) if example.order is not None else None
    reply = kit.reply(example.message, order=order, now=now)
    return [f"{example.message!r}: {one}" for one in _differences(example, reply)]


def _differences(example: Example, reply: Reply) -> Iterator[str]:
    types = [label.code for label in reply.analysis.types]
    remedies = [option.remedy for option in reply.plan.options]
    missing = [code for code in example.types if code not in types]
    if missing:
        yield f"types {missing} are not read, only {types}"
    if list(example.remedies) != remedies[: len(example.remedies)]:
        yield f"the first remedies are {remedies}, not {list(example.remedies)}"
    yield from (f"the draft does not say {words!r}" for words in example.says if words not in reply.draft.text)
    yield from (f"the draft says {words!r}" for words in example.never if words in reply.draft.text)
    yield from (f"{one.code} {one.message}" for one in reply.review.findings if one.severity != "info")
    yield from (warning for warning in reply.warnings if warning.startswith("E403"))
