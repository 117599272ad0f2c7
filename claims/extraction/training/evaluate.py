"""The evaluate phase: figures on dev with the exported file, written into the model's card.

The card's figures come from here and from nowhere else: the template holds words, the run fills in every number.
"""

import resource
import shutil
import time
from pathlib import Path
from typing import Any

from claims.extraction.confidence import THRESHOLDS
from claims.extraction.engine import Engine
from claims.extraction.training.corpus import Row
from claims.extraction.training.metric import Score, Words
from claims.extraction.training.tune import objective_of

TEMPLATE = Path(__file__).with_name("model_card.md")


def evaluate(model_dir: Path, rows: list[Row]) -> dict[str, Any]:
    """Score a model directory end to end and time it on one thread."""
    engine = Engine(model_dir)
    engine.attributions("She said the bridge is safe.")
    score, seconds, characters = Score(), 0.0, 0
    by_use = {use: Score() for use in THRESHOLDS}
    for row in rows:
        started = time.process_time()
        answers = engine.attributions(row["text"])
        seconds += time.process_time() - started
        characters += len(row["text"])
        words = Words(row["text"])
        gold = words.claims((a["content"], a["source"]) for a in row["attributions"])
        score.add(gold, words.claims((a.content, a.mention) for a in answers))
        for use, least in THRESHOLDS.items():
            kept = [a for a in answers if a.confidence >= least]
            by_use[use].add(gold, words.claims((a.content, a.mention) for a in kept))
    figures = score.figures()
    figures["by_use"] = {use: _rates(one) for use, one in by_use.items()}
    figures["articles"] = len(rows)
    figures["articles_per_cpu_second"] = round(len(rows) / seconds, 1)
    figures["characters_per_cpu_second"] = round(characters / seconds)
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    figures["model_mb"] = round(sum(path.stat().st_size for path in model_dir.iterdir()) / 1e6, 1)
    return figures


def _rates(score: Score) -> dict[str, float]:
    """Return precision and recall of claims, whoever says them, and F1 with the source."""
    return {
        "precision": round(score.matched[0.5] / max(1, score.found), 4),
        "recall": round(score.matched[0.5] / max(1, score.gold), 4),
        "attributed": round(score.f1(score.attributed[0.5]), 4),
    }


def compare(new: dict[str, Any], shipped: dict[str, Any]) -> float:
    """Return by how much a model is better, in what tuning maximises; negative where it is worse."""
    return objective_of(new) - objective_of(shipped)


def verdict(gain: float) -> str:
    """Say it in words."""
    figure = f"{abs(gain):.4f} (0.7 attributed@0.5 + 0.3 attributed@0.8)"
    if gain > 0:
        return f"better than the shipped model, by {figure}"
    return (
        f"not better than the shipped model: {figure} below it" if gain else "not better than the shipped model: equal"
    )


def install(new: Path, shipped: Path) -> None:
    """Put a model directory in the place of another; a process killed in between leaves both whole, one beside."""
    copy, old = shipped.with_name(shipped.name + ".new"), shipped.with_name(shipped.name + ".old")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(new, copy)
    shipped.rename(old)
    copy.rename(shipped)
    shutil.rmtree(old)


def write_card(model_dir: Path, figures: dict[str, Any], training: dict[str, Any]) -> None:
    """Fill the template with what was measured and with how the model was trained.

    Args:
        model_dir: Where the card goes.
        figures: Those of `evaluate`.
        training: What the train phase recorded; `runs` may tell how the runs were made that it names.
    """
    training = {"runs": "none", **training}
    kinds = {
        f"{kind}_{name}": f"{figures[kind][name]:.3f}" for kind in ("direct", "mixed", "indirect")
        for name in ("found", "attributed")
    }  # fmt: skip
    rates = {
        name.replace("@0.", "_"): f"{value:.3f}"
        for name, value in figures.items()
        if isinstance(value, float) and "@" in name
    }
    plain = {name: value for name, value in figures.items() if "@" not in name and not isinstance(value, dict)}
    uses = {
        f"{use.replace(' ', '_')}_{name}": f"{value:.3f}"
        for use, one in figures["by_use"].items()
        for name, value in one.items()
    }
    text = TEMPLATE.read_text(encoding="utf-8").format(**training, **kinds, **rates, **uses, **plain)
    (model_dir / "MODEL_CARD.md").write_text(text, encoding="utf-8")
