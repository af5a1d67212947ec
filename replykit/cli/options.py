"""Options that several commands share, and the kit that they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replykit.cli import streams
from replykit.errors import ConfigError
from replykit.types import Region

if TYPE_CHECKING:
    from replykit.pipeline import Kit

Store = Annotated[str | None, typer.Option("--store", help="The store whose policy counts.", metavar="NAME")]
Where = Annotated[Region | None, typer.Option("--region", help="Whose wording; else the message's own region.")]
OrderFile = Annotated[Path | None, typer.Option("--order", help="What is known of the order.", metavar="FILE.json")]
Role = Annotated[str | None, typer.Option("--role", help="Who replies; policies set limits by role.", metavar="NAME")]
Writer = Annotated[str | None, typer.Option("--writer", help="What words it: template, or a plugin.", metavar="NAME")]
Now = Annotated[str | None, typer.Option("--now", help="Fix the clock: the output repeats exactly.", metavar="ISO8601")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Select = Annotated[
    list[str] | None, typer.Option("--select", help="Only these rules: codes or beginnings (P6,D).", metavar="CODES")
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="Not these rules.", metavar="CODES")]


def load_kit(*, quiet: bool = False, **settings: Any) -> Kit:
    """Return a kit of `settings` over the configuration; failed plugins are named on standard error unless `quiet`."""
    from replykit.pipeline import Kit

    kit = Kit.load(**settings)
    if not quiet:
        warn(kit.warnings)
    return kit


def warn(warnings: Iterable[str]) -> None:
    """Print warnings on standard error."""
    for warning in warnings:
        streams.note(f"warning: {warning}")


def name_store(kit: Kit, region: Region) -> None:
    """Say which store was chosen where none was named."""
    if kit.policy is None and kit.policies:
        name = kit.policy_for(region).name
        streams.note(f"store: {name}, the bundled one that fits {region}; choose another with --store NAME")


def codes(given: Iterable[str] | None, known: Sequence[str]) -> tuple[str, ...]:
    """Return codes split at commas. One that begins no `known` code is ConfigError E203 with those that come close."""
    wanted = [code.strip().upper() for one in given or () for code in one.split(",") if code.strip()]
    for code in wanted:
        if known and not any(one.startswith(code) for one in known):
            raise unknown_rule(code, known)
    return tuple(wanted)


def unknown_rule(code: str, known: Sequence[str]) -> ConfigError:
    """Return the error for a code that no rule has."""
    from difflib import get_close_matches

    close = get_close_matches(code.upper(), known, n=3, cutoff=0.5)
    advice = f"did you mean {', '.join(close)}? " if close else ""
    return ConfigError("E203", f"no rule {code!r}", f"{advice}`replykit rules` lists them")
