"""What a claim's field says, as one JSON value a field: the engine's and the editors', in the same form.

`Claim.engine_values` maps each corrected field to the engine's value in this form, or to null where no engine finds the
claim; `Correction.before` and `after` hold the same form under the field's name. The columns always hold the value that
counts. Nothing here saves a row.

| field | value |
|---|---|
| span | `{"spans": [[start, end], …], "kind": …}`: the kind follows the words unless an editor set it |
| cue, mention | `[[start, end], …]` |
| kind, act | the word |
| speaker | `{"status", "confidence", "reason", "links": [{…}]}`, a link with the columns of `LINK_COLUMNS` |
"""

from collections.abc import Mapping, Sequence
from typing import Any

from claims.extraction.kinds import QuotedWords
from claims.extraction.values import Span
from claims.models import Claim, ClaimSpeaker, Correction, Speaker
from claims.services.claim_rows import ClaimRow, content_values, words_values
from sources.models import Article

Field = Correction.Field
FIELDS = (Field.SPAN, Field.CUE, Field.MENTION, Field.SPEAKER, Field.KIND, Field.ACT)
LINK_COLUMNS = ("speaker_id", "words", "name", "key", "position", "candidates")
COLUMNS: dict[str, tuple[str, ...]] = {
    Field.SPAN: ("text", "spans", "span_key", "start", "context", "kind"),
    Field.CUE: ("cue_text", "cue_spans"),
    Field.MENTION: ("mention_text", "mention_spans"),
    Field.SPEAKER: ("speaker_status", "speaker_confidence", "speaker_reason"),
    Field.KIND: ("kind",),
    Field.ACT: ("act",),
}
"""By field, the columns of `Claim` that hold its value."""
_SPEAKER_COLUMNS = ("speaker_status", "speaker_confidence", "speaker_reason")


def value_of(claim: Claim, field: str) -> Any:
    """The value that counts now."""
    columns = {
        name: getattr(claim, name) for name in ("spans", "cue_spans", "mention_spans", "kind", "act", *_SPEAKER_COLUMNS)
    }
    links = [{name: getattr(link, name) for name in LINK_COLUMNS} for link in claim.links.all()]
    return _value(columns, links, field)


def value_in(row: ClaimRow, field: str) -> Any:
    """The value that an engine's row has."""
    links = [{name: link[name] for name in LINK_COLUMNS} for link in row.links]
    return _value(row.values, links, field)


def engine_value_of(claim: Claim, field: str) -> Any:
    """What the engine says: kept aside where an editor corrected it, else what counts; None where it says nothing."""
    kept = claim.engine_values or {}
    if field in kept:
        return kept[field]
    if field == Field.KIND and kept.get(Field.SPAN):
        return kept[Field.SPAN]["kind"]
    return value_of(claim, field)


def columns_of(article: Article, field: str, value: Any) -> dict[str, Any]:
    """The columns of `Claim` that hold a value; speakers' rows come from `links_of`, the kind of a span with it."""
    text = article.text
    if field == Field.SPAN:
        return {**content_values(text, spans_of(value["spans"])), "kind": value["kind"]}
    if field in (Field.CUE, Field.MENTION):
        return words_values(text, field, spans_of(value))
    if field == Field.SPEAKER:
        return {f"speaker_{name}": value[name] for name in ("status", "confidence", "reason")}
    return {str(field): value}


def links_of(claim: Claim, value: Mapping[str, Any]) -> list[ClaimSpeaker]:
    """Unsaved rows for a speaker value; who was merged meanwhile stands as the survivor, and once."""
    survivors = survivors_of([link["speaker_id"] for link in value["links"] if link["speaker_id"]])
    rows: list[ClaimSpeaker] = []
    seen: set[int] = set()
    for link in value["links"]:
        speaker_id = survivors.get(link["speaker_id"]) if link["speaker_id"] else None
        if speaker_id is not None and speaker_id in seen:
            continue
        seen.update(() if speaker_id is None else (speaker_id,))
        columns = {**link, "speaker_id": speaker_id, "position": len(rows)}
        rows.append(ClaimSpeaker(claim=claim, said_on=claim.said_on, **columns))
    return rows


def survivors_of(speaker_ids: Sequence[int]) -> dict[int, int]:
    """By id, the speaker that now stands for it; merges of merges are followed."""
    found = {pk: pk for pk in speaker_ids}
    for _ in range(50):
        merged = Speaker.objects.filter(pk__in=set(found.values()), merged_into__isnull=False)
        into = dict(merged.values_list("pk", "merged_into"))
        if not into:
            break
        found = {pk: into.get(last) or last for pk, last in found.items()}
    return found


def kind_of(article: Article, spans: Sequence[Span]) -> str:
    """How much of it stands in quotation marks, by the engine's own rule."""
    return QuotedWords(article.text).kind(spans)


def spans_of(pairs: Sequence[Sequence[int]]) -> list[Span]:
    """Pairs as spans."""
    return [Span(start, end) for start, end in pairs]


def _value(columns: Mapping[str, Any], links: list[dict[str, Any]], field: str) -> Any:
    if field == Field.SPAN:
        return {"spans": _pairs(columns["spans"]), "kind": columns["kind"]}
    if field in (Field.CUE, Field.MENTION):
        return _pairs(columns[f"{field}_spans"])
    if field == Field.SPEAKER:
        status, confidence, reason = (columns[name] for name in _SPEAKER_COLUMNS)
        return {"status": status, "confidence": confidence, "reason": reason, "links": links}
    return columns[field]


def _pairs(spans: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    return [[span["start"], span["end"]] for span in spans]
