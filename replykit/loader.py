"""Find plugins and let each register its objects. One that fails is reported with its name; the others still load."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pluggy

from replykit import hookspecs
from replykit.config import Config
from replykit.errors import PluginError, ReplykitError
from replykit.registry import Shelf

GROUP = "replykit"
Candidate = tuple[str, Callable[[], object], str]


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """One plugin as `replykit plugins` shows it."""

    name: str
    module: str
    version: str = ""
    error: str = ""
    provides: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """`ok`, or `failed` with the reason in `error`."""
        return "failed" if self.error else "ok"


def load(
    config: Config, shelves: Mapping[str, Shelf[Any]], folder: Callable[[Path], object], extra: Iterable[object] = ()
) -> tuple[pluggy.PluginManager, tuple[PluginInfo, ...]]:
    """Load the installed plugins, those that `config` names and `extra` ones onto `shelves` (keyed by hook name).

    `folder` opens a folder without Python code as a plugin. Raises PluginError E302 when two plugins claim one key.
    """
    manager = pluggy.PluginManager(hookspecs.NAMESPACE)
    manager.add_hookspecs(hookspecs)
    infos = []
    for name, opener, version in _candidates(config, folder, extra):
        try:
            plugin = opener()
            _admit(manager, plugin, name)
            provides = _register(manager, plugin, name, config, shelves)
        except Exception as problem:  # a stranger's code may raise anything; the rest must go on
            if isinstance(problem, PluginError) and problem.code == "E302":
                raise
            _expel(manager, name)
            infos.append(PluginInfo(name, "", version, _explain(problem)))
        else:
            infos.append(PluginInfo(name, _module(plugin), version, provides=provides))
    return manager, tuple(infos)


def _candidates(config: Config, folder: Callable[[Path], object], extra: Iterable[object]) -> Iterator[Candidate]:
    """Yield name, opener and version of each plugin: installed ones by name, then folders, then objects."""
    skip = set(config.plugins.disable)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        if point.name not in skip:
            yield point.name, point.load, _version(point)
    for path in map(Path, config.plugins.paths):
        if path.name not in skip:
            yield path.name, _folder_opener(path, folder), ""
    for number, plugin in enumerate(extra, 1):
        name = getattr(plugin, "__name__", None) or f"{type(plugin).__name__}-{number}"
        yield str(name), lambda plugin=plugin: plugin, ""  # type: ignore[misc]


def _folder_opener(path: Path, folder: Callable[[Path], object]) -> Callable[[], object]:
    return lambda: _import(path) if (path / "__init__.py").is_file() else folder(path)


def _import(path: Path) -> object:
    """Import the package at `path` under a name of our own, so that no installed module is shadowed."""
    name = f"replykit_pack_{path.name}"
    spec = importlib.util.spec_from_file_location(name, path / "__init__.py", submodule_search_locations=[str(path)])
    if spec is None or spec.loader is None:
        raise PluginError("E301", f"{path} cannot be imported", "name a folder that holds __init__.py or policy.toml")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _admit(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    manager.register(plugin, name)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as problem:
        known = sorted(one for one in vars(manager.hook) if not one.startswith("_"))
        raise PluginError("E304", str(problem).strip(), f"known hooks: {', '.join(known)}") from problem


def _expel(manager: pluggy.PluginManager, name: str) -> None:
    if manager.get_plugin(name) is not None:
        manager.unregister(name=name)


def _register(
    manager: pluggy.PluginManager, plugin: object, name: str, config: Config, shelves: Mapping[str, Shelf[Any]]
) -> tuple[str, ...]:
    """Let `plugin` fill the shelves; all of it or, when one hook raises, nothing."""
    others = [other for other in manager.get_plugins() if other is not plugin]
    manager.subset_hook_caller("configure", others)(config=config)
    gathered: list[tuple[Shelf[Any], object]] = []
    for hook, shelf in shelves.items():
        manager.subset_hook_caller(hook, others)(register=_gather(shelf, gathered), config=config)
    return tuple(f"{shelf.kind}: {shelf.add(item, name)}" for shelf, item in gathered)


def _gather(shelf: Shelf[Any], gathered: list[tuple[Shelf[Any], object]]) -> Callable[[object], None]:
    def register(item: object) -> None:
        shelf.key(item)  # an object of the wrong kind fails here, before anything is on a shelf
        gathered.append((shelf, item))

    return register


def _explain(problem: Exception) -> str:
    return str(problem) if isinstance(problem, ReplykitError) else f"E301: {type(problem).__name__}: {problem}"


def _module(plugin: object) -> str:
    return str(getattr(plugin, "__name__", None) or type(plugin).__module__)


def _version(point: EntryPoint) -> str:
    return point.dist.version if point.dist else ""
