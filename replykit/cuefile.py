"""What the files of a lexicon hold: TOML, one file a family of codes, and `scope.toml` for what turns a find off."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from importlib.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from replykit.errors import PluginError
from replykit.folding import expand
from replykit.prefilter import ANY, Pattern, pattern
from replykit.tomlfile import Strict, locate, parse

Family = Literal["types", "signals", "demands", "emotions", "intensity", "domain"]
FAMILIES: tuple[Family, ...] = ("types", "signals", "demands", "emotions", "intensity", "domain")
SCOPE_FILE = "scope.toml"

_UNBOUNDED = re.compile(r"(?<!\\)(?:[.)\]]|\\[A-Za-z])(?:[*+]|\{\d*,\})")


@lru_cache(maxsize=8192)
def ready(source: str) -> Pattern:
    """Return a pattern as it stands in a file, ready to search folded text. Raises re.error."""
    return pattern(expand(source))


def _pattern(source: str) -> str:
    if _UNBOUNDED.search(source):
        raise ValueError(f"{source!r} repeats without a bound; write … or a bounded repeat like .{{0,6}}")
    try:
        found = ready(source)
        if "(?<" in source:
            _ = found.regex  # a mistake that only compiling finds
    except re.error as problem:
        raise ValueError(f"{source!r} is not a regular expression: {problem}") from problem
    if ANY in found.needs and found.regex.match(""):
        raise ValueError(f"{source!r} matches nothing at all; give at least one character that must be there")
    return source


def _word(word: str) -> str:
    if not word.strip():
        raise ValueError("a word is empty")
    return word


Patterns = tuple[Annotated[str, AfterValidator(_pattern)], ...]
Word = Annotated[str, AfterValidator(_word)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]


class Cue(Strict):
    """Words and patterns that speak for `code`, or `against` it.

    `labels` are codes that must have been read already; without words they are the cue themselves.
    """

    code: Code
    weight: float = Field(default=0.8, gt=0, le=1)
    words: tuple[Word, ...] = ()
    patterns: Patterns = ()
    unless: Patterns = ()
    labels: tuple[Code, ...] = ()
    negation: str | None = None
    against: bool = False

    @model_validator(mode="after")
    def _something(self) -> Cue:
        if not (self.words or self.patterns or self.labels):
            raise ValueError("a cue needs words, patterns or labels")
        return self


class CueFile(Strict):
    """One family's cues. `labels` names every code in Chinese; the rest are defaults for all cues of the file."""

    family: Family
    labels: dict[Code, str] = Field(min_length=1)
    negation: str = ""
    own_words: bool = False
    unless: dict[Code, Patterns] = Field(default_factory=dict)
    cue: tuple[Cue, ...] = ()


class Negation(Strict):
    """Words that turn a find off when they stand at most `gap` characters before it in the same clause.

    With `inside`, they do so too where they reach into the find: a pattern may begin before the negation ends.
    """

    name: str
    words: tuple[Word, ...] = Field(min_length=1)
    gap: int = Field(default=2, ge=0, le=8)
    inside: bool = False
    unless: Patterns = ()


class Reported(Strict):
    """Who says what in quotes: `speakers` and `verbs` before a quotation make it the staff's words."""

    speakers: tuple[Word, ...] = Field(min_length=1)
    verbs: tuple[Word, ...] = Field(min_length=1)


class ScopeFile(Strict):
    """What turns a find off."""

    negation: tuple[Negation, ...] = ()
    reported: Reported | None = None


def load_files(folder: Path | Traversable) -> tuple[ScopeFile, dict[str, CueFile]]:
    """Read every `*.toml` of `folder`; the files of cues come by name.

    Raises PluginError (E305), naming file and line, for a file that cannot be read or is wrong.
    """
    texts = _texts(folder)
    scope = ScopeFile()
    if SCOPE_FILE in texts:
        scope = parse(texts.pop(SCOPE_FILE), f"{folder}/{SCOPE_FILE}", ScopeFile, PluginError, ("E305", "E305"))
    negations = {entry.name for entry in scope.negation}
    files = {}
    for name, text in texts.items():
        files[name] = parse(text, f"{folder}/{name}", CueFile, PluginError, ("E305", "E305"))
        _check(files[name], negations, text, f"{folder}/{name}")
    return scope, files


def _texts(folder: Path | Traversable) -> dict[str, str]:
    try:
        files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
        texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    except (OSError, UnicodeDecodeError) as problem:
        raise PluginError("E305", f"{folder}: cannot be read: {problem}", "use a folder of UTF-8 TOML") from problem
    if not texts:
        raise PluginError("E305", f"{folder}: holds no lexicon", "put one TOML file a family there")
    return texts


def _check(file: CueFile, negations: Set[str], text: str, path: str) -> None:
    """Raise E305 where a cue names a code or a negation that is not there."""
    for number, cue in enumerate(file.cue):
        if cue.code not in file.labels:
            line = locate(text, ["cue", number, "code"])
            raise PluginError("E305", f"{path}:{line}: code {cue.code!r} is not under [labels]", "add its name there")
        negation = file.negation if cue.negation is None else cue.negation
        if negation and negation not in negations:
            line = locate(text, ["negation"] if cue.negation is None else ["cue", number, "negation"])
            known = ", ".join(sorted(negations)) or "none"
            raise PluginError("E305", f"{path}:{line}: no negation {negation!r}", f"{SCOPE_FILE} has: {known}")
