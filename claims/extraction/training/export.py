"""The export phase: the encoder as an ONNX graph with 8-bit weights, the rest as arrays for numpy.

The graph is written node by node instead of traced: one window, no padding, no mask, so the shipped file does only what
the engine asks. Embeddings are stored as 8-bit rows with a scale each; matrix products are quantised per channel
(per tensor cost .008 attributed F1).
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from claims.extraction.confidence import EVIDENCE
from claims.extraction.crf import TAGS
from claims.extraction.engine import MODEL_FORMAT
from claims.extraction.linker import SIDES, WIDTH
from claims.extraction.training.network import HEAD, HIDDEN, LAYERS, Network

OPSET = 17
TAG_HEAD = "tags"


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def add(self, operator: str, inputs: list[str], name: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def model(self, inputs: list[onnx.ValueInfoProto], outputs: dict[str, int]) -> onnx.ModelProto:
        """Close the graph: outputs by name, with their width."""
        infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, size]) for name, size in outputs.items()]
        graph = helper.make_graph(self.nodes, "claims", inputs, infos, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        onnx.checker.check_model(model)
        return model

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        product = self.add("MatMul", [x, self.constant(f"{name}.weight", weight.T)], f"{name}.product")
        return self.add("Add", [product, self.constant(f"{name}.bias", bias)], name)

    def norm(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        scale, shift = self.constant(f"{name}.scale", weight), self.constant(f"{name}.shift", bias)
        return self.add("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=1e-12)

    def table(self, rows: str, name: str, weight: np.ndarray) -> str:
        """Look rows up in a table of 8-bit numbers with one scale a row."""
        scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-8) / 127
        stored = np.clip(np.round(weight / scale), -127, 127).astype(np.int8)
        small = self.add("Gather", [self.constant(f"{name}.rows", stored), rows], f"{name}.small")
        scales = self.add("Gather", [self.constant(f"{name}.scales", scale.astype(np.float32)), rows], f"{name}.scale")
        wide = self.add("Cast", [small], f"{name}.wide", to=TensorProto.FLOAT)
        return self.add("Mul", [wide, scales], name)


def encoder_graph(state: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Return the float graph: `ids` and `features`, each (L,), `rows` (W,), to `hidden` (W, H) and `tags` (W, 7).

    Only the pieces named in `rows` are answered for: the first pieces of the core's words. The last layer reads all
    pieces but computes for these alone.
    """
    graph = _Graph()
    graph.constant("zero", np.array([0], dtype=np.int64))
    length = graph.add("Shape", ["ids"], "length")
    places = graph.add(
        "Slice", [graph.constant("positions", state["positions.weight"]), "zero", length, "zero"], "places"
    )
    words = graph.table("ids", "words", state["words.weight"])
    features = graph.add("Gather", [graph.constant("features.rows", state["features.weight"]), "features"], "classes")
    x = graph.add("Add", [graph.add("Add", [words, places], "embedded"), features], "featured")
    x = graph.norm(x, "norm", state["norm.weight"], state["norm.bias"])
    heads = state["layers.0.out.weight"].shape[1] // HEAD
    for parts in (1, 2, 3):
        graph.constant(f"heads{parts}", np.array([-1, parts, heads, HEAD], dtype=np.int64))
    graph.constant("joined", np.array([-1, heads * HEAD], dtype=np.int64))
    for number in range(LAYERS):
        x = _layer(graph, x, f"layers.{number}.", state, is_last=number == LAYERS - 1)
    graph.add("Identity", [x], "hidden")
    graph.linear(x, TAG_HEAD, state["tags.weight"], state["tags.bias"])
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [size])
        for name, size in (("ids", "pieces"), ("features", "pieces"), ("rows", "words"))
    ]
    return graph.model(inputs, {"hidden": HIDDEN, TAG_HEAD: len(TAGS)})


def links_graph(state: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Return the graph that prepares spans for linking: for each role, ends (N, 2H) to `ROLE.sides`."""
    graph = _Graph()
    for role, sides in SIDES.items():
        names = [f"linker.{('left', 'right')[which]}.{link}" for link, which in sides]
        weight = np.concatenate([state[f"{name}.weight"] for name in names])
        graph.linear(role, f"{role}.sides", weight, np.concatenate([state[f"{name}.bias"] for name in names]))
    inputs = [helper.make_tensor_value_info(role, TensorProto.FLOAT, [role + "s", 2 * HIDDEN]) for role in SIDES]
    outputs = {f"{role}.sides": len(sides) * WIDTH for role, sides in SIDES.items()}
    return graph.model(inputs, outputs)


def _layer(graph: _Graph, x: str, name: str, state: dict[str, np.ndarray], *, is_last: bool) -> str:
    def part(which: str) -> tuple[np.ndarray, np.ndarray]:
        return state[f"{name}{which}.weight"], state[f"{name}{which}.bias"]

    weight, bias = part("qkv")
    width = len(weight) // 3
    scale = np.ones(3 * width, dtype=np.float32)
    scale[:width] = HEAD**-0.5
    weight, bias = weight * scale[:, None], bias * scale
    if is_last:
        asking = graph.add("Gather", [x, "rows"], f"{name}asking", axis=0)
        (q,) = _by_head(graph, graph.linear(asking, f"{name}query", weight[:width], bias[:width]), name, "q")
        k, v = _by_head(graph, graph.linear(x, f"{name}asked", weight[width:], bias[width:]), name, "kv")
        x = asking
    else:
        q, k, v = _by_head(graph, graph.linear(x, f"{name}qkv", weight, bias), name, "qkv")
    keys = graph.add("Transpose", [k], f"{name}keys", perm=[0, 2, 1])
    weights = graph.add("Softmax", [graph.add("MatMul", [q, keys], f"{name}scores")], f"{name}weights", axis=-1)
    mixed = graph.add("Transpose", [graph.add("MatMul", [weights, v], f"{name}mixed")], f"{name}back", perm=[1, 0, 2])
    attended = graph.linear(graph.add("Reshape", [mixed, "joined"], f"{name}flat"), f"{name}out", *part("out"))
    x = graph.norm(graph.add("Add", [x, attended], f"{name}sum1"), f"{name}norm1", *part("norm_attention"))
    up = graph.add("Relu", [graph.linear(x, f"{name}up", *part("up"))], f"{name}relu")
    down = graph.linear(up, f"{name}down", *part("down"))
    return graph.norm(graph.add("Add", [x, down], f"{name}sum2"), f"{name}norm2", *part("norm_output"))


def _by_head(graph: _Graph, x: str, name: str, parts: str) -> list[str]:
    """Cut (L, parts * heads * head) into one (heads, L, head) for each part."""
    split = graph.add("Reshape", [x, f"heads{len(parts)}"], f"{name}split_{parts}")
    turned = graph.add("Transpose", [split], f"{name}turned_{parts}", perm=[1, 2, 0, 3])
    return [
        graph.add("Gather", [turned, graph.constant(f"{name}{part}.at", np.array(index))], f"{name}{part}", axis=0)
        for index, part in enumerate(parts)
    ]


def export(network: Network, tokenizer: Path, target: Path) -> None:
    """Write `model.onnx`, `links.onnx`, `head.npz` (with neutral decoding), `tokenizer.json` and `meta.json`."""
    target.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().float().numpy() for name, value in network.state_dict().items()}
    state |= {name.removeprefix("encoder."): value for name, value in state.items()}
    onnx.save(links_graph(state), target / "links.onnx")
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        onnx.save(encoder_graph(state), plain)
        quantize_dynamic(
            plain, target / "model.onnx", op_types_to_quantize=["MatMul"], per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=[f"{TAG_HEAD}.product"],
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
    arrays = {
        name: value for name, value in state.items()
        if name.startswith(("crf.", "linker.")) and not name.startswith(("linker.left", "linker.right"))
    }  # fmt: skip
    arrays["decoding.tags"] = np.zeros(len(TAGS), dtype=np.float32)
    for name in ("no_cue", "no_source", "second_source", "floor"):
        arrays[f"decoding.{name}"] = np.zeros((), dtype=np.float32)
    for name in ("claim", "source"):
        arrays[f"confidence.{name}.weights"] = np.zeros(len(EVIDENCE), dtype=np.float32)
        arrays[f"confidence.{name}.bias"] = np.zeros((), dtype=np.float32)
    np.savez_compressed(target / "head.npz", **arrays)
    shutil.copyfile(tokenizer, target / "tokenizer.json")
    write_meta(target)


def write_meta(target: Path) -> None:
    """Record what identifies the model: the hash of everything that decides its answers."""
    digest = hashlib.sha256()
    for name in ("model.onnx", "links.onnx", "head.npz", "tokenizer.json"):
        digest.update(hashlib.sha256((target / name).read_bytes()).digest())
    meta = {"format": MODEL_FORMAT, "sha256": digest.hexdigest()}
    (target / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
