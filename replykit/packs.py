"""A store pack without Python code: a folder with `policy.toml` and, as it likes, `wording/`, `rules/`, `lexicon/`."""

from __future__ import annotations

from pathlib import Path

from replykit.errors import PluginError
from replykit.hookspecs import Analyzer, Register, hookimpl
from replykit.lexicon import Lexicon, LexiconAnalyzer
from replykit.policy import Policy, load_policy
from replykit.prompting import Wording, load_wording
from replykit.rules import Rule, load_rules


class FolderPack:
    """The plugin that a folder of data files is."""

    def __init__(self, path: Path) -> None:
        if not (path / "policy.toml").is_file():
            what = "is no folder" if not path.is_dir() else "holds neither __init__.py nor policy.toml"
            raise PluginError("E301", f"{path} {what}", "see [plugins] paths in replykit.toml")
        self.__name__ = path.name
        self._path = path
        self._policy = load_policy(path / "policy.toml")

    @hookimpl
    def register_policies(self, register: Register[Policy]) -> None:
        """Register the store."""
        register(self._policy)

    @hookimpl
    def register_prompts(self, register: Register[Wording]) -> None:
        """Register the store's own sentences."""
        if (self._path / "wording").is_dir():
            register(load_wording(self._path / "wording", store=self._policy.name))

    @hookimpl
    def register_rules(self, register: Register[Rule]) -> None:
        """Register the store's own rules."""
        if (self._path / "rules").is_dir():
            for rule in load_rules(self._path / "rules"):
                register(rule)

    @hookimpl
    def register_analyzers(self, register: Register[Analyzer]) -> None:
        """Register the store's own words."""
        if (self._path / "lexicon").is_dir():
            register(LexiconAnalyzer(self._policy.name, Lexicon.load(self._path / "lexicon")))
