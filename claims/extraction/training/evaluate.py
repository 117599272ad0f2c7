"""The evaluate phase: figures on dev with the exported file, written into the model's card.

The card's figures come from here and from nowhere else: the template holds words, the run fills in every number.
"""

import resource
import time
from pathlib import Path
from typing import Any

from claims.extraction.attributions import Finder
from claims.extraction.layouts import layout_attributions, with_layout
from claims.extraction.training.corpus import Row
from claims.extraction.training.metric import Score, Words

TEMPLATE = Path(__file__).with_name("model_card.md")


def evaluate(model_dir: Path, rows: list[Row]) -> dict[str, Any]:
    """Score a model directory end to end and time it on one thread."""
    finder = Finder(model_dir)
    finder.find("She said the bridge is safe.")
    score, seconds, characters = Score(), 0.0, 0
    for row in rows:
        started = time.process_time()
        found = finder.find(row["text"])
        seconds += time.process_time() - started
        characters += len(row["text"])
        words = Words(row["text"])
        score.add(
            words.claims((a["content"], a["source"]) for a in row["attributions"]),
            words.claims((a.content, a.mention) for a in with_layout(found, layout_attributions(row["text"]))),
        )
    figures = score.figures()
    figures["articles"] = len(rows)
    figures["articles_per_cpu_second"] = round(len(rows) / seconds, 1)
    figures["characters_per_cpu_second"] = round(characters / seconds)
    figures["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    figures["model_mb"] = round(sum(path.stat().st_size for path in model_dir.iterdir()) / 1e6, 1)
    return figures


def write_card(model_dir: Path, figures: dict[str, Any], training: dict[str, Any]) -> None:
    """Fill the template with what was measured and with how the model was trained."""
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
    text = TEMPLATE.read_text(encoding="utf-8").format(**training, **kinds, **rates, **plain)
    (model_dir / "MODEL_CARD.md").write_text(text, encoding="utf-8")
