"""A round on unlabelled messages: both parts together label them, and a new encoder learns from their scores first.

It learns how sure they were, not what they would have said (Hinton and others 2015, "Distilling the Knowledge in a
Neural Network"), and so takes over what the n-grams and the lexicon know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from replykit.classifier import ngrams
from replykit.classifier.bundle import Joint
from replykit.classifier.codes import Codes
from replykit.training import finetune, joining
from replykit.training.base import Base
from replykit.training.network import Network

Array = npt.NDArray[np.float32]
EPOCHS = 2  # over the unlabelled messages


def labelled(encoded: Array, counted: Array, joints: Mapping[str, Joint], codes: Codes) -> Array:
    """Return the joined scores (texts, codes) as targets; the scores of exclusive codes add up to 1."""
    found = []
    for family, columns in codes.columns.items():
        mixed = joining.mix(family, encoded[:, columns], counted[:, columns], joints[family].share)
        found.append(joining.scores(family, mixed, joints[family]))
    return np.concatenate(found, axis=1).astype(np.float32)


def taught(
    start: Base,
    texts: Sequence[str],
    wanted: Array,
    codes: Codes,
    plan: finetune.Plan,
    saved: Path,
    report: finetune.Report,
) -> Base:
    """Return a base whose encoder and head have learned from scores; it begins from `start`."""
    network = start.network(codes, wanted.mean(0), plan.seed)
    round_plan = replace(plan, epochs=EPOCHS, rare=0.0)
    finetune.finetune(network, start.reader, texts, wanted, codes, round_plan, saved, report)
    return Base(start.reader, network.encoder, codes, _weights(network))


def counted(file: bytes, texts: Sequence[str], marks: Sequence[Mapping[str, float]]) -> Array:
    """Return the linear part's logits (texts, codes)."""
    model = ngrams.unpack(file)
    return np.stack([model.logits(text, mark) for text, mark in zip(texts, marks, strict=True)])


def _weights(network: Network) -> dict[str, npt.NDArray[np.float32]]:
    return {name: value.numpy().copy() for name, value in network.state_dict().items() if name[:8] != "encoder."}
