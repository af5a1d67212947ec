"""Teaches a network the labels: all families at once, rare codes weighed up, the weights averaged along the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from replykit.classifier.codes import FAMILIES, MANY, Codes
from replykit.training.network import Network, gathered, padded, windows
from replykit.training.tokens import Splitter

Array = npt.NDArray[np.float32]
Report = Callable[[int, int, float], None]  # takes the steps done, all of them, and the mean loss of the epoch
TOLD = 20  # steps between two reports
ALONE = 0.3  # what the tokens must explain without the whole, so that they show the words behind a claim
WEIGHTS = {"types": 4.0, "signals": 3.0, "demands": 3.0, "first": 0.7, "emotions": 0.6, "intensity": 0.3}
_AVERAGED = 0.995  # of the running average of the weights, a step


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast; lower layers learn `decay` times slower, layer by layer (Howard and Ruder 2018)."""

    epochs: int = 5
    batch: int = 32
    rate: float = 8e-4
    decay: float = 0.85
    split: float = 0.1  # of the words, see tokens.Splitter
    rare: float = 0.3  # a code's positives count (1 / its share) to this power
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """How texts become tokens: the tokenizer, the tokens of a window, and the ids before and after it."""

    tokenizer: Tokenizer
    span: int
    ends: tuple[int, int]


def finetune(
    network: Network,
    reader: Reader,
    texts: Sequence[str],
    wanted: Array,
    codes: Codes,
    plan: Plan,
    saved: Path,
    report: Report,
) -> None:
    """Train `network` in place on folded `texts` and their targets; `saved` keeps the state after each epoch."""
    goals = torch.from_numpy(wanted)
    rare = {family: (1 / goals[:, codes.columns[family]].mean(0).clamp(min=0.003)) ** plan.rare for family in MANY}
    optimizer = torch.optim.AdamW(_groups(network, plan), betas=(0.9, 0.98))
    average = {name: value.clone() for name, value in network.state_dict().items()}
    done = _resume(saved, network, optimizer, average)
    steps = plan.epochs * math.ceil(len(texts) / plan.batch)
    splitter = Splitter(reader.tokenizer, plan.split)
    for epoch in range(done, plan.epochs):
        torch.manual_seed(plan.seed * 1000 + epoch)  # so that a stopped lesson goes on as it would have
        drawn = partial(splitter, chance=np.random.default_rng((plan.seed, epoch, 1)))
        network.train()
        losses = []
        tokens = windows(texts, reader.tokenizer, reader.span, reader.ends, drawn)
        for number, batch in enumerate(_batches(tokens, plan, epoch)):
            step = epoch * math.ceil(len(texts) / plan.batch) + number
            for group in optimizer.param_groups:
                group["lr"] = group["base"] * min(1.0, (step + 1) / 100) * max(0.02, 1 - step / steps)
            with torch.autocast("cpu", torch.bfloat16):
                ids, mask = padded([tokens[one] for one in batch])
                logits, each = network(ids, mask)
            loss = _loss(logits, goals[batch], codes, rare)
            loss = loss + ALONE * _loss(gathered(each, mask), goals[batch], codes, {})
            _learn(network, optimizer, loss)
            _follow(average, network, min(_AVERAGED, (step + 1) / (step + 10)))
            losses.append(float(loss.item()))
            if (step + 1) % TOLD == 0 or step + 1 == steps:
                report(step + 1, steps, float(np.mean(losses)))
        _save(saved, network, optimizer, average, epoch + 1)
    network.load_state_dict(average)


def _learn(network: Network, optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()


def predict(network: Network, reader: Reader, texts: Sequence[str], batch: int = 64) -> Array:
    """Return logits (texts, codes) of folded texts, by their first windows."""
    network.eval()
    tokens = windows(texts, reader.tokenizer, reader.span, reader.ends)
    order = sorted(range(len(tokens)), key=lambda one: len(tokens[one]))
    rows: Array = np.empty((len(tokens), network.head.out_features), np.float32)
    with torch.no_grad():
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            rows[part] = network(*padded([tokens[one] for one in part]))[0].numpy()
    return rows


def mean(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of networks' weights; what is no weight (positions) is the same in all of them."""
    first = states[0]
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value
        for name, value in first.items()
    }


def _groups(network: Network, plan: Plan) -> list[dict[str, Any]]:
    depth = network.encoder.config.num_hidden_layers
    groups = []
    for name, value in network.named_parameters():
        below = 0
        if name.startswith("encoder."):
            layer = name.partition(".layer.")[2].partition(".")[0]
            below = depth - int(layer) if layer else depth + 1
        rate = plan.rate * plan.decay**below
        groups.append({"params": [value], "lr": rate, "base": rate, "weight_decay": 0.02 if value.ndim > 1 else 0.0})
    return groups


def _batches(tokens: Sequence[Sequence[int]], plan: Plan, epoch: int) -> list[list[int]]:
    """Return batches of like length in random order, the same for the same seed and epoch."""
    chance = np.random.default_rng((plan.seed, epoch))
    order = np.argsort([len(one) for one in tokens] + chance.random(len(tokens)) * 12)
    batches = [order[start : start + plan.batch].tolist() for start in range(0, len(order), plan.batch)]
    return [batches[one] for one in chance.permutation(len(batches))]


def _loss(logits: Tensor, goals: Tensor, codes: Codes, rare: dict[str, Tensor]) -> Tensor:
    parts = []
    for family in FAMILIES:
        columns = codes.columns[family]
        mine, goal = logits[:, columns], goals[:, columns]
        if mine.shape[1] == 0:
            continue
        if family in MANY:
            part = functional.binary_cross_entropy_with_logits(mine, goal, pos_weight=rare.get(family))
        else:
            part = -(goal * functional.log_softmax(mine, 1)).sum(1).mean()
        parts.append(WEIGHTS[family] * part)
    return torch.stack(parts).sum()


def _follow(average: dict[str, Tensor], network: Network, keep: float) -> None:
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value, 1 - keep)
        else:
            average[name].copy_(value)


def _resume(saved: Path, network: Network, optimizer: torch.optim.Optimizer, average: dict[str, Tensor]) -> int:
    if not saved.is_file():
        return 0
    state = torch.load(saved, weights_only=True)
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    average.update(state["average"])
    return int(state["epoch"])


def _save(
    saved: Path, network: Network, optimizer: torch.optim.Optimizer, average: dict[str, Tensor], epoch: int
) -> None:
    state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "average": average, "epoch": epoch}
    part = saved.with_suffix(".part")
    torch.save(state, part)
    part.replace(saved)
