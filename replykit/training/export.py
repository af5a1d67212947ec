"""Writes a trained network as ONNX, weights as 8-bit integers, and reads such weights back to train on from them.

The exporter renames and transposes weights; here they get their own names back, so that `weights` can find them again.
"""

from __future__ import annotations

import io
import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from onnxruntime.quantization import QuantType, quantize_dynamic

from replykit.training.network import Network, padded

_TURNED = ".T"  # ends the name of a weight that ONNX holds transposed


def to_onnx(network: Network) -> bytes:
    """Return the network as an ONNX file of 32-bit floats: `ids` and `mask` in, `logits` and `each` out."""
    network.eval()
    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter warns of its own age, and of shapes that it traces
        torch.onnx.export(
            network,
            padded([[2, 5, 6, 3], [2, 5, 3]]),
            buffer,  # type: ignore[arg-type]  # a buffer is taken where dynamo is off
            input_names=["ids", "mask"],
            output_names=["logits", "each"],
            dynamic_axes={
                "ids": {0: "texts", 1: "tokens"},
                "mask": {0: "texts", 1: "tokens"},
                "logits": {0: "texts"},
                "each": {0: "texts", 1: "tokens"},
            },
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load_from_string(buffer.getvalue())
    _name(model, {name: value.numpy() for name, value in network.state_dict().items() if value.ndim == 2})
    return bytes(model.SerializeToString())


def _name(model: Any, weights: dict[str, npt.NDArray[np.float32]]) -> None:
    """Give each matrix of `model` the name that it has in `weights`."""
    new = {}
    for held in model.graph.initializer:
        array = numpy_helper.to_array(held)
        if array.ndim != 2:
            continue
        for name, weight in weights.items():
            if array.shape == weight.T.shape and np.array_equal(array, weight.T) and weight.shape[0] > 1:
                new[held.name] = name + _TURNED
            elif array.shape == weight.shape and np.array_equal(array, weight):
                new[held.name] = name
    for held in model.graph.initializer:
        held.name = new.get(held.name, held.name)
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            node.input[place] = new.get(name, name)


def quantized(model: bytes) -> bytes:
    """Return the ONNX file with matrices and embeddings as 8-bit integers, one scale a column.

    Its nodes are fused here already, which is a third of the time that loading takes.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, whole, fused = (Path(folder) / name for name in ("float.onnx", "int8.onnx", "fused.onnx"))
        source.write_bytes(model)
        logging.disable(logging.WARNING)  # it recommends a preparation that is for images
        try:
            # Seven bits: on processors without VNNI, sums of 8-bit products would saturate and read otherwise.
            quantize_dynamic(source, whole, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        finally:
            logging.disable(logging.NOTSET)
        options = SessionOptions()
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_EXTENDED  # fits any processor
        options.optimized_model_filepath = str(fused)
        options.log_severity_level = 3
        InferenceSession(whole, options, providers=["CPUExecutionProvider"])
        return fused.read_bytes()


def weights(file: bytes) -> dict[str, npt.NDArray[np.float32]]:
    """Return the weights of an ONNX file that this module wrote, by the names they have in a Network."""
    held = {one.name: numpy_helper.to_array(one) for one in onnx.load_from_string(file).graph.initializer}
    found: dict[str, npt.NDArray[np.float32]] = {}
    for name, array in held.items():
        plain = name.removesuffix("_quantized").replace("_Transposed", _TURNED)  # the quantizer's own mark
        if name.endswith("_quantized"):
            raw = name.removesuffix("_quantized")
            zero, scale = held[raw + "_zero_point"], held[raw + "_scale"]
            array = (array.astype(np.float32) - zero.astype(np.float32)) * scale
        elif name.endswith(("_scale", "_zero_point")):
            continue
        if array.dtype != np.float32:
            continue
        found[plain.removesuffix(_TURNED)] = array.T if plain.endswith(_TURNED) else array
    return found
