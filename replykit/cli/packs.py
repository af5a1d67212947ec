"""`replykit plugin new NAME` and `replykit plugin check PATH`: begin a store pack, and try it."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from replykit.cli import streams
from replykit.cli.options import Now
from replykit.errors import EXIT_FINDINGS, InputError, PluginError

plugin = typer.Typer(no_args_is_help=True, help="Begin a store pack, or check one.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.", show_default=False)]
Pack = Annotated[Path, typer.Argument(metavar="PATH", help="The folder of a pack or plugin.", show_default=False)]


@plugin.command(epilog="Example: replykit plugin new tea-house")
def new(name: Name) -> None:
    """Write a working store pack, a copy of the bundled apparel shop under NAME, into a folder of that name here."""
    from importlib.resources import files

    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise InputError("E105", f"{name!r} is no name for a pack", "use small letters, digits and hyphens: tea-house")
    folder = Path(name.replace("-", "_"))
    if folder.exists():
        raise InputError("E109", f"{folder} is there already", "choose another name, or move it away")
    try:
        _copy(files("replykit.bundled.apparel_cn"), folder, name)
    except OSError as problem:
        raise InputError("E109", f"{folder} cannot be written: {problem}", "go to a folder of your own") from problem
    streams.write(f"{folder} written: edit policy.toml, wording/ and examples.toml")
    streams.write(f"check it:  replykit plugin check {folder}")
    streams.write(f'use it:    store = "{name}" and, under [plugins], paths = ["{folder}"] in replykit.toml')


def _copy(source: Traversable, target: Path, name: str) -> None:
    target.mkdir()
    for one in sorted(source.iterdir(), key=lambda one: one.name):
        if one.is_dir() and one.name != "__pycache__":
            _copy(one, target / one.name, name)
        elif one.name.endswith((".py", ".toml")):
            text = one.read_text(encoding="utf-8").replace("apparel-cn", name)
            (target / one.name).write_text(text, encoding="utf-8")


@plugin.command(epilog="Example: replykit plugin check packs/tea_house --now 2026-11-24T15:00:00+08:00")
def check(path: Pack, now: Now = None) -> None:
    """Load a pack, run its examples.toml and its rules' examples; exit code 1 says that something came out wrong."""
    from replykit.config import PluginSection, load_config
    from replykit.examples import failures, load_examples
    from replykit.pipeline import Kit
    from replykit.testing import NOW, failing_examples

    path = path.resolve()
    config = replace(load_config(path), store=None, plugins=PluginSection(paths=(str(path),)))
    kit = Kit(config)
    info = next(one for one in kit.plugins if one.name == path.name)
    if info.error:
        raise PluginError("E301", f"{path.name} does not load: {info.error}", "mend it and check again")
    stores = [key for kind, _, key in (one.partition(": ") for one in info.provides) if kind == "policies"]
    codes = [key for kind, _, key in (one.partition(": ") for one in info.provides) if kind == "rules"]
    examples, at = load_examples(path), streams.read_now(now) or NOW
    wrong = failing_examples([rule for rule in kit.rules if rule.code in codes], Kit(config))
    for store in stores:
        own = Kit(replace(config, store=store))
        wrong += [one for example in examples for one in failures(example, own, at)]
    for one in wrong:
        streams.write(f"wrong: {one}")
    streams.write(
        f"{path.name}: {len(stores)} stores, {len(examples)} examples, {len(codes)} rules, {len(wrong)} wrong"
    )
    if wrong:
        raise typer.Exit(EXIT_FINDINGS)
