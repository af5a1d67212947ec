"""Masked language modeling (Devlin and others 2019, "BERT") on unlabelled text, before any label is seen.

A quarter of the tokens is hidden, often two neighbors together, and only the hidden ones are scored. The output shares
its weights with the embeddings. Work is saved every SAVED steps and taken up again where it stopped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import ElectraModel

from replykit.training.network import Size, new_encoder
from replykit.training.tokens import FIRST, LAST, MASK, SPECIAL, Splitter, first_vectors

Ids = npt.NDArray[np.int64]
Report = Callable[[int, int, float], None]  # takes the steps done, all of them, and the mean loss of the last ones
SAVED = 500
TOLD = 20  # steps between two reports
_LONG = 0.6  # of a first vector: long enough to tell tokens apart from the first step on


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast. The rate rises over `warmup` steps, holds, and falls over the last 30 %."""

    steps: int = 10_200
    tokens: int = 4_096  # of a batch, padding included
    rate: float = 1e-3
    warmup: int = 300
    split: float = 0.1  # of the words, see tokens.Splitter
    seed: int = 0

    def at(self, step: int) -> float:
        """Return the learning rate of `step`."""
        done = step / self.steps
        return self.rate * min(1.0, (step + 1) / self.warmup) * (1.0 if done < 0.7 else max(0.02, (1 - done) / 0.3))


class MaskedModel(nn.Module):
    """The encoder and a head that guesses hidden tokens."""

    def __init__(self, encoder: ElectraModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.dense = nn.Linear(encoder.config.hidden_size, encoder.config.embedding_size)
        self.norm = nn.LayerNorm(encoder.config.embedding_size)
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocab_size))

    def forward(self, ids: Tensor, mask: Tensor, places: Tensor, hidden: Tensor) -> Tensor:
        """Return the mean loss over `hidden`, the tokens at the flat `places`."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.flatten(0, 1)[places]
        states = self.norm(functional.gelu(self.dense(states)))
        table = self.encoder.embeddings.word_embeddings.weight
        return functional.cross_entropy((states @ table.T.to(states.dtype) + self.bias).float(), hidden)


def pretrain(
    texts: Sequence[str], tokenizer: Tokenizer, size: Size, plan: Plan, saved: Path, report: Report
) -> ElectraModel:
    """Return an encoder trained on folded `texts`; `saved` is the file that keeps the state."""
    torch.manual_seed(plan.seed)
    model = MaskedModel(new_encoder(size))
    _begin(model, texts, tokenizer, plan.seed)
    for part in model.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0  # hardly four passes over the text: nothing to forget
    large = [one for one in model.parameters() if one.ndim > 1]
    small = [one for one in model.parameters() if one.ndim <= 1]
    groups = [{"params": large, "weight_decay": 0.02}, {"params": small, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)
    start = _resume(saved, model, optimizer)
    losses: list[float] = []
    batches = _batches(texts, tokenizer, plan, start)
    for step, ids in zip(range(start, plan.steps), batches, strict=False):
        losses.append(_step(model, optimizer, ids, plan, step))
        if (step + 1) % SAVED == 0 or step + 1 == plan.steps:
            _save(saved, model, optimizer, step + 1)
        if (step + 1) % TOLD == 0 or step + 1 == plan.steps:
            report(step + 1, plan.steps, float(np.mean(losses[-SAVED:])))
    return model.encoder


def _begin(model: MaskedModel, texts: Sequence[str], tokenizer: Tokenizer, seed: int) -> None:
    table = model.encoder.embeddings.word_embeddings.weight
    vectors, counts = first_vectors(texts, tokenizer, table.shape[1], seed)
    with torch.no_grad():
        table[len(SPECIAL) :] = torch.from_numpy(vectors[len(SPECIAL) :] * _LONG)
        model.bias.copy_(torch.from_numpy(np.log((counts + 1) / (counts.sum() + len(counts))).astype(np.float32)))


def _step(model: MaskedModel, optimizer: torch.optim.Optimizer, ids: Ids, plan: Plan, step: int) -> float:
    for group in optimizer.param_groups:
        group["lr"] = plan.at(step)
    shown, hidden = hide(ids, model.bias.shape[0], np.random.default_rng((plan.seed, step)))
    places, tokens = torch.from_numpy(np.flatnonzero(hidden)), torch.from_numpy(ids[hidden])
    with torch.autocast("cpu", torch.bfloat16):
        loss = model(torch.from_numpy(shown), torch.from_numpy((ids > 0).astype(np.int64)), places, tokens)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.item())


def hide(ids: Ids, size: int, chance: np.random.Generator) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Return `ids` with about a fifth of the tokens hidden (85 % masked, 7 % another token, 8 % kept), and which."""
    hidden = chance.random(ids.shape) < 0.16
    hidden[:, 1:] |= (chance.random(ids.shape)[:, 1:] < 0.35) & hidden[:, :-1]
    hidden &= ids > LAST
    if not hidden.any():
        hidden.flat[int(np.argmax(ids > LAST))] = True
    fate = chance.random(ids.shape)
    shown = ids.copy()
    shown[hidden & (fate < 0.85)] = MASK
    other = hidden & (fate > 0.93)
    shown[other] = chance.integers(len(SPECIAL), size, int(other.sum()))
    return shown, hidden


def _batches(texts: Sequence[str], tokenizer: Tokenizer, plan: Plan, start: int) -> Iterator[Ids]:
    """Yield batches of like length without end, from the `start`-th on."""
    passes = number = 0
    splitter = Splitter(tokenizer, plan.split)
    while True:
        chance = np.random.default_rng((plan.seed, passes, 1))
        drawn = [splitter(encoding.ids, chance) for encoding in tokenizer.encode_batch(list(texts))]
        windows = [[FIRST, *ids[:126], LAST] for ids in drawn]
        order = np.argsort([len(window) for window in windows] + chance.random(len(windows)) * 3)
        groups = _groups([windows[one] for one in order], plan.tokens)
        for place in chance.permutation(len(groups)):
            if number >= start:
                yield _padded(groups[place])
            number += 1
        passes += 1


def _groups(windows: Sequence[list[int]], tokens: int) -> list[list[list[int]]]:
    groups: list[list[list[int]]] = [[]]
    for window in windows:
        if groups[-1] and math.ceil(len(window) / 8) * 8 * (len(groups[-1]) + 1) > tokens:
            groups.append([])
        groups[-1].append(window)
    return groups


def _padded(windows: Sequence[list[int]]) -> Ids:
    ids = np.zeros((len(windows), math.ceil(max(map(len, windows)) / 8) * 8), np.int64)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = window
    return ids


def _resume(saved: Path, model: MaskedModel, optimizer: torch.optim.Optimizer) -> int:
    if not saved.is_file():
        return 0
    state = torch.load(saved, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def _save(saved: Path, model: MaskedModel, optimizer: torch.optim.Optimizer, step: int) -> None:
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    part = saved.with_suffix(".part")
    torch.save(state, part)
    part.replace(saved)
