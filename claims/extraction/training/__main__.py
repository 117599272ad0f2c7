"""Train the engine's model: train, export, tune, evaluate.

usage: python -m claims.extraction.training [PHASE …] --train PATH --dev PATH --work DIR

Without a phase all four run in order. A stopped run goes on where its last checkpoint was written. The last line tells
whether the model is better than the shipped one on the dev articles, and by how much; --install replaces the shipped
one only then.
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from claims.extraction.attributions import Head
from claims.extraction.encoder import Encoder as ExportedEncoder
from claims.extraction.encoder import load_tokenizer
from claims.extraction.engine import DEFAULT_MODEL
from claims.extraction.training.checkpoints import load_network
from claims.extraction.training.corpus import Row, prepare, read_rows, swap_repairs
from claims.extraction.training.evaluate import compare, evaluate, install, verdict, write_card
from claims.extraction.training.export import export, write_meta
from claims.extraction.training.large import LargeEncoder
from claims.extraction.training.network import Encoder, Network
from claims.extraction.training.prune import prune
from claims.extraction.training.start import large_start, small_start
from claims.extraction.training.teachers import soft_tags
from claims.extraction.training.train import Recipe, train
from claims.extraction.training.tune import Trial, calibrate, observe, store, tune, tune_floor

PHASES = ("train", "export", "tune", "evaluate")


def read_arguments() -> argparse.Namespace:
    """Read the command line; without a phase all are asked for."""
    parser = argparse.ArgumentParser(prog="python -m claims.extraction.training", description=__doc__)
    parser.add_argument("phases", nargs="*", metavar="PHASE", help=f"any of {', '.join(PHASES)}; default all")
    parser.add_argument("--train", type=Path, required=True, help="annotated articles to learn from (JSONL)")
    parser.add_argument(
        "--dev", type=Path, required=True, help="annotated articles to tune decoding on and score (JSONL)"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and the exported model")
    _add_recipe(parser)
    parser.add_argument(
        "--checkpoint",
        type=Path,
        nargs="*",
        default=[],
        help="weights to export, averaged; default the last ones",
    )
    parser.add_argument(
        "--install", action="store_true", help="put the model in the place of the shipped one if it is better"
    )
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    arguments.phases = arguments.phases or list(PHASES[:1] if arguments.large else PHASES)
    if arguments.large and arguments.phases != ["train"]:
        parser.error("--large: that network is trained only; nothing ships it")
    if unknown := set(arguments.phases) - set(PHASES):
        parser.error(f"unknown phase {', '.join(sorted(unknown))}; known: {', '.join(PHASES)}")
    return arguments


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    """Add what a run of the train phase is made of."""
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=float, default=Recipe().epochs)
    parser.add_argument("--core", type=int, default=Recipe().core, help="longest window core, in pieces")
    parser.add_argument("--large", action="store_true", help="train the large network, which teaches and never ships")
    parser.add_argument("--articles", type=int, default=None, help="learn from the first N articles only")
    parser.add_argument("--leave-out", type=_fold, metavar="I/N", help="leave every Nth article out, from number I on")
    parser.add_argument(
        "--folds",
        type=Path,
        nargs="*",
        default=[],
        help="exported models, or the large network's checkpoints, of the runs with --leave-out 0/N … N-1/N: each "
        "teaches the articles that it never saw",
    )
    parser.add_argument("--hold-out-alternates", action="store_true", help="leave doubly annotated articles out")
    parser.add_argument(
        "--start",
        type=Path,
        nargs="*",
        default=[],
        help="checkpoints of other runs, or exported models, to begin with, averaged",
    )
    parser.add_argument(
        "--width",
        type=int,
        nargs=2,
        metavar=("HEADS", "INNER"),
        help="keep so many heads and inner units a layer",
    )
    parser.add_argument("--encoder-rate", type=float, default=Recipe().encoder_rate)
    parser.add_argument("--head-rate", type=float, default=Recipe().head_rate)
    parser.add_argument(
        "--adversarial",
        type=float,
        default=Recipe().adversarial,
        metavar="LENGTH",
        help="learn each step a second time with the words' vectors moved so far against it; 1 was of use",
    )
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="models to learn tags from too")


def main() -> None:
    """Run the phases asked for."""
    arguments = read_arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    tokenizer_file = small_start().tokenizer
    if "train" in arguments.phases:
        run_training(arguments, tokenizer_file)
    model_dir = arguments.work / "model"
    if "export" in arguments.phases:
        export(load_network(arguments.checkpoint or [arguments.work / "checkpoint.pt"]), tokenizer_file, model_dir)
    if "tune" in arguments.phases:
        run_tuning(model_dir, read_rows(arguments.dev))
    if "evaluate" in arguments.phases:
        run_evaluation(arguments, model_dir)


def run_training(arguments: argparse.Namespace, tokenizer_file: Path) -> None:
    """Train, and record beside the checkpoint what the model card needs to know."""
    rows = read_rows(arguments.train)
    if arguments.hold_out_alternates:
        rows = [row for row in rows if not row["alternates"]]
    rows = rows[: arguments.articles]
    if arguments.leave_out:
        rows = [row for index, row in enumerate(rows) if index % arguments.leave_out[1] != arguments.leave_out[0]]
    swapped = swap_repairs(rows)
    recipe = Recipe(
        seed=arguments.seed, epochs=arguments.epochs, core=arguments.core,
        encoder_rate=arguments.encoder_rate, head_rate=arguments.head_rate, adversarial=arguments.adversarial,
    )  # fmt: skip
    facts = {
        "train_articles": len(rows),
        "swapped": swapped,
        "training_steps": round(-(-len(rows) // recipe.articles_per_step) * recipe.epochs),
        "articles_per_step": recipe.articles_per_step,
        "epochs": f"{recipe.epochs:g}",
        "seed": recipe.seed,
        "how": _how(arguments),
        "options": "".join(f" {word}" for word in _options(recipe, arguments)),
    }
    (arguments.work / "training.json").write_text(json.dumps(facts, indent=1) + "\n")
    tokenizer = load_tokenizer(tokenizer_file.parent)
    articles = [prepare(row, tokenizer, recipe.core) for row in rows]
    if arguments.teachers or arguments.folds:
        texts = [row["text"] for row in rows]
        taught = soft_tags(texts, arguments.teachers, arguments.folds, tokenizer, arguments.work)
        articles = [replace(article, soft_tags=soft) for article, soft in zip(articles, taught, strict=True)]
    torch.manual_seed(recipe.seed)
    network = load_network(arguments.start) if arguments.start else fresh_network(arguments)
    if arguments.width:
        network = prune(network, articles, *arguments.width)
    train(articles, network, arguments.work, recipe)


def fresh_network(arguments: argparse.Namespace) -> Network:
    """Return a network whose encoder has the start weights."""
    encoder = LargeEncoder() if arguments.large else Encoder()
    encoder.load_start_weights(large_start(arguments.work) if arguments.large else small_start().weights)
    return Network(encoder)


def _fold(word: str) -> tuple[int, int]:
    """Read "1/2": the second of two folds."""
    index, _, count = word.partition("/")
    if not (index.isdigit() and count.isdigit() and int(index) < int(count)):
        raise argparse.ArgumentTypeError(f"{word}: want I/N with I from 0 to N-1, as in 0/2")
    return int(index), int(count)


def _how(arguments: argparse.Namespace) -> str:
    parts = []
    if arguments.large:
        parts.append("the large network")
    if arguments.start:
        parts.append("beginning with the weights of " + _names(arguments.start))
    if arguments.teachers:
        parts.append(f"taught by the tags of {_names(arguments.teachers)} besides the gold")
    if arguments.leave_out:
        parts.append("without every {1}th article from number {0} on".format(*arguments.leave_out))
    if arguments.folds:
        parts.append(f"taught about each article by the one of {_names(arguments.folds)} that never saw it")
    if arguments.width:
        parts.append("narrowed to {} heads and {} inner units a layer".format(*arguments.width))
    return "".join(f", {part}" for part in parts)


def _names(paths: Sequence[Path]) -> str:
    names = [path.parent.name for path in paths if path.resolve() != DEFAULT_MODEL]
    runs = [("run " if len(names) == 1 else "runs ") + " and ".join(names)] if names else []
    return " and ".join([*runs, *["the shipped model"] * (len(names) < len(paths))])


def _options(recipe: Recipe, arguments: argparse.Namespace) -> list[str]:
    words = [f"--seed {recipe.seed}", f"--epochs {recipe.epochs:g}"]
    if arguments.large:
        words.append("--large")
    if arguments.start or arguments.large:
        words.append(f"--encoder-rate {recipe.encoder_rate:g} --head-rate {recipe.head_rate:g}")
    if arguments.start:
        words.append("--start " + " ".join(f"{path.parent.name}/{path.name}" for path in arguments.start))
    if arguments.teachers:
        words.append("--teachers " + " ".join(f"{path.parent.name}/{path.name}" for path in arguments.teachers))
    if recipe.adversarial:
        words.append(f"--adversarial {recipe.adversarial:g}")
    if arguments.width:
        words.append("--width {} {}".format(*arguments.width))
    if arguments.leave_out:
        words.append("--leave-out {}/{}".format(*arguments.leave_out))
    if arguments.folds:
        words.append("--folds " + " ".join(f"{path.parent.name}/{path.name}" for path in arguments.folds))
    return words


def run_tuning(model_dir: Path, rows: list[Row]) -> None:
    """Search decoding biases and calibrate confidence with the exported file."""
    head = Head.load(model_dir)
    trial = Trial(ExportedEncoder(model_dir), rows)
    tune(head, trial)
    head.claim_confidence, head.source_confidence = calibrations = calibrate(observe(head, trial))
    tune_floor(head, trial)
    store(head, calibrations, model_dir / "head.npz")
    write_meta(model_dir)


def run_evaluation(arguments: argparse.Namespace, model_dir: Path) -> None:
    """Score the model, write its card, and tell whether it is better than the shipped one."""
    figures = evaluate(model_dir, read_rows(arguments.dev))
    training = json.loads((arguments.work / "training.json").read_text())
    training["sha256"] = json.loads((model_dir / "meta.json").read_text())["sha256"]
    write_card(model_dir, figures, training)
    sys.stdout.write(json.dumps(figures) + "\n")
    gain = compare(figures, evaluate(DEFAULT_MODEL, read_rows(arguments.dev)))
    sys.stdout.write(verdict(gain) + "\n")
    if arguments.install and gain > 0:
        install(model_dir, DEFAULT_MODEL)


if __name__ == "__main__":
    main()
