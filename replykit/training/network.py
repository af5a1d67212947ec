"""The network: an encoder of transformers, and one layer over it that feeds every family's codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import ElectraConfig, ElectraModel

POSITIONS = 160


@dataclass(frozen=True, slots=True)
class Size:
    """How large an encoder made from scratch is. Embeddings are narrower than layers: half the weights are saved."""

    tokens: int = 12_000
    layers: int = 4
    hidden: int = 256
    embedding: int = 128


def new_encoder(size: Size) -> ElectraModel:
    """Return an encoder with random weights."""
    return ElectraModel(
        ElectraConfig(
            vocab_size=size.tokens,
            embedding_size=size.embedding,
            hidden_size=size.hidden,
            num_hidden_layers=size.layers,
            num_attention_heads=max(1, size.hidden // 64),
            intermediate_size=4 * size.hidden,
            max_position_embeddings=POSITIONS,
            hidden_dropout_prob=0.1,
            attention_probs_dropout_prob=0.1,
            type_vocab_size=1,
            attn_implementation="sdpa",  # type: ignore[call-arg]  # known to the base class at run time only
        )
    )


class Network(nn.Module):
    """`encoder` with two ways to `width` logits, which are added up.

    One reads the whole: three poolings of the last layer (first token, mean, maximum) and a layer between. The other
    reads token by token and gathers: what one word says is enough, and shows which word said it.
    """

    def __init__(self, encoder: Any, width: int, between: int = 384) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.between = nn.Linear(3 * hidden, between)
        self.head = nn.Linear(between, width)
        self.each = nn.Linear(hidden, width)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (texts, width) and those of each token (texts, tokens, width) for token ids and their mask."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        there = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * there).sum(1) / there.sum(1)
        largest = (states + (there - 1) * 1e4).amax(1)
        pooled = self.dropout(torch.cat([states[:, 0], mean, largest], -1))
        whole = self.head(self.dropout(torch.tanh(self.between(pooled)))).float()
        each = self.each(self.dropout(states)).float()
        return whole + gathered(each, mask), each


def gathered(each: Tensor, mask: Tensor) -> Tensor:
    """Return (texts, width): a soft maximum over the tokens of each text, less what its length alone adds to it."""
    there = mask.unsqueeze(-1).float()
    return torch.logsumexp(each + (there - 1) * 1e4, 1) - 0.5 * torch.log(there.sum(1))


def padded(windows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return token ids and mask, both (texts, longest), padded with 0."""
    ids = np.zeros((len(windows), max(map(len, windows))), np.int64)
    mask = np.zeros_like(ids)
    for row, window in enumerate(windows):
        ids[row, : len(window)] = window
        mask[row, : len(window)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def windows(
    texts: Sequence[str],
    tokenizer: Tokenizer,
    span: int,
    ends: tuple[int, int],
    changed: Callable[[list[int]], list[int]] = list,
) -> list[list[int]]:
    """Return the first window of each folded text, its tokens `changed`: what is past it was hardly ever labelled."""
    found = tokenizer.encode_batch(list(texts), add_special_tokens=False)
    return [[ends[0], *changed(encoding.ids)[:span], ends[1]] for encoding in found]
