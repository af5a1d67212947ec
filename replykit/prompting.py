"""The sentences that word a plan: read from TOML, checked on load, chosen by how closely they fit the case.

A sentence belongs to a region, a part and a slot; `when` says which cases it fits. For each slot the most specific
sentence that fits is taken, and the case's variant picks one of its texts, so that two customers do not read alike and
one case always reads the same. A text is a Jinja snippet in a sandbox: what a customer wrote is a value that is put in,
never a template. Every snippet is held against the variables that its slot knows when the file is loaded, so a wrong
name is found by the person who wrote it and not by a customer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.abc import Traversable
from pathlib import Path
from typing import Literal
from zlib import crc32

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment
from pydantic import Field

from replykit import resources
from replykit.errors import PromptError
from replykit.text import converter
from replykit.tomlfile import Strict, locate, parse
from replykit.types import REGIONS, Region

Case = Mapping[str, frozenset[str]]
"""What is known of a case, by the keys of `When`."""

# Values that may be missing in a case: a sentence that uses one must ask for it (`facts`) or test it (`{% if %}`).
SAID = ("name", "product", "waited", "contacted", "promised", "event", "amount_said", "quote", "wish", "wish_2")
_THING = ("thing",)
_OPTION = ("title", "owner", "deadline", "amount", "paid", "need")
_OPTIONAL = frozenset(SAID) | {"amount", "need", "reason", "ask_2", "noun"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a part: the variables its sentences may use; `fallback`: one sentence must fit every case."""

    variables: tuple[str, ...] = ()
    fallback: bool = True


SLOTS: Mapping[str, Mapping[str, Slot]] = {
    "empathy": {
        "greeting": Slot(SAID),
        "thing": Slot(SAID),
        "quote": Slot(SAID + _THING),
        "event": Slot(SAID + _THING),
        "detail": Slot(SAID + _THING, fallback=False),
        "feeling": Slot(SAID + _THING),
        "wish": Slot(SAID, fallback=False),
        "demand": Slot(SAID + _THING),
        "asked": Slot(SAID + _THING),
        "thanks": Slot(SAID + _THING),
        "unclear": Slot(SAID),
    },
    "apology": {"sorry": Slot(), "apology": Slot((*SAID, *_THING, "sorry"))},
    "options": {
        "sum": Slot(SAID),
        "need": Slot(SAID, fallback=False),
        "noun": Slot(SAID, fallback=False),
        "declined": Slot(("noun", "reason")),
        "pending": Slot(("noun",)),
        "lead": Slot(("noun",)),
        "option": Slot(SAID + _THING + _OPTION),
    },
    "follow_up": {
        "ask": Slot(SAID, fallback=False),
        "why": Slot(SAID),
        "question": Slot(("ask", "ask_2", "why")),
        "follow_up": Slot((*SAID, "owner", "at")),
        "close": Slot(SAID),
    },
}


class When(Strict):
    """The cases that a sentence fits: every key given must hold, by one of its values (`facts`: by all of them)."""

    kinds: tuple[Literal["complaint", "question", "praise", "unclear", "note"], ...] = ()
    types: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    intensity: tuple[int, ...] = ()
    levels: tuple[Literal["normal", "urgent", "critical"], ...] = ()
    signals: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    options: tuple[int, ...] = ()
    choice: tuple[Literal["all", "some", "none"], ...] = ()

    def fit(self, case: Case) -> tuple[int, int] | None:
        """Return how specific the match is (conditions, exact ones among them), or None when it does not fit."""
        conditions = exact = 0
        for key in self.model_fields_set:
            wanted = {str(value) for value in getattr(self, key)}
            known = case.get(key, frozenset())
            if key == "facts":
                if not wanted <= known:
                    return None
                conditions, exact = conditions + len(wanted), exact + len(wanted)
            elif wanted & known:
                conditions, exact = conditions + 1, exact + 1
            elif wanted & {code.partition(".")[0] for code in known}:
                conditions += 1
            else:
                return None
        return conditions, exact


class _Entry(Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    slot: str
    when: When = When()
    head: str = ""
    choice: bool = True
    text: tuple[str, ...] = Field(min_length=1)


class _File(Strict):
    version: int = Field(gt=0)
    sentence: tuple[_Entry, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in several texts. `head` names an option in a list; `choice`: the customer takes it or leaves it."""

    region: Region
    part: str
    version: int
    id: str
    slot: str
    when: When
    texts: tuple[str, ...]
    head: str = ""
    choice: bool = True
    store: str = ""

    @property
    def name(self) -> str:
        """The name in a trace: `zh-CN/empathy.v1#delay-waited`, a store's own one with `store:` before it."""
        own = f"{self.region}/{self.part}.v{self.version}#{self.id}"
        return f"{self.store}:{own}" if self.store else own

    def text(self, variant: int) -> str:
        """Return the snippet that `variant` picks; other sentences of the case pick independently of it."""
        return self.texts[crc32(f"{variant}#{self.id}".encode()) % len(self.texts)]

    def say(self, variant: int, values: Mapping[str, str]) -> str:
        """Return the words for `values`. Raises PromptError E401 when a value that it needs is not among them."""
        return fill(self.text(variant), values, self.name)


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences by region, part and slot, in the order of the file; `store` is empty for the shipped ones."""

    sentences: Mapping[tuple[str, str, str], tuple[Sentence, ...]]
    store: str = ""

    def choose(self, region: Region, part: str, slot: str, case: Case) -> Sentence | None:
        """Return the most specific sentence that fits; of equals the first in order."""
        best, best_fit = None, (-1, -1)
        for sentence in self.sentences.get((region, part, slot), ()):
            fit = sentence.when.fit(case)
            if fit is not None and fit > best_fit:
                best, best_fit = sentence, fit
        return best

    def overridden_by(self, other: Wording) -> Wording:
        """Return these sentences with those of `other` in their place (same region, part and id) or before them."""
        taken = {(one.region, one.part, one.id) for one in other}
        merged = {
            key: tuple(one for one in group if (one.region, one.part, one.id) not in taken)
            for key, group in self.sentences.items()
        }
        for key, group in other.sentences.items():
            merged[key] = group + merged.get(key, ())
        return Wording(merged, other.store)

    def __iter__(self) -> Iterator[Sentence]:
        """Go through all sentences, key by key."""
        return (sentence for group in self.sentences.values() for sentence in group)


_environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
_environment.globals.clear()  # range, lipsum, ...: a sentence needs none of them


@lru_cache(maxsize=4096)
def _compiled(snippet: str) -> Template:
    return _environment.from_string(snippet)


@lru_cache(maxsize=4096)
def variables(snippet: str) -> frozenset[str]:
    """Return the names that `snippet` takes from outside. Raises jinja2.TemplateSyntaxError."""
    if "{" not in snippet:
        return frozenset()
    return frozenset(meta.find_undeclared_variables(_environment.parse(snippet)))


def fill(snippet: str, values: Mapping[str, str], name: str) -> str:
    """Return `snippet`, of the sentence `name`, with `values` put in. Raises PromptError E401, E402."""
    if "{" not in snippet:
        return snippet
    try:
        return _compiled(snippet).render(values)
    except Exception as problem:  # jinja2 raises what the snippet's expression raises: any of it is the snippet's fault
        raise PromptError("E402", f"{name} cannot be worded: {problem}", "see the variables of its slot") from problem


def load_wording(folder: Path | Traversable, store: str = "", regions: Iterable[Region] = REGIONS) -> Wording:
    """Read `folder`/REGION/PART.toml, e.g. zh-CN/empathy.toml, of the `regions` named.

    The shipped wording must be whole: each region, part and slot, with a sentence for every case. A store's (`store`
    set) may hold any part of it.

    Raises PromptError E401 (a variable that the slot does not know) and E402 (anything else), naming file and line.
    """
    found: dict[tuple[str, str, str], list[Sentence]] = {}
    regions = tuple(regions)
    for region in regions:
        for path in _files(folder / region):
            part = path.name.removesuffix(".toml")
            if part not in SLOTS:
                close = get_close_matches(part, SLOTS, n=1) or list(SLOTS)
                raise PromptError("E402", f"{path}: no part is called {part!r}", f"parts: {', '.join(close)}")
            for sentence in _read(path, region, part, store):
                found.setdefault((region, part, sentence.slot), []).append(sentence)
    wording = Wording({key: tuple(group) for key, group in found.items()}, store)
    if not store:
        _check_whole(wording, folder, regions)
    elif not found:
        raise PromptError("E402", f"{folder}: no wording here", "it holds files such as zh-CN/empathy.toml")
    return wording


@lru_cache(maxsize=len(REGIONS) + 1)
def shipped_wording(*regions: Region) -> Wording:
    """Return the sentences that replykit ships for `regions`, or for all; one region loads three times sooner."""
    return load_wording(resources.prompts() / "drafts", regions=regions or REGIONS)


def _files(folder: Path | Traversable) -> list[Path | Traversable]:
    if not folder.is_dir():
        return []
    inside: Iterable[Path | Traversable] = folder.iterdir()
    return sorted((path for path in inside if path.name.endswith(".toml")), key=lambda path: path.name)


def _read(path: Path | Traversable, region: Region, part: str, store: str) -> Iterator[Sentence]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PromptError("E402", f"{path}: cannot be read: {problem}", "save it as UTF-8") from problem
    file = parse(text, str(path), _File, PromptError, ("E402", "E402"))
    seen: set[str] = set()
    for number, entry in enumerate(file.sentence):
        where = f"{path}:{locate(text, ['sentence', number, 'text'])}: sentence {entry.id!r}"
        if entry.id in seen:
            raise PromptError("E402", f"{where} stands twice", "give each sentence of a file its own id")
        seen.add(entry.id)
        _check(entry, region, part, where)
        yield Sentence(
            region, part, file.version, entry.id, entry.slot, entry.when, entry.text, entry.head, entry.choice, store
        )


def _check(entry: _Entry, region: Region, part: str, where: str) -> None:
    slots = SLOTS[part]
    if entry.slot not in slots:
        raise PromptError("E402", f"{where} has no slot {entry.slot!r}", f"slots of {part}: {', '.join(slots)}")
    known = slots[entry.slot].variables
    for snippet in (*entry.text, entry.head):
        if foreign := foreign_characters(snippet, region):
            raise PromptError("E402", f"{where} has {foreign!r}, which {region} does not write", "mend the script")
        try:
            used = variables(snippet)
        except TemplateSyntaxError as problem:
            raise PromptError("E402", f"{where} is no template: {problem}", f"it reads: {snippet}") from problem
        if unknown := sorted(used - set(known)):
            names = ", ".join(known) or "none"
            raise PromptError("E401", f"{where} uses an unknown variable {unknown[0]!r}", f"known here: {names}")
        for missing in sorted((used & _OPTIONAL) - set(entry.when.facts)):
            if not re.search(rf"\{{%-? *if [^%]*\b{missing}\b|\b{missing} or ", snippet) and not _given(entry, missing):
                advice = f'add when = {{ facts = ["{missing}"] }} or write {{% if {missing} %}}'
                raise PromptError("E402", f"{where} uses {missing!r}, which a case may lack", advice)


def _given(entry: _Entry, name: str) -> bool:
    """Tell whether `name` always has a value where the slot is used."""
    return (entry.slot, name) in {("demand", "wish"), ("quote", "quote"), ("declined", "noun"), ("pending", "noun")}


def _check_whole(wording: Wording, folder: Path | Traversable, regions: Iterable[Region]) -> None:
    for region in regions:
        for part, slots in SLOTS.items():
            for slot, wants in slots.items():
                group = wording.sentences.get((region, part, slot), ())
                if not group or (wants.fallback and not any(one.when == When() for one in group)):
                    message = f"{folder / region / part}.toml: slot {slot!r} has no sentence for every case"
                    raise PromptError("E402", message, "add one without `when`")


# Written in both scripts, though a converter would change them, or a matter of style rather than of script.
_SHARED = frozenset(
    "台后里面只干系才斗谷制松范余云几于着著乾布周占升卷向吁同哄回岳志念托抵采嘆群裡床線峰煙雇杠暗烟核吃唇了"
)


@lru_cache(maxsize=4096)
def foreign_characters(text: str, region: Region) -> str:
    """Return the characters of `text` that belong to the other script than `region`'s, in order."""
    safe = "".join(char if 0x3400 <= ord(char) <= 0x9FFF else " " for char in text)
    converted = converter("t2s" if region == "zh-CN" else "s2t")(safe)
    if len(converted) != len(safe):  # no converter of characters does that; a changed table might
        return text
    return "".join(a for a, b in zip(safe, converted, strict=True) if a != b and a not in _SHARED)
