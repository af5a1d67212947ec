"""What is there: `replykit plugins`, `rules`, `rule CODE`, `config`, `doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replykit import terminal
from replykit.cli import options, streams
from replykit.cli.options import AsJson
from replykit.errors import EXIT_CLEAN, EXIT_FAILURE

if TYPE_CHECKING:
    from replykit.rules import Rule


def plugins(json: AsJson = False) -> None:
    """List the plugins, what they provide, and why one failed."""
    kit = options.load_kit(quiet=True)
    if json:
        keys = ("name", "module", "version", "status", "error")
        rows = [{key: getattr(one, key) for key in keys} | {"provides": list(one.provides)} for one in kit.plugins]
        return streams.answer({"plugins": rows})
    shown = [(one.name, one.version, one.status, _kinds(one.provides)) for one in kit.plugins]
    streams.show(terminal.table_view(("name", "version", "status", "provides"), shown))
    for one in kit.plugins:
        if one.error:
            streams.write(terminal.safe(f"{one.name}: {one.error}"))
    return None


def _kinds(provides: Iterable[str]) -> str:
    """Shorten what a plugin provides to its kinds, with names or a count: `policies: demo, rules: 40`."""
    by_kind: dict[str, list[str]] = {}
    for one in provides:
        kind, _, key = one.partition(": ")
        by_kind.setdefault(kind, []).append(key)
    return ", ".join(f"{kind}: {' '.join(keys) if len(keys) < 5 else len(keys)}" for kind, keys in by_kind.items())


def rules(json: AsJson = False) -> None:
    """List the review rules."""
    kit = options.load_kit()
    if json:
        return streams.answer({"rules": [_rule_json(one) for one in kit.rules]})
    return streams.show(terminal.rules_view(kit.rules))


Code = Annotated[str, typer.Argument(metavar="CODE", help="The rule's code.", show_default=False)]


def rule(code: Code, json: AsJson = False) -> None:
    """Show one rule's page: why it is there, a bad example, a good one, and how to set it."""
    kit = options.load_kit()
    found = next((one for one in kit.rules if one.code == code.strip().upper()), None)
    if found is None:
        raise options.unknown_rule(code, [one.code for one in kit.rules])
    return streams.answer(_rule_json(found)) if json else streams.show(terminal.rule_view(found))


def _rule_json(rule: Rule) -> dict[str, Any]:
    examples = {
        key: [{"reply": one.reply, "message": one.message, "region": one.region} for one in found]
        for key, found in (("bad", rule.bad), ("good", rule.good))
    }
    about = {"code": rule.code, "name": rule.name, "severity": rule.severity, "origin": list(rule.origin)}
    return {**about, "needs": sorted(rule.needs), "why": rule.why, **examples}


def config(json: AsJson = False) -> None:
    """Show the settings in force, where each comes from, and which files were looked for."""
    from replykit.cli.doctor import settings_in_force
    from replykit.wire import dumps

    values, files = settings_in_force()
    if json:
        rows = [{"key": key, "value": value, "from": origin} for key, value, origin in values]
        return streams.answer({"settings": rows, "searched": [{"path": path, "found": there} for path, there in files]})
    settings = [(key, dumps(value), origin) for key, value, origin in values]
    streams.show(terminal.table_view(("setting", "value", "from"), settings))
    searched = [(path, "found" if there else "not there") for path, there in files]
    return streams.show(terminal.table_view(("searched, the strongest first", ""), searched))


def doctor(json: AsJson = False) -> None:
    """Check that everything is in place; exit code 3 when something is broken."""
    from replykit.cli.doctor import checks, healthy

    found = list(checks())
    if json:
        rows = [{"name": one.name, "status": one.status, "detail": one.detail} for one in found]
        streams.answer({"ok": healthy(found), "checks": rows})
    else:
        streams.show(terminal.table_view(("", "check", ""), [(one.status, one.name, one.detail) for one in found]))
    raise typer.Exit(EXIT_CLEAN if healthy(found) else EXIT_FAILURE)
