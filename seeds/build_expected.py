"""Builds expected.json: what a careful person finds in the sample articles, in the shape that `extract` prints.

    python seeds/build_expected.py            write expected.json
    python seeds/build_expected.py --check    exit 1 if it is not up to date

The annotations quote words; the offsets come from the body that `sources.parsing` takes from each article, so the file
is built again whenever a parser changes a body. Nothing here runs the extraction engine, and nothing may: the answers
of the held-out part are a person's, and stay so.
"""

import argparse
import hashlib
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from annotations import AnnotationError, rows_of  # noqa: E402

from sources.parsing import ParsedArticle, ParseError, parse_bytes, parse_rows  # noqa: E402

TODAY = date(2026, 11, 20)
"""The day the parser is told, so that the same files always give the same bodies."""

ABOUT = (
    "Claims and speakers that a person finds in the articles under articles/. Everybody and everything in them is "
    "invented. Offsets are code points into the body text, end exclusive. Built by build_expected.py from "
    "annotations/; the rules are in README.md. Articles whose split is held_out are never used for tuning."
)


def bodies_of(path: Path) -> dict[str, ParsedArticle]:
    """The articles of one file by row id; a file that is one article has the id "".

    Raises:
        ParseError: if the file, or any row of it, is no article.
    """
    if path.suffix != ".jsonl":
        return {"": parse_bytes(path.read_bytes(), filename=path.name, today=TODAY)}
    found = {}
    with path.open("rb") as stream:
        for row in parse_rows(stream, today=TODAY):
            if row.article is None:
                raise row.error or ParseError(f"{path.name}:{row.line_number}: no article")
            found[row.external_id] = row.article
    return found


def entry_of(annotation: dict[str, Any], article: ParsedArticle) -> dict[str, Any]:
    """One article of expected.json."""
    claims, relayed = rows_of(article.text, annotation)
    row = annotation.get("row")
    return {
        "id": annotation["file"] + (f"#{row}" if row else ""),
        "split": annotation["split"],
        "phenomena": annotation["phenomena"],
        "headline": article.headline,
        "source": article.source_name,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "text_sha256": hashlib.sha256(article.text.encode()).hexdigest(),
        "claims": claims,
        "relayed": relayed,
    }


def build() -> dict[str, Any]:
    """The whole of expected.json.

    Raises:
        AnnotationError: if words are missing or fit twice, or an article has no annotation.
    """
    annotations = [json.loads(p.read_text("utf-8")) for p in sorted((HERE / "annotations").glob("*.json"))]
    bodies = {p.name: bodies_of(p) for p in sorted((HERE / "articles").iterdir())}
    wanted = {(name, row) for name, rows in bodies.items() for row in rows}
    given = {(a["file"], a.get("row") or "") for a in annotations}
    if wanted != given:
        raise AnnotationError(f"articles and annotations differ: {sorted(wanted ^ given)}")
    entries = [entry_of(a, bodies[a["file"]][a.get("row") or ""]) for a in annotations]
    return {"about": ABOUT, "articles": sorted(entries, key=lambda e: e["id"])}


def dump(expected: dict[str, Any]) -> str:
    """JSON with one claim a line, so that a changed annotation is a readable diff."""
    lines = ["{", f' "about": {json.dumps(expected["about"])},', ' "articles": [']
    for n, entry in enumerate(expected["articles"]):
        head = {k: v for k, v in entry.items() if k not in ("claims", "relayed")}
        lines.append("  " + json.dumps(head, ensure_ascii=False)[:-1] + ",")
        for key in ("claims", "relayed"):
            rows = [json.dumps(row, ensure_ascii=False) for row in entry[key]]
            body = "\n    " + ",\n    ".join(rows) if rows else ""
            lines.append(f'   "{key}": [{body}]' + ("," if key == "claims" else ""))
        lines.append("  }" + ("," if n < len(expected["articles"]) - 1 else ""))
    return "\n".join([*lines, " ]", "}", ""])


def main(argv: list[str]) -> int:
    """Write or check the file; 1 and a line on stderr where something does not fit."""
    parser = argparse.ArgumentParser(description="Build expected.json from the annotations.")
    parser.add_argument("--check", action="store_true", help="only tell whether the file is up to date")
    options = parser.parse_args(argv)
    target = HERE / "expected.json"
    try:
        expected = build()
    except (AnnotationError, ParseError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = dump(expected)
    if options.check:
        current = target.is_file() and target.read_text("utf-8") == text
        if not current:
            sys.stderr.write("expected.json is not up to date: run python seeds/build_expected.py\n")
        return 0 if current else 1
    target.write_text(text, "utf-8")
    counts = [(e["split"], len(e["claims"])) for e in expected["articles"]]
    for split in ("tuning", "held_out"):
        claims = [c for s, c in counts if s == split]
        sys.stdout.write(f"{split}: {len(claims)} articles, {sum(claims)} claims\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
