"""The encoder: subword tokens of the folded text through ONNX Runtime, long texts in windows that overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from replykit.classifier.folded import folded

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Logits = npt.NDArray[np.float32]
_BATCH = 32  # windows that run at once; sorted by length, so that little is padded
_TOKENS = 4096  # and tokens: a batch of long windows is smaller


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

    def logits(self, texts: Sequence[str]) -> tuple[Logits, list[int]]:
        """Return the logits of every window, and for each window the number of its text. Any text has a window."""
        owners: list[int] = []
        windows: list[list[int]] = []
        for number, encoding in enumerate(
            self._tokenizer.encode_batch([folded(text) for text in texts], add_special_tokens=False)
        ):
            for window in self._windows(encoding.ids):
                owners.append(number)
                windows.append(window)
        order = sorted(range(len(windows)), key=lambda one: (len(windows[one]), one))
        rows: list[Any] = [None] * len(windows)
        for batch in _batches(order, windows):
            for one, row in zip(batch, self._run([windows[one] for one in batch]), strict=True):
                rows[one] = row
        return np.stack(rows), owners

    def _windows(self, ids: list[int]) -> list[list[int]]:
        first, last = self._ends
        step = self._span * 3 // 4
        starts = range(0, max(1, len(ids) - self._span + step), step)
        return [[first, *ids[start : start + self._span], last] for start in starts]

    def _run(self, windows: list[list[int]]) -> Logits:
        ids = np.zeros((len(windows), max(map(len, windows))), np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window)] = window
            mask[row, : len(window)] = 1
        logits: Logits = self._session.run(None, {"ids": ids, "mask": mask})[0]
        return logits


def _batches(order: list[int], windows: list[list[int]]) -> list[list[int]]:
    batches: list[list[int]] = [[]]
    for one in order:
        full = len(batches[-1]) >= _BATCH or (len(batches[-1]) + 1) * len(windows[one]) > _TOKENS
        if batches[-1] and full:
            batches.append([])
        batches[-1].append(one)
    return batches
