"""The whole way from labelled rows to a folder that `[model] path` may name.

1. A fifth of the rows, chosen by their text, is held out.
2. Both parts, n-grams and encoder, learn from the others and score those held out.
3. Mix, calibration and thresholds are found there, and the figures of the report.
4. Both parts learn anew from all rows; the folder is written.

The state of every step stands in `OUT/work` until the end: a course that was stopped goes on where it was.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from replykit.classifier import bundle, ngrams
from replykit.classifier.analyzer import hints
from replykit.classifier.codes import FAMILIES, MANY, Codes
from replykit.classifier.folded import folded
from replykit.config import NONE, Config, ModelSection
from replykit.errors import InputError
from replykit.labeled import Row
from replykit.pipeline import Kit
from replykit.testing import NOW
from replykit.training import base, corpus, export, finetune, joining, linear, pretrain, rows
from replykit.training.network import Network, Size
from replykit.training.targets import targets

Array = npt.NDArray[np.float32]
PARTS = 5  # one of them is held out
FEWEST = 20  # rows that a course needs
REPORT, WORK = "report.json", "work"


@dataclass(frozen=True, slots=True)
class Course:
    """What to learn from, and how. `base` is `bundled`, `scratch`, a folder or a model id of a hub."""

    data: tuple[Path, ...]
    out: Path
    base: str = base.BUNDLED
    unlabelled: tuple[Path, ...] = ()
    size: Size = field(default_factory=Size)  # of an encoder from scratch
    pretraining: pretrain.Plan = field(default_factory=pretrain.Plan)
    teaching: finetune.Plan = field(default_factory=finetune.Plan)
    lessons: int = 2  # whose weights are averaged
    features: int = 36_000  # n-grams kept
    seed: int = 0
    threads: int = 1


class Progress(Protocol):
    """Hears how far a step is: its name, how many of how many, and the loss where there is one."""

    def __call__(self, step: str, done: int, total: int, loss: float | None = None, /) -> None:
        """Take one report."""


@dataclass(frozen=True, slots=True)
class _Set:
    rows: Sequence[Row]
    texts: list[str]
    marks: list[dict[str, float]]
    wanted: Array

    def part(self, keep: Callable[[Row], bool]) -> _Set:
        chosen = [number for number, row in enumerate(self.rows) if keep(row)]
        picked = [[part[number] for number in chosen] for part in (self.rows, self.texts, self.marks)]
        return _Set(picked[0], picked[1], picked[2], self.wanted[chosen])  # type: ignore[arg-type]


def run(course: Course, progress: Progress) -> dict[str, object]:
    """Do the course and return its report, which also stands in `report.json`.

    Raises InputError E101, E109, E110, E111 or E112; PluginError E308 for a wrong base.
    """
    torch.set_num_threads(course.threads)
    read = rows.read(rows.training_files(course.data))
    if len(read) < FEWEST:
        raise InputError("E112", f"only {len(read)} labelled rows", f"label at least {FEWEST}; thousands read better")
    work = _work(course)
    start = _base(course, work, progress)
    codes = rows.codes_of(read, start.codes)
    whole = _Set(
        read, [folded(row.text) for row in read], _marks([row.text for row in read], progress), targets(read, codes)
    )
    held, rest = whole.part(_held), whole.part(lambda row: not _held(row))
    if not held.rows or not rest.rows:
        raise InputError("E112", "too few rows to hold some out", "label more messages")
    file = _linear(rest, course, progress, "n-grams, held out")
    counted = _counted(file, held)
    network = _taught(start, codes, rest, course, work / "held.pt", progress)
    encoded = finetune.predict(network, start.reader, held.texts)
    joints = joining.join(encoded, counted, held.wanted, codes)
    report = _figures(joints, encoded, counted, held, codes) | {"course": _settings(course), "rows": len(read)}
    network = _taught(start, codes, whole, course, work / "whole.pt", progress)
    file = _linear(whole, course, progress, "n-grams")
    _write(
        course,
        start,
        codes,
        joints,
        report,
        {bundle.ENCODER: export.quantized(export.to_onnx(network)), bundle.NGRAMS: file},
    )
    return report


def _held(row: Row) -> bool:
    return rows.part_of(row, PARTS) == 0


def _settings(course: Course) -> dict[str, object]:
    plain: dict[str, object] = json.loads(json.dumps(asdict(course), default=str))
    return {key: value for key, value in plain.items() if key not in ("out", "threads")}


def _work(course: Course) -> Path:
    """Return the folder of the state; one of another course is an error, so that nothing is mixed up."""
    work = course.out / WORK
    settings = json.dumps(_settings(course), indent=1)
    note = work / "settings.json"
    if (course.out / bundle.MODEL).exists() and not work.exists():
        raise InputError("E109", f"{course.out} holds a finished reader", "choose another --out, or remove the folder")
    if note.is_file() and note.read_text("utf-8") != settings:
        raise InputError("E109", f"{course.out} holds a stopped course with other settings", "choose another --out")
    try:
        work.mkdir(parents=True, exist_ok=True)
        note.write_text(settings, "utf-8")
    except OSError as problem:
        raise InputError("E109", f"{work}: {problem}", "choose a folder that you may write to") from problem
    return work


def _base(course: Course, work: Path, progress: Progress) -> base.Base:
    if course.base == base.BUNDLED:
        return base.bundled()
    if course.base != base.SCRATCH:
        folder = Path(course.base)
        return base.bundled(folder) if (folder / bundle.MODEL).is_file() else base.found(course.base)
    if not course.unlabelled:
        raise InputError("E111", "an encoder from scratch needs text", "name it: --unlabelled DIR")
    texts = corpus.read(course.unlabelled)
    texts += [folded(row.text) for row in rows.read(rows.training_files(course.data))]
    texts = [text for text in dict.fromkeys(texts) if text]
    plan = replace(course.pretraining, seed=course.seed)
    return base.scratch(texts, course.size, plan, work, partial(progress, "pre-training"))


def _marks(texts: Sequence[str], progress: Progress) -> list[dict[str, float]]:
    """Return what the bundled lexicons say of each text."""
    lexicon = Kit(Config(model=ModelSection(path=NONE))).registry.analyzers["reading"]
    found = []
    for number, text in enumerate(texts, 1):
        found.append(hints(lexicon.read(text, NOW, "zh-CN")))
        if number % 200 == 0 or number == len(texts):
            progress("lexicons", number, len(texts))
    return found


def _taught(start: base.Base, codes: Codes, chosen: _Set, course: Course, saved: Path, progress: Progress) -> Network:
    """Return the mean of `course.lessons` networks that begin alike and see the rows in orders of their own.

    It costs no more to read with than one, and reads better (Wortsman and others 2022, "Model soups").
    """
    states = []
    for lesson in range(course.lessons):
        network = start.network(codes, chosen.wanted.mean(0), course.seed)
        plan = replace(course.teaching, seed=course.seed + lesson)
        state = saved.with_suffix(f".{lesson}.pt")
        told = partial(progress, f"encoder, {saved.stem}, lesson {lesson + 1} of {course.lessons}")
        finetune.finetune(network, start.reader, chosen.texts, chosen.wanted, codes, plan, state, told)
        states.append(network.state_dict())
    network.load_state_dict(finetune.mean(states))
    return network


def _linear(chosen: _Set, course: Course, progress: Progress, name: str) -> bytes:
    progress(name, 0, 1)
    file = linear.fit(chosen.texts, chosen.marks, chosen.wanted, course.features)
    progress(name, 1, 1)
    return file


def _counted(file: bytes, held: _Set) -> Array:
    model = ngrams.unpack(file)
    counted = map(model.count, held.texts)
    return np.stack([model.logits(one, marks) for one, marks in zip(counted, held.marks, strict=True)])


def _figures(
    joints: dict[str, bundle.Joint], encoded: Array, counted: Array, held: _Set, codes: Codes
) -> dict[str, object]:
    """Return the figures on the rows held out; thresholds were found on the same rows, so F1 is a little kind."""
    families: dict[str, object] = {}
    for family in FAMILIES:
        columns = codes.columns[family]
        if not codes.of[family]:
            continue
        mixed = joining.mix(family, encoded[:, columns], counted[:, columns], joints[family].share)
        likely, holds = joining.scores(family, mixed, joints[family]), held.wanted[:, columns] >= 0.5
        before = joining.scores(family, mixed, bundle.plain(codes)[family])
        named = likely >= np.asarray(joints[family].threshold) if family in MANY else likely >= likely.max(1)[:, None]
        families[family] = {
            "f1": joining.micro_f1(named, holds),
            "calibration_error": joining.calibration_error(likely.ravel(), holds.ravel()),
            "calibration_error_before": joining.calibration_error(before.ravel(), holds.ravel()),
            "each": {
                code: {"f1": joining.micro_f1(named[:, [one]], holds[:, [one]]), "rows": int(holds[:, one].sum())}
                for one, code in enumerate(codes.of[family])
            },
        }
    first = codes.columns["first"]
    mixed = joining.mix("first", encoded[:, first], counted[:, first], joints["first"].share)
    bar = joining.complaint(joining.scores("first", mixed, joints["first"]), held.wanted[:, first], codes)
    return {"held_out": len(held.rows), "families": families, "complaint": bar}


def _write(
    course: Course,
    start: base.Base,
    codes: Codes,
    joints: dict[str, bundle.Joint],
    report: dict[str, object],
    files: dict[str, bytes],
) -> None:
    spec = bundle.Spec(
        name=course.out.resolve().name,
        types=codes.types,
        emotions=codes.emotions,
        signals=codes.signals,
        demands=codes.demands,
        span=start.reader.span,
        ends=start.reader.ends,
        complaint=report["complaint"],  # type: ignore[arg-type]
        families=joints,
    )
    for name, content in files.items():
        (course.out / name).write_bytes(content)
    (course.out / bundle.TOKENIZER).write_text(start.reader.tokenizer.to_str(), "utf-8")
    (course.out / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (course.out / bundle.MODEL).write_text(spec.model_dump_json(indent=1) + "\n", "utf-8")
    shutil.rmtree(course.out / WORK)
