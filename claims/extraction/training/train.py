"""The training phase: whole articles, tags and links learned together, resumable to the step.

Windows of an article run through the encoder in one batch; their cores are joined back to the article before tags and
links are scored, so that both are trained as they are used. Every step draws its randomness from (seed, step), so a run
that was stopped and resumed equals one that was not.
"""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from claims.extraction.linker import place_classes
from claims.extraction.training.corpus import CONTENT, CUE, SOURCE, Article
from claims.extraction.training.network import Network, encode
from claims.extraction.windows import CORE, cut_windows

log = logging.getLogger(__name__)

Links = tuple[tuple[int, int, int, list[list[int]]], ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made of; the defaults are the shipped recipe."""

    seed: int = 1
    epochs: float = 4
    articles_per_step: int = 2
    encoder_rate: float = 2.5e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warm_up: float = 0.06
    final_rate: float = 0.02
    smoothing: float = 0.03
    entropy_weight: float = 0.5
    crf_weight: float = 0.5
    link_weight: float = 0.25
    teacher_weight: float = 0.5
    candidate_drop: float = 0.08
    adversarial: float = 0.0
    checkpoint_every: int = 100
    core: int = CORE


def train(articles: Sequence[Article], network: Network, work: Path, recipe: Recipe) -> Network:
    """Train to the end, resuming from the newest checkpoint in `work`.

    Args:
        articles: What to learn from; with `soft_tags` where teachers have a say.
        network: What to train, with the weights to begin with.
        work: Folder of checkpoints.
        recipe: Settings of the run.
    """
    per_epoch = -(-len(articles) // recipe.articles_per_step)
    total = round(per_epoch * recipe.epochs)
    optimiser = torch.optim.AdamW(_groups(network, recipe), betas=(0.9, 0.98), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, total, recipe))
    saved = work / "checkpoint.pt"
    first = 0
    if saved.exists():
        state = torch.load(saved, weights_only=True)
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
        log.info("resuming at step %d of %d", first, total)
    network.train()
    sums, clock = np.zeros(3), time.monotonic()
    for step in range(first, total):
        batch = _batch(articles, step, per_epoch, recipe)
        optimiser.zero_grad(set_to_none=True)
        losses = _learn(network, batch, recipe, step)
        if recipe.adversarial:
            learn_adversarially(network, batch, recipe, step)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        sums += [float(value.detach()) for value in losses]
        if (step + 1) % 20 == 0:
            seconds = (time.monotonic() - clock) / 20
            log.info("step %d/%d entropy %.4f crf %.4f link %.4f %.2f s/step", step + 1, total, *(sums / 20), seconds)
            sums, clock = np.zeros(3), time.monotonic()
        if (step + 1) % recipe.checkpoint_every == 0 or step + 1 == total:
            parts = {"network": network, "optimiser": optimiser, "schedule": schedule}
            _save({name: part.state_dict() for name, part in parts.items()} | {"step": step + 1}, saved)
    return network


def _learn(network: Network, batch: Sequence[Article], recipe: Recipe, step: int) -> tuple[Tensor, Tensor, Tensor]:
    """Add the gradient of a batch; the same step draws the same dropout and cuts whenever it is asked."""
    random.seed(recipe.seed * 1_000_003 + step)
    torch.manual_seed(recipe.seed * 1_000_003 + step)
    losses = article_losses(network, batch, recipe)
    loss = recipe.entropy_weight * losses[0] + recipe.crf_weight * losses[1] + recipe.link_weight * losses[2]
    loss.backward()
    return losses


def learn_adversarially(network: Network, batch: Sequence[Article], recipe: Recipe, step: int) -> None:
    """Add the gradient of the same batch once more, its words moved to where the loss grows fastest.

    The fast gradient method of Miyato, Dai and Goodfellow (ICLR 2017) on the table of word embeddings; `adversarial` is
    how far they move together. The table is as before when this returns.
    """
    words = network.encoder.get_submodule("words").get_parameter("weight")
    length = words.grad.norm() if words.grad is not None else torch.zeros(())
    if not torch.isfinite(length) or not length:
        return
    before = words.detach().clone()
    with torch.no_grad():
        words.add_(words.grad, alpha=recipe.adversarial / float(length))
    _learn(network, batch, recipe, step)
    with torch.no_grad():
        words.copy_(before)


def _save(state: dict[str, object], path: Path) -> None:
    """Write a checkpoint whole or not at all."""
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _groups(network: Network, recipe: Recipe) -> list[dict[str, object]]:
    """Split the parameters by learning rate: lower layers learn more slowly, heads fastest; no decay on vectors."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    layers = len(network.encoder.layers)
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if name.startswith("encoder.features"):
            rate = recipe.head_rate
        elif name.startswith("encoder."):
            depth = int(name.split(".")[2]) + 1 if name.startswith("encoder.layers.") else 0
            rate = recipe.encoder_rate * recipe.layer_decay ** (layers - depth)
        else:
            rate = recipe.head_rate
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": members, "lr": rate, "weight_decay": decay} for (rate, decay), members in groups.items()]


def _rate(step: int, total: int, recipe: Recipe) -> float:
    warm = max(1, int(total * recipe.warm_up))
    if step < warm:
        return (step + 1) / warm
    return 1 - (1 - recipe.final_rate) * (step - warm) / max(1, total - warm)


def _batch(articles: Sequence[Article], step: int, per_epoch: int, recipe: Recipe) -> list[Article]:
    order = list(range(len(articles)))
    random.Random(recipe.seed * 7919 + step // per_epoch).shuffle(order)  # noqa: S311
    at = step % per_epoch * recipe.articles_per_step
    return [articles[index] for index in order[at : at + recipe.articles_per_step]]


def article_losses(network: Network, articles: Sequence[Article], recipe: Recipe) -> tuple[Tensor, Tensor, Tensor]:
    """Return cross entropy and CRF loss per word, and linking loss per choice."""
    articles = [article for article in articles if len(article.tags)]
    entropy, path, words = torch.zeros(()), torch.zeros(()), 0
    links, choices = torch.zeros(()), 0
    pieces = [article.pieces for article in articles]
    # Cut elsewhere each time, so that no word is always learned at the same place beside the same neighbours.
    firsts = [random.randint(recipe.core // 4, recipe.core) for _ in articles]  # noqa: S311
    cuts = [list(cut_windows(one, recipe.core, first)) for one, first in zip(pieces, firsts, strict=True)]
    for article, vectors in zip(articles, encode(network.encoder, pieces, cuts, recipe.core), strict=True):
        tags = torch.from_numpy(article.tags)
        emissions = network.tags(network.dropout(vectors))
        entropy = entropy + _tag_entropy(emissions, tags, article, recipe)
        path = path + network.crf(emissions, tags)
        words += len(tags)
        for loss in _link_losses(network, article, vectors, recipe):
            links = links + loss.sum()
            choices += len(loss)
    return entropy / max(1, words), path / max(1, words), links / max(1, choices)


def _tag_entropy(emissions: Tensor, tags: Tensor, article: Article, recipe: Recipe) -> Tensor:
    """Return the cross entropy of one article's tags: with the gold, and where there are teachers with theirs."""
    gold = functional.cross_entropy(emissions, tags, label_smoothing=recipe.smoothing, reduction="sum")
    if article.soft_tags is None:
        return gold
    taught = functional.cross_entropy(emissions, torch.from_numpy(article.soft_tags), reduction="sum")
    return (1 - recipe.teacher_weight) * gold + recipe.teacher_weight * taught


def _link_losses(network: Network, article: Article, vectors: Tensor, recipe: Recipe) -> Iterator[Tensor]:
    targets: Links = (
        (0, CONTENT, CUE, [[cue] if cue >= 0 else [] for cue in article.cue_of]),
        (1, CUE, SOURCE, article.sources_of_cue),
        (2, CONTENT, SOURCE, article.sources_of_content),
    )
    for link, choosing, chosen, wanted in targets:
        left = np.array(article.spans[choosing], dtype=np.int64).reshape(-1, 2)
        right = np.array(article.spans[chosen], dtype=np.int64).reshape(-1, 2)
        if len(right):
            kept = np.array([random.random() >= recipe.candidate_drop for _ in range(len(right))])  # noqa: S311
        else:
            kept = np.zeros(0, dtype=bool)
        if not len(left):
            continue
        *places, reachable = place_classes(left, right, article.pieces.sentence, article.pieces.paragraph)
        scores = network.linker(
            link, span_vectors(vectors, left), span_vectors(vectors, right), [torch.from_numpy(p) for p in places]
        )
        usable = reachable & kept[None, :]
        open_ = torch.from_numpy(np.concatenate([usable, np.ones((len(left), 1), dtype=bool)], axis=1))
        right_answer = torch.zeros_like(open_)
        for row, indices in enumerate(wanted):
            good = [index for index in indices if usable[row, index]]
            right_answer[row, good or [len(right)]] = True
        log_odds = scores.masked_fill(~open_, -1e4).log_softmax(1)
        yield -torch.logsumexp(log_odds.masked_fill(~right_answer, -1e4), dim=1)


def span_vectors(vectors: Tensor, spans: np.ndarray) -> Tensor:
    """Join the vectors of each span's first and last word: (N, 2H)."""
    return torch.cat([vectors[torch.from_numpy(spans[:, 0])], vectors[torch.from_numpy(spans[:, 1])]], dim=1)
