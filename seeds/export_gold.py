"""Writes one part of the samples as the three JSONL files that attribution scorers read.

    python seeds/export_gold.py tuning FOLDER

    FOLDER/texts.jsonl      {"id", "text"}: input of `manage.py extract --jsonl`
    FOLDER/gold.jsonl       {"id", "text", "attributions": [{"source", "cue", "content"}]}, spans in code points
    FOLDER/speakers.jsonl   {"id", "speakers": [{"index", "name", "type"}]}, one for each attribution

A speaker counts as named only where the text tells who it is: an ambiguous one is written as unnamed, because no single
name would be right. Relayed statements are left out, as they stand in no `claims` of `extract` either.
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from build_expected import bodies_of  # noqa: E402

PARTS = ("tuning", "held_out")


def speaker_row(index: int, claim: dict[str, Any]) -> dict[str, Any]:
    """The resolved source of one attribution; type "none" where the text has no source words."""
    speaker = claim["speaker"]
    if speaker is None:
        return {"index": index, "name": None, "type": "none"}
    if speaker["status"] in ("ambiguous", "unnamed"):
        return {"index": index, "name": None, "type": "unnamed"}
    return {"index": index, "name": speaker["name"], "type": speaker["type"]}


def rows_of_part(part: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each file, by its stem."""
    articles = json.loads((HERE / "expected.json").read_text("utf-8"))["articles"]
    rows: dict[str, list[dict[str, Any]]] = {"texts": [], "gold": [], "speakers": []}
    for entry in articles:
        if entry["split"] != part:
            continue
        name, _, row = entry["id"].partition("#")
        text = bodies_of(HERE / "articles" / name)[row].text
        gold = [{"source": c["mention"], "cue": c["cue"], "content": c["content"]} for c in entry["claims"]]
        rows["texts"].append({"id": entry["id"], "text": text})
        rows["gold"].append({"id": entry["id"], "text": text, "attributions": gold})
        speakers = [speaker_row(n, c) for n, c in enumerate(entry["claims"])]
        rows["speakers"].append({"id": entry["id"], "speakers": speakers})
    return rows


def main(argv: list[str]) -> int:
    """Write the files; 2 for wrong usage."""
    if len(argv) != 2 or argv[0] not in PARTS:
        sys.stderr.write("usage: python seeds/export_gold.py tuning|held_out FOLDER\n")
        return 2
    folder = Path(argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for stem, rows in rows_of_part(argv[0]).items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{stem}.jsonl").write_text(lines, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
