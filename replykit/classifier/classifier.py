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
from replykit.classifier.codes import FAMILIES, MANY, NONE, Codes
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


class Classifier:
    """A trained reader, ready to use. Its files load on the first text; one classifier may serve many threads."""

    def __init__(self, folder: Path | Traversable, threads: int = 1) -> None:
        """Check `model.json` of `folder`; the large files are read later. Raises PluginError E308."""
        self.folder = folder
        self.spec = bundle.read_spec(folder)
        self.codes = self.spec.codes
        self._threads = threads
        self._loading = threading.Lock()

    def scores(self, texts: Sequence[str], hints: Sequence[Hints]) -> list[Scores]:
        """Return the calibrated scores of each text; `hints` holds the lexicon's scores by `family.code`."""
        return self.calibrated(self.logits(self.windows(texts), texts, hints))

    def calibrated(self, rows: Array) -> list[Scores]:
        """Return the scores that rows of mixed logits stand for."""
        calibrated = {family: self._calibrated(family, rows[:, self.codes.columns[family]]) for family in FAMILIES}
        return [Scores(self.codes, {one: calibrated[one][row] for one in FAMILIES}) for row in range(len(rows))]

    def windows(self, texts: Sequence[str]) -> list[Window]:
        """Return what the encoder says of every window of the texts."""
        return self._parts[0].read(texts) if texts else []

    def logits(self, windows: Sequence[Window], texts: Sequence[str], hints: Sequence[Hints]) -> Array:
        """Return mixed, uncalibrated logits, a row a text; `windows` are those of the texts."""
        if not texts:
            return np.zeros((0, self.codes.width), np.float32)
        linear = self._parts[1]
        encoded = self.joined(windows)
        if linear is None:
            return encoded
        counted = np.stack([linear.logits(text, hint) for text, hint in zip(texts, hints, strict=True)])
        return self.mixed(encoded, counted)

    def telling(self, text: str, windows: Sequence[Window], columns: Sequence[int]) -> list[Span]:
        """Return for each of `columns` the span of `text` that its score would miss most; `windows` are the text's."""
        linear = self._parts[1]
        parts = linear.parts(text, columns) if linear else []
        families = [family for family, _ in self.codes]
        shares = [self.spec.families[families[column]].share if linear else 1.0 for column in columns]
        return evidence.telling(text, windows, parts, columns, np.array(shares, np.float32))

    def mixed(self, encoded: Array, counted: Array) -> Array:
        """Return the mix of both parts' logits; a family of exclusive codes is mixed as log probabilities."""
        result = np.empty_like(encoded)
        for family, columns in self.codes.columns.items():
            share = self.spec.families[family].share
            one, two = encoded[:, columns], counted[:, columns]
            if family not in MANY:
                one, two = log_softmax(one), log_softmax(log_sigmoid(two))
            result[:, columns] = share * one + (1 - share) * two
        return result

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

    def _calibrated(self, family: str, logits: Array) -> Array:
        joint = self.spec.families[family]
        moved = logits * np.asarray(joint.scale, np.float32) + np.asarray(joint.shift, np.float32)
        result: Array = np.exp(log_sigmoid(moved) if family in MANY else log_softmax(moved))
        return result

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
