"""Where an encoder comes from: the shipped reader, a folder or a hub, or nothing but unlabelled text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, AutoTokenizer

from replykit.classifier import bundle
from replykit.classifier.codes import Codes
from replykit.errors import InputError
from replykit.training import export, pretrain, tokens
from replykit.training.finetune import Reader
from replykit.training.network import Network, Size, new_encoder

BUNDLED, SCRATCH = "bundled", "scratch"
SPAN = 126  # tokens of a window

Weights = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Base:
    """What every network of a course begins from: the reader of tokens and weights by name; `codes` are those known."""

    reader: Reader
    encoder: Any  # a transformers encoder, never changed: networks copy its weights
    codes: Codes | None = None
    weights: Weights | None = None

    def network(self, codes: Codes, share: npt.NDArray[np.float32], seed: int = 0) -> Network:
        """Return a new network of `codes`; heads that the base knows are taken over, others begin with their `share`.

        `share` says how much of the rows each code holds in, 0 to 1.
        """
        torch.manual_seed(seed)
        config = self.encoder.config
        encoder = type(self.encoder)(config)
        encoder.load_state_dict(self.encoder.state_dict())
        network = Network(encoder, codes.width)
        likely = torch.from_numpy(share).clamp(0.001, 0.9)
        with torch.no_grad():
            network.head.bias.copy_(torch.log(likely / (1 - likely)))
        if self.codes and self.weights:
            _take_heads(network, codes, self.codes, self.weights)
        return network


def bundled(folder: Path | Traversable | None = None) -> Base:
    """Return the shipped reader, or that of a folder that `replykit train` wrote. Raises PluginError E308."""
    folder = folder or files("replykit.bundled.reading") / "model"
    spec = bundle.read_spec(folder)
    held = export.weights(bundle.read_file(folder, bundle.ENCODER))
    tokenizer = Tokenizer.from_str(bundle.read_file(folder, bundle.TOKENIZER).decode("utf-8"))
    size = Size(tokenizer.get_vocab_size(), *_shape(held))
    encoder = new_encoder(size)
    inner = {name.removeprefix("encoder."): torch.from_numpy(np.array(value)) for name, value in held.items()}
    state = encoder.state_dict()
    encoder.load_state_dict({name: inner.get(name, value) for name, value in state.items()})
    return Base(Reader(tokenizer, spec.span, spec.ends), encoder, spec.codes, held)


def _shape(held: Weights) -> tuple[int, int, int]:
    embedding = held["encoder.embeddings.word_embeddings.weight"].shape[1]
    layers = {name.split(".layer.")[1].split(".")[0] for name in held if ".layer." in name}
    return len(layers), held["encoder.encoder.layer.0.attention.self.query.weight"].shape[0], embedding


def _take_heads(network: Network, codes: Codes, known: Codes, weights: Weights) -> None:
    rows = {place: number for number, place in enumerate(known)}
    with torch.no_grad():
        for name in ("between.weight", "between.bias"):
            if name in weights and weights[name].shape == network.get_parameter(name).shape:
                network.get_parameter(name).copy_(torch.from_numpy(np.array(weights[name])))
        heads = [name for name in ("head.weight", "head.bias", "each.weight", "each.bias") if name in weights]
        for number, place in enumerate(codes):
            if place in rows:
                for name in heads:
                    network.get_parameter(name)[number] = torch.from_numpy(np.array(weights[name][rows[place]]))


def found(name: str) -> Base:
    """Return an encoder of a hub or a folder in the form of transformers. Raises InputError E111."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(name)
        encoder = AutoModel.from_pretrained(name)
    except (OSError, ValueError, KeyError) as problem:
        advice = "name a folder or a model id of a hub, `bundled`, or `scratch` with --unlabelled"
        raise InputError("E111", f"no encoder {name!r}: {str(problem).splitlines()[0]}", advice) from problem
    if not getattr(tokenizer, "is_fast", False):
        raise InputError("E111", f"{name!r} has no fast tokenizer", "choose an encoder that ships tokenizer.json")
    inner = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    inner.no_padding()
    inner.no_truncation()
    first = tokenizer.cls_token_id if tokenizer.cls_token_id is not None else tokenizer.bos_token_id
    last = tokenizer.sep_token_id if tokenizer.sep_token_id is not None else tokenizer.eos_token_id
    if first is None or last is None:
        raise InputError("E111", f"{name!r} has no tokens for begin and end", "choose an encoder like BERT")
    span = min(SPAN, int(getattr(encoder.config, "max_position_embeddings", SPAN + 8)) - 4)
    return Base(Reader(inner, span, (int(first), int(last))), encoder)


def scratch(texts: Sequence[str], size: Size, plan: pretrain.Plan, saved: Path, report: pretrain.Report) -> Base:
    """Return an encoder that has seen nothing but folded `texts`; `saved` is the folder that keeps the state."""
    tokenizer = tokens.train_tokenizer(texts, size.tokens)
    fitting = Size(tokenizer.get_vocab_size(), size.layers, size.hidden, size.embedding)
    encoder = pretrain.pretrain(texts, tokenizer, fitting, plan, saved / "pretrained.pt", report)
    return Base(Reader(tokenizer, SPAN, (tokens.FIRST, tokens.LAST)), encoder)
