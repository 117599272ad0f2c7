"""The network that is trained: MiniLM's encoder with a break-and-case embedding, a tag head, a CRF and a linker.

The encoder is written out here, not taken from a library, so that training and the exported graph are the same few
lines and no model hub is needed. Shapes: B windows, L pieces, W words of one article, H = 384.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from claims.extraction.crf import NEVER, TAGS, allowed_starts, allowed_steps
from claims.extraction.linker import DISTANCES, LINKS, PARAGRAPHS, RANKS, SENTENCES, WIDTH
from claims.extraction.pieces import FEATURES, Pieces
from claims.extraction.windows import CORE, LEFT, RIGHT, Window

HIDDEN = 384
LAYERS = 6
HEADS = 12
HEAD = 32
"""Width of one attention head."""
INNER = 1536
DROPOUT = 0.1
CALL = 1024
"""Pieces per call, as windows of one length. Every call has the same shape, (4, 256) for the shipped size: the CPU
kernels are compiled per shape, and batches as they fall made a step three times as slow."""


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, heads: int = HEADS, inner: int = INNER) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(HIDDEN, 3 * heads * HEAD)
        self.out = nn.Linear(heads * HEAD, HIDDEN)
        self.norm_attention = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up = nn.Linear(HIDDEN, inner)
        self.down = nn.Linear(inner, HIDDEN)
        self.norm_output = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Map (B, L, H) to (B, L, H); `bias` (B, 1, 1, L) is 0 for pieces and very negative for padding."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        scores = (q * HEAD**-0.5) @ k.transpose(-1, -2) + bias
        weights = scores.softmax(-1).to(v.dtype)
        mixed = (drop_keys(weights) if self.training else weights) @ v
        attended = self.out(mixed.transpose(1, 2).reshape(batch, length, self.heads * HEAD))
        x = self.norm_attention(x + self.dropout(attended))
        return self.norm_output(x + self.dropout(self.down(functional.relu(self.up(x)))))


def drop_keys(weights: Tensor) -> Tensor:
    """Drop attention per head and key, not per cell: as good a regulariser, a 256th of the random numbers."""
    batch, heads, _, length = weights.shape
    kept = torch.rand(batch, heads, 1, length) >= DROPOUT
    return weights * (kept / (1 - DROPOUT)).to(weights.dtype)


class Encoder(nn.Module):
    """Embeddings and layers.

    Args:
        heads: Attention heads of each layer; the start weights have `HEADS`.
        inner: Width of each layer's feed-forward part; the start weights have `INNER`.
        vocabulary: Entries of the vocabulary.
        positions: Longest window.
    """

    width = HIDDEN

    def __init__(self, heads: int = HEADS, inner: int = INNER, vocabulary: int = 30522, positions: int = 512) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(positions, HIDDEN)
        self.features = nn.Embedding(FEATURES, HIDDEN)
        nn.init.zeros_(self.features.weight)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(heads, inner) for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Map (B, L) ids, features and mask (True = a piece) to (B, L, H)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.dropout(self.norm(self.words(ids) + self.positions(places) + self.features(features)))
        bias = torch.zeros(mask.shape, dtype=x.dtype).masked_fill(~mask, NEVER)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load_start_weights(self, path: Path) -> None:
        """Take the weights of a BERT-shaped safetensors file; the token type embedding joins the positions."""
        state = load_file(path)
        taken = {"words.weight": state["embeddings.word_embeddings.weight"]}
        taken["positions.weight"] = (
            state["embeddings.position_embeddings.weight"] + state["embeddings.token_type_embeddings.weight"][0]
        )
        for kind in ("weight", "bias"):
            taken[f"norm.{kind}"] = state[f"embeddings.LayerNorm.{kind}"]
            for number in range(LAYERS):
                theirs, ours = f"encoder.layer.{number}.", f"layers.{number}."
                parts = [state[f"{theirs}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                taken[f"{ours}qkv.{kind}"] = torch.cat(parts)
                for name, other in (
                    ("out", "attention.output.dense"),
                    ("norm_attention", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm_output", "output.LayerNorm"),
                ):
                    taken[f"{ours}{name}.{kind}"] = state[f"{theirs}{other}.{kind}"]
        missing = self.load_state_dict(taken, strict=False)
        if missing.missing_keys != ["features.weight"] or missing.unexpected_keys:
            raise ValueError(f"{path}: not the weights of a 6-layer MiniLM: {missing}")


class Crf(nn.Module):
    """Transition scores and the likelihood of a tag path."""

    def __init__(self) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.starts = nn.Parameter(torch.zeros(len(TAGS)))
        self.register_buffer("no_step", torch.from_numpy(~allowed_steps()), persistent=False)
        self.register_buffer("no_start", torch.from_numpy(~allowed_starts()), persistent=False)

    def forward(self, emissions: Tensor, tags: Tensor) -> Tensor:
        """Return the negative log-likelihood of the tags (W,) under the emissions (W, 7).

        The sum over all paths is a tree of log-matrix products: log2(W) steps instead of W.
        """
        steps = self.transitions.masked_fill(self.no_step, NEVER)
        starts = self.starts.masked_fill(self.no_start, NEVER) + emissions[0]
        path = starts[tags[0]] + emissions[1:].gather(1, tags[1:, None]).sum() + steps[tags[:-1], tags[1:]].sum()
        chain = steps + emissions[1:, None, :]
        while len(chain) > 1:
            rest = chain[len(chain) // 2 * 2 :]
            left, right = chain[0 : len(chain) // 2 * 2 : 2], chain[1 : len(chain) // 2 * 2 : 2]
            product = torch.logsumexp(left[:, :, :, None] + right[:, None, :, :], dim=2)
            chain = torch.cat([product, rest])
        total = starts if not len(chain) else torch.logsumexp(starts[:, None] + chain[0], dim=0)
        return torch.logsumexp(total, dim=0) - path


class Linker(nn.Module):
    """Scores of content to cue, cue to source and content to source, each with a "none"."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.left = nn.ModuleList(nn.Linear(2 * width, WIDTH) for _ in LINKS)
        self.right = nn.ModuleList(nn.Linear(2 * width, WIDTH) for _ in LINKS)
        self.distance = nn.ModuleList(nn.Embedding(DISTANCES, WIDTH) for _ in LINKS)
        self.paragraph = nn.ModuleList(nn.Embedding(PARAGRAPHS, WIDTH) for _ in LINKS)
        self.sentence = nn.ModuleList(nn.Embedding(SENTENCES, WIDTH) for _ in LINKS)
        self.rank = nn.ModuleList(nn.Embedding(RANKS, WIDTH) for _ in LINKS)
        for table in (*self.distance, *self.paragraph, *self.sentence, *self.rank):
            nn.init.normal_(table.weight, std=0.1)
        self.add = nn.Parameter(torch.randn(len(LINKS), WIDTH) / math.sqrt(WIDTH))
        self.product = nn.Parameter(torch.randn(len(LINKS), WIDTH) / WIDTH)
        self.none = nn.Parameter(torch.randn(len(LINKS), WIDTH) / math.sqrt(WIDTH))
        self.none_bias = nn.Parameter(torch.zeros(len(LINKS)))
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, link: int, left: Tensor, right: Tensor, places: Sequence[Tensor]) -> Tensor:
        """Score each left span (N, 2H) against each right one (M, 2H): (N, M + 1), the last column is "none".

        Args:
            link: Which of `LINKS`.
            left: Vectors of the spans that choose.
            right: Vectors of the candidates.
            places: Classes of distance, paragraph, sentence and rank, each (N, M).
        """
        a, b = self.left[link](self.dropout(left)), self.right[link](self.dropout(right))
        distance, paragraph, sentence, rank = places
        place = (
            self.distance[link](distance) + self.paragraph[link](paragraph)
            + self.sentence[link](sentence) + self.rank[link](rank)
        )  # fmt: skip
        scores = functional.relu(a[:, None] + b[None] + place) @ self.add[link] + (a * self.product[link]) @ b.T
        none = functional.relu(a) @ self.none[link] + self.none_bias[link]
        return torch.cat([scores, none[:, None]], dim=1)


class Network(nn.Module):
    """Everything that is trained: an encoder of words' vectors, and what reads tags and links off them."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.tags = nn.Linear(encoder.width, len(TAGS))
        self.crf = Crf()
        self.linker = Linker(encoder.width)
        self.dropout = nn.Dropout(DROPOUT)


def encode(
    encoder: nn.Module, texts: Sequence[Pieces], cuts: Sequence[Sequence[Window]], core: int = CORE
) -> list[Tensor]:
    """Return for each text the vectors of its words, (W, H), in bfloat16 arithmetic.

    A word has the vector of its first piece, from the window in whose core that lies.

    Args:
        encoder: The small encoder or the large one.
        texts: Cut texts.
        cuts: The windows of each.
        core: Most pieces of a core.
    """
    windows = [(pieces, window) for pieces, cut in zip(texts, cuts, strict=True) for window in cut]
    length = -(-(LEFT + core + RIGHT) // 128) * 128
    chunk = CALL // length
    rows = -(-len(windows) // chunk) * chunk
    ids = torch.zeros((rows, length), dtype=torch.long)
    features = torch.zeros((rows, length), dtype=torch.long)
    mask = torch.zeros((rows, length), dtype=torch.bool)
    for row, (pieces, window) in enumerate(windows):
        size = window.end - window.start
        ids[row, :size] = torch.from_numpy(pieces.ids[window.start : window.end].astype(np.int64))
        features[row, :size] = torch.from_numpy(pieces.features[window.start : window.end].astype(np.int64))
        mask[row, :size] = True
    with torch.autocast("cpu", dtype=torch.bfloat16):
        chunks = [slice(at, at + chunk) for at in range(0, rows, chunk)]
        hidden = torch.cat([encoder(ids[c], features[c], mask[c]) for c in chunks])
    joined, row = [], 0
    for pieces, cut in zip(texts, cuts, strict=True):
        cores = []
        for window in cut:
            cores.append(hidden[row, window.core_start - window.start : window.core_end - window.start])
            row += 1
        joined.append(torch.cat(cores)[torch.from_numpy(pieces.word_piece.astype(np.int64))].float())
    return joined
