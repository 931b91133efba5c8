"""The six-layer encoder of all-MiniLM-L6-v2 as an ONNX graph with eight-bit weights, straight from its safetensors.

Weights are rounded per output column to 7 bits (`REACH` 64 levels either way): the products of two such bytes cannot
overflow the 16-bit sums of processors without VNNI, so every machine computes nearly the same vector. Activations are
quantised as they come (`DynamicQuantizeMatMul`). Word vectors are rounded per row.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open

LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12
POSITIONS = 128
REACH = 63
FUSED = "com.microsoft"


def minilm_int8(weights_file: Path) -> bytes:
    """The serialised model: token ids and mask in, unit-length sentence vectors out."""
    with safe_open(weights_file, "np") as weights:
        writer = _Writer(weights)
        hidden = _embed(writer)
        for number in range(LAYERS):
            hidden = _layer(writer, hidden, f"encoder.layer.{number}.")
        _pool(writer, hidden)
    graph = helper.make_graph(
        writer.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, kind, ["batch", "length"]) for name, kind in _INPUTS],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", WIDTH])],
        writer.constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="goodword")
    return bytes(model.SerializeToString())


_INPUTS = (("ids", TensorProto.INT64), ("mask", TensorProto.INT32))


class _Writer:
    """Collects nodes and constants; every result is named after its place in the original model."""

    def __init__(self, weights: Any) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def read(self, name: str) -> NDArray[np.float32]:
        """One of the published weights, read when it is needed."""
        found: NDArray[np.float32] = self._weights.get_tensor(name)
        return found

    def weight(self, name: str) -> str:
        return self.constant(name, self.read(name))

    def node(self, kind: str, inputs: Iterable[str], output: str, **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, list(inputs), [output], name=output, **options))
        return output

    def linear(self, hidden: str, names: list[str], output: str) -> str:
        """One product with eight-bit weights; several matrices side by side make one product."""
        matrix = np.concatenate([self.read(f"{name}.weight") for name in names]).T
        bias = np.concatenate([self.read(f"{name}.bias") for name in names])
        scale = np.maximum(np.abs(matrix).max(axis=0) / REACH, 1e-12).astype(np.float32)
        whole = np.rint(matrix / scale).astype(np.int8)
        inputs = [
            hidden,
            self.constant(f"{output}.weight", whole),
            self.constant(f"{output}.scale", scale),
            self.constant(f"{output}.zero", np.zeros(len(scale), dtype=np.int8)),
            self.constant(f"{output}.bias", bias),
        ]
        return self.node("DynamicQuantizeMatMul", inputs, output, domain=FUSED)


def _embed(writer: _Writer) -> str:
    """Word + position + the one segment there is, normalised."""
    words = writer.read("embeddings.word_embeddings.weight")
    scale = np.abs(words).max(axis=1, keepdims=True) / 127
    writer.constant("words", np.rint(words / scale).astype(np.int8))
    writer.constant("words.scale", scale.astype(np.float32))
    segment = writer.read("embeddings.token_type_embeddings.weight")[0]
    places = writer.read("embeddings.position_embeddings.weight")[:POSITIONS] + segment
    writer.constant("places", places)
    writer.constant("zero", np.array([0], dtype=np.int64))
    writer.node("Gather", ["words", "ids"], "word.bytes")
    writer.node("Gather", ["words.scale", "ids"], "word.scale")
    writer.node("Cast", ["word.bytes"], "word.float", to=TensorProto.FLOAT)
    writer.node("Mul", ["word.float", "word.scale"], "word")
    writer.node("Shape", ["ids"], "length", start=1, end=2)
    writer.node("Slice", ["places", "zero", "length", "zero"], "place")
    writer.node("Add", ["word", "place"], "word.placed")
    parts = ["word.placed", *(writer.weight(f"embeddings.LayerNorm.{part}") for part in ("weight", "bias"))]
    return writer.node("LayerNormalization", parts, "embedded", axis=-1, epsilon=EPSILON)


def _layer(writer: _Writer, hidden: str, at: str) -> str:
    """Attention and feed-forward, each added to what came in and normalised."""
    triple = [f"{at}attention.self.{name}" for name in ("query", "key", "value")]
    heads = [f"{at}{letter}" for letter in "qkv"]
    writer.linear(hidden, triple, f"{at}qkv")
    writer.nodes.append(helper.make_node("Split", [f"{at}qkv"], heads, axis=-1, num_outputs=3))
    writer.node("MultiHeadAttention", [*heads, "", "mask"], f"{at}heads", domain=FUSED, num_heads=HEADS)
    attended = writer.linear(f"{at}heads", [f"{at}attention.output.dense"], f"{at}attended")
    hidden = _add_and_normalise(writer, hidden, attended, f"{at}attention.output.LayerNorm")
    writer.linear(hidden, [f"{at}intermediate.dense"], f"{at}wide")
    writer.node("Gelu", [f"{at}wide"], f"{at}bent", domain=FUSED)
    narrow = writer.linear(f"{at}bent", [f"{at}output.dense"], f"{at}narrow")
    return _add_and_normalise(writer, hidden, narrow, f"{at}output.LayerNorm")


def _add_and_normalise(writer: _Writer, hidden: str, change: str, norm: str) -> str:
    inputs = [hidden, change, writer.weight(f"{norm}.weight"), writer.weight(f"{norm}.bias")]
    return writer.node("SkipLayerNormalization", inputs, norm, domain=FUSED, epsilon=EPSILON)


def _pool(writer: _Writer, hidden: str) -> None:
    """The mean over real tokens, brought to length one."""
    writer.constant("axis.last", np.array([-1], dtype=np.int64))
    writer.constant("axis.tokens", np.array([1], dtype=np.int64))
    writer.node("Cast", ["mask"], "mask.float", to=TensorProto.FLOAT)
    writer.node("Unsqueeze", ["mask.float", "axis.last"], "mask.wide")
    writer.node("Mul", [hidden, "mask.wide"], "kept")
    writer.node("ReduceSum", ["kept", "axis.tokens"], "total", keepdims=0)
    writer.node("LpNormalization", ["total"], "vector", axis=-1, p=2)
