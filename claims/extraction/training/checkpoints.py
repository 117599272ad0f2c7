"""Weights read back: from checkpoints of training runs, and from an exported model, to go on from it.

An exported model has 8-bit weights; what rounding took is learned again within the first steps. So retraining needs
nothing but what the repository ships.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from claims.extraction.linker import SIDES, WIDTH
from claims.extraction.training.large import LargeEncoder
from claims.extraction.training.network import HEAD, LAYERS, Encoder, Network

State = dict[str, Tensor]


def load_network(paths: Sequence[Path]) -> Network:
    """Load trained weights; several runs of one shape that began with the same weights are averaged.

    Runs that differ by their seed only end near each other, and their mean is mostly better than each (Wortsman et al.,
    ICML 2022, "Model soups").

    Args:
        paths: Checkpoints, or directories of exported models.
    """
    states = [exported_state(path) if path.is_dir() else _checkpoint(path) for path in paths]
    mean = {name: torch.stack([one[name].float() for one in states]).mean(0) for name in states[0]}
    return network_of(mean).eval()


def network_of(state: State) -> Network:
    """Build the network whose weights these are: the large one, or the small one of whatever width."""
    first = "encoder.layers.0."
    if "encoder.distances.weight" in state:
        network = Network(LargeEncoder())
    else:
        network = Network(Encoder(state[f"{first}out.weight"].shape[1] // HEAD, state[f"{first}up.weight"].shape[0]))
    network.load_state_dict(state)
    return network


def _checkpoint(path: Path) -> State:
    stored = torch.load(path, weights_only=True)
    state: State = stored.get("network", stored)
    return state


def exported_state(model_dir: Path) -> State:
    """Return the weights of an exported model, as `export.export` was given them but for rounding to 8 bits."""
    constants = _constants(model_dir / "model.onnx")
    state = {
        "encoder.words.weight": constants["words.rows"] * constants["words.scales"],
        "encoder.positions.weight": constants["positions"],
        "encoder.features.weight": constants["features.rows"],
        "encoder.norm.weight": constants["norm.scale"],
        "encoder.norm.bias": constants["norm.shift"],
        "tags.weight": constants["tags.weight"].T,
        "tags.bias": constants["tags.bias"],
    }
    for number in range(LAYERS):
        state |= _layer(constants, f"layers.{number}.")
    links = _constants(model_dir / "links.onnx")
    for role, sides in SIDES.items():
        for at, (number, which) in enumerate(sides):
            part = slice(at * WIDTH, (at + 1) * WIDTH)
            name = f"linker.{('left', 'right')[which]}.{number}"
            state[f"{name}.weight"] = links[f"{role}.sides.weight"].T[part]
            state[f"{name}.bias"] = links[f"{role}.sides.bias"][part]
    with np.load(model_dir / "head.npz") as head:
        state |= {name: head[name] for name in head.files if name.startswith(("crf.", "linker."))}
    return {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in state.items()}


def _constants(path: Path) -> dict[str, np.ndarray]:
    """Return the constants of a graph by name, quantised ones as the numbers that they stand for."""
    found = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    for name in [name for name in found if name.endswith("_quantized")]:
        plain = name.removesuffix("_quantized")
        shifted = found[name].astype(np.float32) - found[f"{plain}_zero_point"].astype(np.float32)
        found[plain] = shifted * found[f"{plain}_scale"]
    return found


def _layer(constants: dict[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    """Return one layer's weights; the export had put the scale of attention into the queries' weights."""
    if f"{name}qkv.bias" in constants:
        weight, bias = constants[f"{name}qkv.weight"].T.copy(), constants[f"{name}qkv.bias"].copy()
    else:
        parts = ("query", "asked")
        weight = np.concatenate([constants[f"{name}{part}.weight"].T for part in parts])
        bias = np.concatenate([constants[f"{name}{part}.bias"] for part in parts])
    queries = len(bias) // 3
    weight[:queries] *= HEAD**0.5
    bias[:queries] *= HEAD**0.5
    state = {f"encoder.{name}qkv.weight": weight, f"encoder.{name}qkv.bias": bias}
    for which in ("out", "up", "down"):
        state[f"encoder.{name}{which}.weight"] = constants[f"{name}{which}.weight"].T
        state[f"encoder.{name}{which}.bias"] = constants[f"{name}{which}.bias"]
    for ours, theirs in (("norm_attention", "norm1"), ("norm_output", "norm2")):
        state[f"encoder.{name}{ours}.weight"] = constants[f"{name}{theirs}.scale"]
        state[f"encoder.{name}{ours}.bias"] = constants[f"{name}{theirs}.shift"]
    return state
