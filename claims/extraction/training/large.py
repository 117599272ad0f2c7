"""The large encoder, which only teaches: nine of MPNet base's twelve layers, 768 wide (Song et al., NeurIPS 2020).

The last layers of the start weights have become specialists for whole sentences; without them a step costs a quarter
less. It is six times too slow to ship. Its vocabulary is the small encoder's behind four more entries, so both cut a
text alike and a teacher's answer for a word needs no alignment. Written out here for the same reasons as the small one;
shapes as in `network`.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from claims.extraction.crf import NEVER
from claims.extraction.pieces import FEATURES
from claims.extraction.training.network import DROPOUT, drop_keys

WIDTH = 768
LAYERS = 9
HEADS = 12
HEAD = 64
INNER = 3072
BUCKETS = 32
FARTHEST = 128
"""Distances from here on share a bucket of the position bias."""
EARLIER_ENTRIES = 4
"""How many entries stand before the small encoder's in the vocabulary: <s>, <pad>, </s>, <unk>."""
FIRST_POSITION = 2
"""Positions count from here; the two before belong to padding."""


class LargeLayer(nn.Module):
    """One transformer layer, post-norm, with a bias for relative positions."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm_attention = nn.LayerNorm(WIDTH, eps=1e-5)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_output = nn.LayerNorm(WIDTH, eps=1e-5)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Map (B, L, H) to (B, L, H); `bias` (B, heads, L, L) is added to the scores."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4)
        scores = (q * HEAD**-0.5) @ k.transpose(-1, -2) + bias.to(q.dtype)
        weights = scores.softmax(-1).to(v.dtype)
        mixed = (drop_keys(weights) if self.training else weights) @ v
        attended = self.out(mixed.transpose(1, 2).reshape(batch, length, WIDTH))
        x = self.norm_attention(x + self.dropout(attended))
        return self.norm_output(x + self.dropout(self.down(functional.gelu(self.up(x)))))


class LargeEncoder(nn.Module):
    """Embeddings and layers."""

    width = WIDTH

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30527, WIDTH)
        self.positions = nn.Embedding(514, WIDTH)
        self.features = nn.Embedding(FEATURES, WIDTH)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-5)
        self.distances = nn.Embedding(BUCKETS, HEADS)
        self.layers = nn.ModuleList(LargeLayer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Map (B, L) ids, features and mask (True = a piece) to (B, L, H)."""
        places = torch.arange(ids.shape[1])
        words = self.words(ids + EARLIER_ENTRIES) + self.positions(places + FIRST_POSITION)
        x = self.dropout(self.norm(words + self.features(features)))
        apart = self.distances(_buckets(places[None, :] - places[:, None])).permute(2, 0, 1)
        bias = apart + torch.zeros(mask.shape).masked_fill(~mask, NEVER)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load_start_weights(self, path: Path) -> None:
        """Take the weights of an MPNet-shaped safetensors file; the word embeddings stay as they are there."""
        state = load_file(path)
        taken = {
            "words.weight": state["embeddings.word_embeddings.weight"],
            "positions.weight": state["embeddings.position_embeddings.weight"],
            "distances.weight": state["encoder.relative_attention_bias.weight"],
        }
        for kind in ("weight", "bias"):
            taken[f"norm.{kind}"] = state[f"embeddings.LayerNorm.{kind}"]
            for number in range(LAYERS):
                theirs, ours = f"encoder.layer.{number}.", f"layers.{number}."
                taken[f"{ours}qkv.{kind}"] = torch.cat([state[f"{theirs}attention.attn.{p}.{kind}"] for p in "qkv"])
                for name, other in (
                    ("out", "attention.attn.o"),
                    ("norm_attention", "attention.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm_output", "output.LayerNorm"),
                ):
                    taken[f"{ours}{name}.{kind}"] = state[f"{theirs}{other}.{kind}"]
        missing = self.load_state_dict(taken, strict=False)
        if missing.missing_keys != ["features.weight"] or missing.unexpected_keys:
            raise ValueError(f"{path}: not the weights of MPNet base: {missing}")
        self.words.weight.requires_grad_(False)


def _buckets(ahead: Tensor) -> Tensor:
    """Return the bucket of each distance (key minus query): near ones apart, far ones by their logarithm."""
    half = BUCKETS // 2
    exact = half // 2
    size = ahead.abs()
    scaled = torch.log(size.clamp(min=1).float() / exact) / math.log(FARTHEST / exact) * (half - exact)
    far = (exact + scaled.long()).clamp(max=half - 1)
    return torch.where(ahead > 0, half, 0) + torch.where(size < exact, size, far)
