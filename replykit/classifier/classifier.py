"""Joins encoder and n-grams: mixes their logits family by family, calibrates them, and says how likely each code is."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from replykit.classifier import bundle, evidence, ngrams
from replykit.classifier.codes import MANY, NONE, Codes
from replykit.classifier.encoder import Encoder, Window
from replykit.errors import PluginError
from replykit.types import Span

Array = npt.NDArray[np.float32]
Hints = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scores:
    """How likely each code of each family is for one text."""

    codes: Codes
    of: Mapping[str, Array]

    @property
    def complaint(self) -> float:
        """How likely the text is a complaint at all."""
        return 1.0 - float(self.of["first"][self.codes.of["first"].index(NONE)])


@dataclass(frozen=True, slots=True)
class _Columns:
    """The settings of bundle.Joint, one value a column: the encoder's share of the mix, and the calibration."""

    share: Array
    scale: Array
    shift: Array


class Classifier:
    """A trained reader. Its files load on the first text, E308 if they do not; one may serve many threads."""

    def __init__(self, folder: Path | Traversable, threads: int = 1) -> None:
        self.folder = folder
        self._threads = threads
        self._loading = threading.Lock()

    @cached_property
    def spec(self) -> bundle.Spec:
        """What `model.json` of the folder says. Raises PluginError E308."""
        return bundle.read_spec(self.folder)

    @cached_property
    def codes(self) -> Codes:
        """The codes that it reads. Raises PluginError E308."""
        return self.spec.codes

    def scores(self, texts: Sequence[str], hints: Sequence[Hints]) -> list[Scores]:
        """Return the calibrated scores of each text; `hints` holds the lexicon's scores by `family.code`."""
        return self.calibrated(self.logits(self.windows(texts), self.counted(texts), hints))

    def windows(self, texts: Sequence[str]) -> list[Window]:
        """Return what the encoder says of every window of the texts."""
        return self._parts[0].read(texts) if texts else []

    def counted(self, texts: Sequence[str]) -> list[ngrams.Counted]:
        """Return the n-grams of each text; none where there is no linear part."""
        linear = self._parts[1]
        return [linear.count(text) for text in texts] if linear else []

    def logits(self, windows: Sequence[Window], counted: Sequence[ngrams.Counted], hints: Sequence[Hints]) -> Array:
        """Return mixed, uncalibrated logits, a row a text; `windows` and `counted` are those of the texts."""
        if not windows:
            return np.zeros((0, self.codes.width), np.float32)
        encoded, linear = self.joined(windows), self._parts[1]
        if linear is None:
            return encoded
        pairs = zip(counted, hints, strict=True)
        return self.mixed(encoded, np.stack([linear.logits(one, hint) for one, hint in pairs]))

    def telling(
        self, text: str, windows: Sequence[Window], counted: Sequence[ngrams.Counted], columns: list[int]
    ) -> list[Span]:
        """Return for each of `columns` the span of `text` that its score would miss most.

        `windows` and `counted` are those of the text alone.
        """
        linear = self._parts[1]
        parts = linear.parts(counted[0], columns) if linear else None
        shares = self._joint.share[columns] if linear else np.ones(len(columns), np.float32)
        return evidence.telling(text, windows, parts, columns, shares)

    def mixed(self, encoded: Array, counted: Array) -> Array:
        """Return the mix of both parts' logits; a family of exclusive codes is mixed as log probabilities."""
        one, two, share = encoded.copy(), counted.copy(), self._joint.share
        for columns in self._exclusive:
            one[:, columns] = log_softmax(one[:, columns])
            two[:, columns] = log_softmax(log_sigmoid(two[:, columns]))
        result: Array = share * one + (1 - share) * two
        return result

    def calibrated(self, rows: Array) -> list[Scores]:
        """Return the scores that rows of mixed logits stand for."""
        moved = rows * self._joint.scale + self._joint.shift
        likely = np.exp(log_sigmoid(moved))
        for columns in self._exclusive:
            likely[:, columns] = np.exp(log_softmax(moved[:, columns]))
        places = self.codes.columns.items()
        return [Scores(self.codes, {family: row[columns] for family, columns in places}) for row in likely]

    def joined(self, windows: Sequence[Window]) -> Array:
        """Return one row a text out of its windows' rows: what is said once holds; feelings are averaged."""
        rows = np.stack([window.logits for window in windows])
        numbers = np.array([window.text for window in windows])
        if len(windows) == numbers[-1] + 1:
            return rows
        result = np.empty((numbers[-1] + 1, rows.shape[1]), np.float32)
        for text in range(len(result)):
            own = rows[numbers == text]
            for family, columns in self.codes.columns.items():
                part = own[:, columns]
                result[text, columns] = part.max(0) if family in MANY else log_softmax(part).mean(0)
        return result

    @cached_property
    def _exclusive(self) -> list[slice]:
        return [columns for family, columns in self.codes.columns.items() if family not in MANY]

    @cached_property
    def _joint(self) -> _Columns:
        joints = [(self.spec.families[family], columns) for family, columns in self.codes.columns.items()]
        share = [joint.share for joint, columns in joints for _ in range(columns.start, columns.stop)]
        scale, shift = ([one for joint, _ in joints for one in getattr(joint, name)] for name in ("scale", "shift"))
        return _Columns(*(np.array(values, np.float32) for values in (share, scale, shift)))

    @cached_property
    def _parts(self) -> tuple[Encoder, ngrams.NgramModel | None]:
        with self._loading:
            if "_parts" in self.__dict__:  # another thread was first
                return self.__dict__["_parts"]  # type: ignore[no-any-return]
            return self._load()

    def _load(self) -> tuple[Encoder, ngrams.NgramModel | None]:
        tokenizer = bundle.read_file(self.folder, bundle.TOKENIZER).decode("utf-8", "replace")
        model = bundle.read_file(self.folder, bundle.ENCODER)
        try:
            encoder = Encoder.load(model, tokenizer, self.spec.span, self.spec.ends, self._threads)
            linear = None
            if (self.folder / bundle.NGRAMS).is_file():
                linear = ngrams.unpack(bundle.read_file(self.folder, bundle.NGRAMS))
        except PluginError:
            raise
        except Exception as problem:  # onnxruntime and tokenizers raise classes of their own
            advice = "train it anew: replykit train"
            raise PluginError("E308", f"{self.folder}: cannot be loaded: {problem}", advice) from problem
        return encoder, linear


def log_softmax(logits: Array) -> Array:
    """Return the logarithm of the softmax of each row."""
    moved = logits - logits.max(-1, keepdims=True)
    result: Array = moved - np.log(np.exp(moved).sum(-1, keepdims=True))
    return result


def log_sigmoid(logits: Array) -> Array:
    """Return the logarithm of the logistic function, without overflow."""
    result: Array = np.minimum(logits, 0) - np.log1p(np.exp(-np.abs(logits)))
    return result
