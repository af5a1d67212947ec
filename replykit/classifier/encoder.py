"""The encoder: subword tokens of the folded text through ONNX Runtime, long texts in windows that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from replykit.classifier.folded import folded

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Logits = npt.NDArray[np.float32]
_BATCH = 32  # windows that run at once; sorted by length, so that little is padded
_TOKENS = 4096  # and tokens: a batch of long windows is smaller


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder says of one window: the number of its text, its logits (codes), and those of each token.

    `each` is (tokens, codes); `places` holds where each token stands in the folded text.
    """

    text: int
    logits: Logits
    each: Logits
    places: Sequence[tuple[int, int]]


class Encoder:
    """An ONNX encoder with its tokenizer. `span` tokens make a window; two neighbors share a quarter of it."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, span: int, ends: tuple[int, int]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._span = span
        self._ends = ends

    @classmethod
    def load(cls, model: bytes, tokenizer: str, span: int, ends: tuple[int, int], threads: int) -> Encoder:
        """Build a session of `threads` threads; `ends` are the ids put before and after each window.

        Loading onnxruntime and tokenizers takes 0.2 s: they load here, on the first text.
        """
        import onnxruntime as ort
        from tokenizers import Tokenizer

        options = ort.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return cls(session, Tokenizer.from_str(tokenizer), span, ends)

    def read(self, texts: Sequence[str]) -> list[Window]:
        """Return the windows of all texts, in their order. Any text has one."""
        pieces: list[tuple[int, list[int], list[tuple[int, int]]]] = []
        encoded = self._tokenizer.encode_batch([folded(text) for text in texts], add_special_tokens=False)
        for number, encoding in enumerate(encoded):
            for start in self._starts(len(encoding.ids)):
                part = slice(start, start + self._span)
                pieces.append((number, encoding.ids[part], encoding.offsets[part]))
        order = sorted(range(len(pieces)), key=lambda one: (len(pieces[one][1]), one))
        windows: dict[int, Window] = {}
        for batch in _batches(order, [len(ids) for _, ids, _ in pieces]):
            logits, each = self._run([pieces[one][1] for one in batch])
            for row, one in enumerate(batch):
                number, ids, places = pieces[one]
                windows[one] = Window(number, logits[row], each[row, 1 : len(ids) + 1], places)
        return [windows[one] for one in range(len(pieces))]

    def _starts(self, length: int) -> range:
        step = self._span * 3 // 4
        return range(0, max(1, length - self._span + step), step)

    def _run(self, windows: list[list[int]]) -> tuple[Logits, Logits]:
        first, last = self._ends
        ids = np.zeros((len(windows), max(map(len, windows)) + 2), np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window) + 2] = [first, *window, last]
            mask[row, : len(window) + 2] = 1
        logits, each = self._session.run(["logits", "each"], {"ids": ids, "mask": mask})
        return logits, each


def _batches(order: list[int], lengths: list[int]) -> list[list[int]]:
    batches: list[list[int]] = [[]]
    for one in order:
        full = len(batches[-1]) >= _BATCH or (len(batches[-1]) + 1) * (lengths[one] + 2) > _TOKENS
        if batches[-1] and full:
            batches.append([])
        batches[-1].append(one)
    return batches
