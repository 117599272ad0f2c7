"""Measure the extraction engine: accuracy, speed, memory and start, as one JSON line.

usage: python -m benchmarks.extraction --gold GOLD.jsonl [--speakers SPEAKERS.jsonl] [--scorers DIR] [--runs N]

GOLD holds annotated articles; the scorers `score_attribution.py` and `score_speakers.py` are taken from DIR (default:
two folders above GOLD) and run over this engine's predictions. Speed is that of one thread over all articles, the
median of N runs with the spread; load time and memory come from a fresh process each. Calibration is that of claims
(cross-validated by article, since the weights of confidence were fitted on such articles) and of resolved speakers.
--report prints a table of errors by kind of cue, quotation, source and length after the line, on stderr.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.calibration import claim_calibration, speaker_calibration
from benchmarks.error_report import ErrorReport
from claims.extraction import ENGINE_VERSION, extract, extraction_row
from claims.extraction.engine import DEFAULT_MODEL

ROOT = Path(__file__).resolve().parent.parent

FRESH = """
import json, resource, sys, time
started = time.perf_counter()
from claims.extraction import extract
imported = time.perf_counter()
extract("She said the bridge is safe.")
ready = time.perf_counter()
for line in open(sys.argv[1], encoding="utf-8"):
    extract(json.loads(line)["text"])
print(json.dumps({
    "import_s": round(imported - started, 3),
    "first_text_s": round(ready - imported, 3),
    "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--speakers", type=Path)
    parser.add_argument("--scorers", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--report", action="store_true")
    arguments = parser.parse_args()
    scorers = arguments.scorers or arguments.gold.resolve().parent.parent
    articles = [json.loads(line) for line in arguments.gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    extract("She said the bridge is safe.")
    seconds = [measure(articles) for _ in range(arguments.runs)]
    words = sum(len(article["text"].split()) for article in articles)
    median = statistics.median(seconds)
    figures: dict[str, Any] = {
        "engine": ENGINE_VERSION,
        "articles": len(articles),
        "articles_per_s": round(len(articles) / median, 2),
        "articles_per_s_range": [round(len(articles) / value, 2) for value in (max(seconds), min(seconds))],
        "words_per_s": round(words / median),
        "runs": arguments.runs,
        "load_1m": os.getloadavg()[0],
        "model_mb": round(sum(path.stat().st_size for path in DEFAULT_MODEL.iterdir()) / 1e6, 1),
        **run([sys.executable, "-c", FRESH, str(arguments.gold)]),
    }
    extractions = {article["id"]: extract(article["text"]) for article in articles}
    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder) / "predictions.jsonl"
        rows = (json.dumps(extraction_row(name, extraction)) for name, extraction in extractions.items())
        predictions.write_text("\n".join(rows) + "\n", encoding="utf-8")
        figures["attribution"] = run([sys.executable, scorers / "score_attribution.py", arguments.gold, predictions])
        if arguments.speakers:
            command = [sys.executable, scorers / "score_speakers.py", arguments.gold, arguments.speakers, predictions]
            figures["speakers"] = run(command)
    figures["calibration"] = {"claims": claim_calibration(articles)}
    if arguments.speakers:
        named = [json.loads(line) for line in arguments.speakers.read_text(encoding="utf-8").splitlines()]
        figures["calibration"]["speakers"] = speaker_calibration(articles, named, extractions)
    report = ErrorReport()
    for article in articles:
        report.add(article["text"], article["attributions"], extractions[article["id"]].claims)
    figures["groups"] = report.rows()
    print(json.dumps(figures))
    if arguments.report:
        print(report.table(), file=sys.stderr)


def measure(articles: list[dict[str, Any]]) -> float:
    """Return the seconds that one pass over all articles takes."""
    started = time.perf_counter()
    for article in articles:
        extract(article["text"])
    return time.perf_counter() - started


def run(command: list[Any]) -> dict[str, Any]:
    """Run a command from the project's root that prints one JSON line."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[1]}: {done.stderr or done.stdout}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    main()
