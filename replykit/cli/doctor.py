"""Is everything in place? Checks that a person runs when something does not work, and the settings in force."""

from __future__ import annotations

import locale
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from replykit import __version__
from replykit.config import NONE, Config, load_config, searched
from replykit.errors import ReplykitError

if TYPE_CHECKING:
    from replykit.pipeline import Kit

Status = Literal["ok", "warn", "fail"]
_OPTIONAL = {"pyarrow": "Parquet files: pip install 'replykit[parquet]'"}
_SAMPLE = "订单等了三天还没发货，客服也不回复，我要退款！"
_NOW = datetime.fromisoformat("2026-11-24T15:00:00+08:00")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    status: Status
    detail: str


def healthy(checks: Iterable[Check]) -> bool:
    """Tell whether none failed."""
    return all(check.status != "fail" for check in checks)


def checks() -> Iterator[Check]:
    """Yield each check; one that cannot be made says why."""
    from replykit.pipeline import Kit

    yield Check("replykit", "ok", __version__)
    yield Check("python", "ok", f"{platform.python_version()} {sys.executable}")
    yield _encoding()
    for package, use in _OPTIONAL.items():
        there = find_spec(package) is not None
        yield Check(package, "ok" if there else "warn", "installed" if there else f"not installed; {use}")
    try:
        config = load_config()
        kit = Kit.load(config=config)
    except ReplykitError as problem:
        yield Check("configuration", "fail", str(problem))
        return
    yield Check("configuration", "ok", str(config.path or "no replykit.toml: defaults"))
    yield from _plugins(kit)
    yield from _shelves(kit)
    yield _reader(kit)
    yield _sample(kit)


def _encoding() -> Check:
    encoding = sys.stdout.encoding or locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") in ("utf8", "gb18030"):
        return Check("terminal", "ok", encoding)
    return Check("terminal", "warn", f"{encoding} may lack characters; set PYTHONUTF8=1")


def _plugins(kit: Kit) -> Iterator[Check]:
    if not kit.plugins:
        yield Check("plugins", "fail", "none found; install replykit itself: pip install replykit")
    for one in kit.plugins:
        yield Check(
            f"plugin {one.name}", "fail" if one.error else "ok", one.error or f"{one.module} {one.version}".strip()
        )


def _shelves(kit: Kit) -> Iterator[Check]:
    stores = sorted(kit.policies)
    yield Check("stores", "ok" if stores else "fail", ", ".join(stores) or "none registered")
    yield Check("writers", "ok", ", ".join(["template", *sorted(set(kit.registry.writers) - {"template"})]))
    yield Check("rules", "ok" if kit.rules else "warn", f"{len(kit.rules)} registered")


def _reader(kit: Kit) -> Check:
    """Say whether the trained reader loads: without it messages are read by lexicons alone, which reads less well."""
    path = kit.config.model.path
    if path == NONE:
        return Check("trained reader", "warn", "none: [model] path in replykit.toml; lexicons read alone")
    try:
        lost = kit.analyze(_SAMPLE, now=_NOW).warnings
    except ReplykitError as problem:
        return Check("trained reader", "fail", str(problem))
    return Check("trained reader", "fail" if lost else "ok", "; ".join(lost) or path)


def _sample(kit: Kit) -> Check:
    try:
        reply = kit.reply(_SAMPLE, now=_NOW)
    except Exception as problem:  # whatever it is, the doctor says so and goes on
        return Check("sample message", "fail", f"{type(problem).__name__}: {problem}")
    if reply.warnings:
        return Check("sample message", "warn", "; ".join(reply.warnings))
    types = ", ".join(label.code for label in reply.analysis.types) or "no complaint read"
    return Check("sample message", "ok", f"{types}; {len(reply.plan.options)} options; {reply.review.verdict}")


def settings_in_force() -> tuple[list[tuple[str, Any, str]], list[tuple[str, bool]]]:
    """Return (key, value, origin) of each setting, and (path, whether it is there) of each file looked for."""
    config = load_config()
    rows: list[tuple[str, Any, str]] = []
    for field in fields(Config):
        if field.name in ("path", "origin"):
            continue
        value = getattr(config, field.name)
        origin = str(config.origin.get(field.name, "default"))
        if isinstance(value, BaseModel):
            rows += [(f"{field.name}.{key}", one, origin) for key, one in value.model_dump(mode="json").items()]
        else:
            rows.append((field.name, value, origin))
    return rows, [(str(path), path.is_file()) for path in searched()]
