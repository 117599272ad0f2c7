"""A narrower network out of a trained one: the heads and inner units that contribute least are left out.

Speed is in the width: attention heads and feed-forward units are whole rows and columns of the weights, so what is cut
needs no special kernel. A head's contribution is the mean length of what it adds to a word's vector; a unit's is its
mean activation times the length of its output row (Michel, Levy and Neubig, NeurIPS 2019, ask the same of gradients;
the activations order them as well and need no loss). What was lost is learned again in the epochs that follow.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from claims.extraction.training.checkpoints import network_of
from claims.extraction.training.corpus import Article
from claims.extraction.training.network import HEAD, HIDDEN, Layer, Network

SAMPLE = 60
"""Articles that contributions are measured on."""


def prune(network: Network, articles: Sequence[Article], heads: int, inner: int) -> Network:
    """Return a copy with `heads` attention heads and `inner` feed-forward units in each layer.

    Args:
        network: Trained weights.
        articles: Training articles, of which every few are read to see what contributes.
        heads: Heads to keep.
        inner: Units to keep.
    """
    contributions = _contributions(network, articles[:: max(1, len(articles) // SAMPLE)])
    state = dict(network.state_dict())
    for number, (by_head, by_unit) in enumerate(contributions):
        name = f"encoder.layers.{number}."
        columns = (_kept(by_head, heads)[:, None] * HEAD + torch.arange(HEAD)).flatten()
        old = len(by_head) * HEAD
        rows = torch.cat([columns + part * old for part in range(3)])
        units = _kept(by_unit, inner)
        for which, kept in (("qkv", rows), ("up", units)):
            for kind in ("weight", "bias"):
                state[f"{name}{which}.{kind}"] = state[f"{name}{which}.{kind}"][kept]
        state[f"{name}out.weight"] = state[f"{name}out.weight"][:, columns]
        state[f"{name}down.weight"] = state[f"{name}down.weight"][:, units]
    return network_of(state)


def _kept(contribution: Tensor, count: int) -> Tensor:
    return contribution.topk(count).indices.sort().values


def _contributions(network: Network, articles: Sequence[Article]) -> list[tuple[Tensor, Tensor]]:
    """Return for each layer the mean contribution of each head and of each unit."""
    network.eval()
    with torch.no_grad():
        encoder = network.encoder
        sums = [(torch.zeros(layer.heads), torch.zeros(layer.up.out_features)) for layer in encoder.layers]
        pieces = 0
        for article in articles:
            for window in article.windows:
                part = slice(window.start, window.end)
                ids, classes = (torch.from_numpy(v[part]).long() for v in (article.pieces.ids, article.pieces.features))
                x = encoder.norm(
                    encoder.words(ids) + encoder.positions(torch.arange(len(ids))) + encoder.features(classes)
                )
                for (by_head, by_unit), layer in zip(sums, encoder.layers, strict=True):
                    x = _watched(layer, x, by_head, by_unit)
                pieces += len(ids)
    network.train()
    return [(by_head / pieces, by_unit / pieces) for by_head, by_unit in sums]


def _watched(layer: Layer, x: Tensor, by_head: Tensor, by_unit: Tensor) -> Tensor:
    """Run one layer on one window, (L, H), adding to the sums what each head and unit contributed."""
    q, k, v = layer.qkv(x).view(len(x), 3, layer.heads, HEAD).permute(1, 2, 0, 3)
    mixed = (q * HEAD**-0.5 @ k.transpose(-1, -2)).softmax(-1) @ v
    outs = layer.out.weight.view(HIDDEN, layer.heads, HEAD).permute(1, 2, 0)
    by_head += (mixed @ outs).norm(dim=-1).sum(1)
    x = layer.norm_attention(x + layer.out(mixed.transpose(0, 1).reshape(len(x), -1)))
    active = functional.relu(layer.up(x))
    by_unit += active.abs().sum(0) * layer.down.weight.norm(dim=0)
    return layer.norm_output(x + layer.down(active))
