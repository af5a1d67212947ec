"""The folder that training writes and reading loads: `model.json`, `encoder.onnx`, `tokenizer.json`, `ngrams.npz`.

`model.json` names the codes and says how the two parts are mixed, calibrated and cut off. Without `ngrams.npz` the
encoder reads alone.
"""

from __future__ import annotations

from importlib.abc import Traversable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from replykit.classifier.codes import FAMILIES, MANY, ONE, Codes
from replykit.errors import PluginError
from replykit.tomlfile import Strict

MODEL, ENCODER, TOKENIZER, NGRAMS = "model.json", "encoder.onnx", "tokenizer.json", "ngrams.npz"


class Joint(Strict):
    """How one family's logits become scores: `share` of the encoder, then `scale` x logit + `shift`, a code each.

    A code of MANY counts from its `threshold` on; of ONE, the likeliest counts, and a second one from there on; of
    intensities, the highest that the text reaches with a chance of its threshold.
    """

    share: float = Field(ge=0, le=1)
    scale: tuple[float, ...]
    shift: tuple[float, ...]
    threshold: tuple[float, ...]


class Spec(Strict):
    """`model.json`. From `complaint` on, a message is so likely a complaint that its likeliest type is named anyway."""

    format: Literal[2] = 2
    name: str
    types: tuple[str, ...] = Field(min_length=1)
    emotions: tuple[str, ...] = Field(min_length=1)
    signals: tuple[str, ...]
    demands: tuple[str, ...]
    span: int = Field(ge=8, le=512)
    ends: tuple[int, int]
    complaint: float = Field(ge=0, le=1)
    families: dict[str, Joint]

    @property
    def codes(self) -> Codes:
        """The codes of each family."""
        return Codes(self.types, self.emotions, self.signals, self.demands)

    @model_validator(mode="after")
    def _whole(self) -> Spec:
        for family in FAMILIES:
            joint = self.families.get(family)
            lengths = {len(each) for each in (joint.scale, joint.shift, joint.threshold)} if joint else set()
            if lengths != {len(self.codes.of[family])}:
                raise ValueError(f"families.{family} needs one scale, shift and threshold for each of its codes")
        return self


def read_spec(folder: Path | Traversable) -> Spec:
    """Return the checked `model.json` of `folder`. Raises PluginError E308."""
    text = read_file(folder, MODEL).decode("utf-8", "replace")
    try:
        return Spec.model_validate_json(text)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise PluginError(
            "E308", f"{folder}/{MODEL}: {where}: {first['msg']}", "train it anew: replykit train"
        ) from problem


def read_file(folder: Path | Traversable, name: str) -> bytes:
    """Return the bytes of a file of `folder`. Raises PluginError E308."""
    try:
        return (folder / name).read_bytes()
    except OSError as problem:
        advice = "name a folder that `replykit train --out` wrote"
        raise PluginError("E308", f"{folder}: {name} cannot be read: {problem}", advice) from problem


def plain(codes: Codes, share: float = 1.0) -> dict[str, Joint]:
    """Return families that leave logits as they are, for a model that has not been calibrated."""
    joints = {}
    for family in (*MANY, *ONE):
        size = len(codes.of[family])
        joints[family] = Joint(share=share, scale=(1.0,) * size, shift=(0.0,) * size, threshold=(0.5,) * size)
    return joints
