"""Configuration: `replykit.toml`, the nearest one from the working directory upward over the user's own.

Precedence, highest first: an argument or option, the project's file, the user's file, the defaults here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_config_path
from pydantic import Field

from replykit.errors import ConfigError
from replykit.tomlfile import Strict, parse
from replykit.types import Region, Severity

NAME = "replykit.toml"
BUNDLED, NONE = "bundled", "none"  # the trained reader that the package ships; lexicons and patterns alone


class ReviewSection(Strict):
    """Which rules run (codes or their beginnings, such as "E" or "P6") and how grave they are."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: dict[str, Severity] = Field(default_factory=dict)


class PluginSection(Strict):
    """Plugins beside the installed ones: folders, relative to the file that names them; and names to leave out."""

    paths: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()


class ModelSection(Strict):
    """The trained reader and its threads: "bundled", "none", or a folder, relative to the file that names it."""

    path: str = Field(default=BUNDLED, min_length=1)
    threads: int = Field(default=1, ge=1)


class _File(Strict):
    store: str | None = None
    region: Region | None = None
    role: str = "agent"
    writer: str = "template"
    fail_on: Severity = "warning"
    review: ReviewSection = ReviewSection()
    model: ModelSection = ModelSection()
    plugins: PluginSection = PluginSection()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force; `origin` says which file set each of them (a key that is absent has its default)."""

    store: str | None = None
    region: Region | None = None
    role: str = "agent"
    writer: str = "template"
    fail_on: Severity = "warning"
    review: ReviewSection = field(default_factory=ReviewSection)
    model: ModelSection = field(default_factory=ModelSection)
    plugins: PluginSection = field(default_factory=PluginSection)
    path: Path | None = None
    origin: Mapping[str, Path] = field(default_factory=dict)


def searched(start: Path | None = None) -> list[Path]:
    """Return the files that would be read if they were there, the strongest first."""
    here = (start or Path.cwd()).resolve()
    return [*(folder / NAME for folder in (here, *here.parents)), user_config_path("replykit") / NAME]


def load_config(start: Path | None = None) -> Config:
    """Return the configuration in force for the folder `start` (default: the working directory).

    Raises ConfigError (E201, E202) naming file and line.
    """
    *upward, of_user = searched(start)
    project = next((path for path in upward if path.is_file()), None)
    values: dict[str, object] = {}
    origin: dict[str, Path] = {}
    for path in (of_user, project):
        if path is None or not path.is_file():
            continue
        for key, value in _read(path).items():
            values[key], origin[key] = value, path
    return Config(**values, path=project or (of_user if of_user.is_file() else None), origin=origin)  # type: ignore[arg-type]


def _read(path: Path) -> dict[str, object]:
    """Return the settings that the file itself makes, plugin folders made absolute."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError("E201", f"{path}: cannot be read: {problem}", "save it as UTF-8 text") from problem
    parsed = parse(text, str(path), _File, ConfigError, ("E201", "E202"))
    values = {key: getattr(parsed, key) for key in parsed.model_fields_set}
    if "plugins" in values:
        folders = tuple(str((path.parent / Path(one).expanduser()).resolve()) for one in parsed.plugins.paths)
        values["plugins"] = PluginSection(paths=folders, disable=parsed.plugins.disable)
    if "model" in values and parsed.model.path not in (BUNDLED, NONE):
        folder = str((path.parent / Path(parsed.model.path).expanduser()).resolve())
        values["model"] = parsed.model.model_copy(update={"path": folder})
    return values
