"""Short invented articles for command tests, and a dump of what they became, free of ids and times."""

import json
from typing import Any

NAMES = [
    ("Ilse Brandauer", "harbour"),
    ("Kwabena Osei-Mintah", "railway"),
    ("Farida Noorzai", "hospital"),
    ("Tomás Quiroga", "reservoir"),
    ("Meera Vaidyanath", "library"),
    ("Anselm Okafor-Reid", "stadium"),
]


def story(number: int) -> str:
    """A wire story about one of six people; each number gives another text."""
    name, thing = NAMES[number % len(NAMES)]
    surname = name.split()[-1]
    return (
        f"Mayor {name} said on Monday that the new {thing} would open {number + 2} weeks late.\n\n"
        f"“We did not plan for the rain,” {surname} told reporters. “Nobody could have.”\n\n"
        f"A city official, who asked not to be named, said that the {thing} had cost {number + 3} million crowns.\n"
    )


def rows(count: int) -> list[dict[str, Any]]:
    """As many JSONL rows, all of one outlet."""
    return [
        {
            "id": f"story-{number}",
            "source": "Harbour Wire",
            "headline": f"Late again, {number}",
            "published_on": "2026-03-01",
            "text": story(number),
        }
        for number in range(count)
    ]


def jsonl(count: int) -> str:
    """The rows as JSONL."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(count))


def natural(dump: str) -> list[str]:
    """A `dumpdata` of claims and sources as sorted lines in which names stand for ids, and no time occurs.

    The log of changes is left out: triggers write it in the same transactions, and it holds nothing but ids and times.
    """
    objects = [one for one in json.loads(dump) if not one["model"].endswith((".scale", ".rating", ".revision"))]
    names = {(one["model"], one["pk"]): _name(one) for one in objects}
    for _ in range(2):  # a claim is named by its article, a link by its claim
        names = {key: _resolved(name, names) for key, name in names.items()}
    return sorted(_line(one, names) for one in objects)


_REFERENCES = {
    "source": "sources.source",
    "article": "sources.article",
    "supersedes": "sources.article",
    "run": "claims.extractionrun",
    "speaker": "claims.speaker",
    "merged_into": "claims.speaker",
    "claim": "claims.claim",
    "within": "claims.claim",
}
_KEYS = {
    "sources.source": ("slug",),
    "sources.article": ("text_sha256",),
    "claims.extractionrun": ("article", "engine_version"),
    "claims.speaker": ("slug",),
    "claims.claim": ("article", "depth", "span_key"),
}


def _name(one: dict[str, Any]) -> tuple[Any, ...]:
    fields = one["fields"]
    return tuple(
        (_REFERENCES[key], fields[key]) if key in _REFERENCES else fields[key] for key in _KEYS.get(one["model"], ())
    )


def _resolved(name: tuple[Any, ...], names: dict[tuple[str, int], tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(names.get(part, part) if isinstance(part, tuple) else part for part in name)


def _line(one: dict[str, Any], names: dict[tuple[str, int], tuple[Any, ...]]) -> str:
    fields = {
        key: names[(_REFERENCES[key], value)] if key in _REFERENCES and value is not None else value
        for key, value in one["fields"].items()
        if not key.endswith("_at")
    }
    return f"{one['model']} {json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)}"
