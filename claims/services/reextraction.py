"""Bringing stored claims to a newer engine without losing what editors built on them.

New output is aligned to the stored claims of the article; a pair keeps the stored id, and the row takes the new
engine's values. What no longer has a partner vanished: where an editor had touched it, it stays and goes to the orphans
queue; where nobody had, it only leaves the lists. Nothing is deleted. Touched claims leave a line in the ledger when
their words or speakers changed, since a verdict may rest on them.

What an editor corrected stands: alignment goes by what the engine said before (and, where that finds no partner, by the
corrected words), and the new engine's opinion of a corrected field goes to `engine_values`. A claim that an editor
added is joined once the engine finds it too, and one that was rejected keeps its id and so its status. Do not store a
row whose words a claim of the article has already.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from claims.errors import TextWithheld
from claims.extraction import ENGINE_VERSION, Engine, Extraction, default_engine, resolve_speakers
from claims.extraction.alignment import align
from claims.extraction.identity import SpeakerPlan
from claims.extraction.values import Span
from claims.models import Claim, ClaimSpeaker, ExtractionRun
from claims.services.articles import create_claims, create_links
from claims.services.claim_rows import ClaimRow, claim_rows
from claims.services.corrected_values import COLUMNS, Field, engine_value_of, spans_of, value_in, value_of
from claims.services.history import record_change
from claims.services.namesakes import keep_told_apart
from claims.services.speakers import holders_of_roles, known_speakers, renew_roles, store_speakers
from claims.services.withholding import withheld_in, without
from sources.models import Article

Guard = Callable[[Sequence[Claim], SpeakerPlan], None]
UPDATE_BATCH = 40  # rows an UPDATE: one CASE a column, within SQLite's limit on variables


@dataclass(slots=True)
class _Outcome:
    """What becomes of each stored claim."""

    partners: dict[int, int] = field(default_factory=dict)  # stored id -> position of its new row
    alignments: dict[int, str] = field(default_factory=dict)  # stored id -> Claim.Alignment
    joined: dict[int, int] = field(default_factory=dict)  # position of a row -> id of the claim that has its words
    doubles: dict[int, str] = field(default_factory=dict)  # stored id -> span key, where a corrected claim took its own


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a run would make of an article.

    Attributes:
        plan: The speakers of the new output.
        stored: All stored claims of the article.
        rows: The new output.
        partners: By id of a stored claim, the position of its new row.
        alignments: By id of a stored claim, what becomes of it (`Claim.Alignment`).
        joined: By position of a new row, the id of the claim that has its words already.
    """

    plan: SpeakerPlan
    stored: Sequence[Claim]
    rows: Sequence[ClaimRow]
    partners: Mapping[int, int]
    alignments: Mapping[int, str]
    joined: Mapping[int, int]


def outdated_articles(engine_version: str = ENGINE_VERSION) -> Iterator[int]:
    """Ids of articles whose newest run is another version's, oldest first; where an interrupted pass goes on."""
    newest = ExtractionRun.objects.filter(article=OuterRef("pk")).order_by("-id").values("engine_version")[:1]
    readable = Article.objects.filter(text_withheld="")
    articles = readable.annotate(newest=Subquery(newest)).exclude(newest=engine_version).order_by("pk")
    yield from articles.values_list("pk", flat=True).iterator()


def reextract_article(article_id: int, *, engine: Engine | None = None, guard: Guard | None = None) -> ExtractionRun:
    """Runs an engine over a stored article and aligns its claims; a second run of one version changes nothing.

    Args:
        article_id: The article.
        engine: Another engine than the installed one.
        guard: Called before anything is written; what it raises stops the run.

    Raises:
        Article.DoesNotExist: no such article.
        TextWithheld: its text was taken down.
    """
    engine = engine or default_engine()
    article = Article.objects.get(pk=article_id)
    if run := _run_of(article, engine.version):
        return run
    refuse_withheld(article)
    extraction = engine.extract(article.text, byline=article.byline)
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article_id)  # one run at a time over one article
        refuse_withheld(locked)
        return _run_of(article, engine.version) or _store(article, extraction, guard)


def refuse_withheld(article: Article) -> None:
    """Stops whoever wants to read a text that was taken down.

    Raises:
        TextWithheld: it was.
    """
    if article.text_withheld:
        why = article.get_text_withheld_display()
        message = f"The text of article {article.pk} was taken down ({why}): there is nothing to read."
        raise TextWithheld(message, reason=article.text_withheld)


def _run_of(article: Article, version: str) -> ExtractionRun | None:
    newest = article.runs.order_by("-id").first()
    return newest if newest and newest.engine_version == version else None


def foresee(article: Article, extraction: Extraction) -> Foreseen:
    """What storing this extraction would do, without writing anything."""
    seen = resolve_speakers(extraction, lookup=known_speakers, roles=holders_of_roles(article))
    withheld = withheld_in(extraction)
    extraction, plan = without(withheld, extraction, seen) if withheld else (extraction, seen)
    for name, value in withheld.masked(article).items() if withheld else ():
        setattr(article, name, value)
    new_ids = [-number for number in range(1, len(plan.new) + 1)]  # ids that no stored speaker has
    rows = claim_rows(article, extraction, plan, new_ids)
    stored = _stored_claims(article)
    outcome = _align(stored, rows)
    _settle_places(stored, rows, outcome)
    return Foreseen(seen, stored, rows, outcome.partners, outcome.alignments, outcome.joined)


def _stored_claims(article: Article) -> list[Claim]:
    """Those in the lists first: of two that fit a row equally, the one that editors see goes on."""
    return list(article.claims.prefetch_related("links").order_by("-is_current", "id"))


def _store(article: Article, extraction: Extraction, guard: Guard | None = None) -> ExtractionRun:
    plan = resolve_speakers(extraction, lookup=known_speakers, roles=holders_of_roles(article))
    if guard:
        guard(_stored_claims(article), plan)
    if withheld := withheld_in(extraction):
        extraction, plan = without(withheld, extraction, plan)
        masked = withheld.masked(article)
        for name, value in masked.items():
            setattr(article, name, value)
        article.save(update_fields=[*masked, "modified_at"])
    new_ids = store_speakers(plan)
    rows = claim_rows(article, extraction, plan, new_ids)
    renew_roles(article, extraction, plan, new_ids)
    stored = _stored_claims(article)
    touched = set(article.claims.touched().values_list("id", flat=True))
    outcome = _align(stored, rows)
    _settle_places(stored, rows, outcome)
    ends = Counter(outcome.alignments.values())
    run = ExtractionRun.objects.create(
        article=article,
        engine_version=extraction.engine_version,
        created=len(rows) - len(outcome.partners) - len(outcome.joined),
        **{name: ends[name] for name in ("kept", "moved", "re_attributed", "vanished")},
    )
    for claim in stored:
        if claim.pk in touched:
            _note_change(claim, article, rows, outcome)
    _rewrite(stored, rows, outcome, run, touched)
    places = outcome.joined | {position: pk for pk, position in outcome.partners.items()}
    ids = create_claims(article, run, rows, stored=places)
    _renew_parents(stored, rows, outcome, ids)
    return run


def _align(stored: Sequence[Claim], rows: Sequence[ClaimRow]) -> _Outcome:
    """Depth by depth: what one relays never becomes a claim of its own, nor the other way."""
    outcome = _Outcome()
    for depth in {row.values["depth"] for row in rows} | {claim.depth for claim in stored}:
        old = [claim for claim in stored if claim.depth == depth]
        new = [number for number, row in enumerate(rows) if row.values["depth"] == depth]
        _pair(old, new, rows, outcome, _engine_spans)
        corrected = [claim for claim in old if claim.pk not in outcome.partners and _is_corrected(claim, Field.SPAN)]
        taken = set(outcome.partners.values())
        _pair(corrected, [number for number in new if number not in taken], rows, outcome, _spans)
        for claim in old:
            is_added = claim.alignment == Claim.Alignment.ADDED
            outcome.alignments.setdefault(claim.pk, Claim.Alignment.ADDED if is_added else Claim.Alignment.VANISHED)
    return outcome


def _pair(
    old: Sequence[Claim],
    new: Sequence[int],
    rows: Sequence[ClaimRow],
    outcome: _Outcome,
    spans_of_claim: Callable[[Claim], list[Span]],
) -> None:
    partners = align([spans_of_claim(claim) for claim in old], [rows[number].content for number in new])
    for number, partner in zip(new, partners, strict=True):
        if partner is not None:
            claim = old[partner]
            outcome.partners[claim.pk] = number
            keep_told_apart(claim, rows[number])
            outcome.alignments[claim.pk] = _alignment(claim, rows[number])


def _settle_places(stored: Sequence[Claim], rows: Sequence[ClaimRow], outcome: _Outcome) -> None:
    """No two claims of one article and depth have the same words; who corrected them to these comes first."""
    places: dict[tuple[int, str], int] = {}
    for claim in sorted(stored, key=lambda claim: not _is_corrected(claim, Field.SPAN)):
        is_free = claim.pk in outcome.partners and not _is_corrected(claim, Field.SPAN)
        key = rows[outcome.partners[claim.pk]].values["span_key"] if is_free else claim.span_key
        if places.setdefault((claim.depth, key), claim.pk) != claim.pk:
            outcome.doubles[claim.pk] = f"as {places[claim.depth, key]}, but {claim.pk}"
    taken = set(outcome.partners.values())
    for number, row in enumerate(rows):
        place = (row.values["depth"], row.values["span_key"])
        if number not in taken and place in places:
            outcome.joined[number] = places[place]


def _is_corrected(claim: Claim, name: str) -> bool:
    return name in (claim.engine_values or {})


def _spans(claim: Claim) -> list[Span]:
    return [Span(span["start"], span["end"]) for span in claim.spans]


def _engine_spans(claim: Claim) -> list[Span]:
    """Where the engine saw it; where it never did, what the editor gave."""
    value = engine_value_of(claim, Field.SPAN)
    return spans_of(value["spans"]) if value else _spans(claim)


def _alignment(claim: Claim, row: ClaimRow) -> str:
    """A changed speaker outweighs a changed span: it changes who said it. Both are the engine's own."""
    value = engine_value_of(claim, Field.SPEAKER) or value_of(claim, Field.SPEAKER)
    before = {link["speaker_id"] or link["words"] for link in value["links"]}
    after = {link["speaker_id"] or link["words"] for link in row.links}
    if before != after:
        return Claim.Alignment.RE_ATTRIBUTED
    return Claim.Alignment.KEPT if _engine_spans(claim) == list(row.content) else Claim.Alignment.MOVED


def _note_change(claim: Claim, article: Article, rows: Sequence[ClaimRow], outcome: _Outcome) -> None:
    """A line in the ledger for a touched claim whose words or speakers the engine now sees otherwise."""
    alignment = outcome.alignments[claim.pk]
    if alignment in (Claim.Alignment.KEPT, Claim.Alignment.ADDED) or alignment == claim.alignment == "vanished":
        return
    speakers = engine_value_of(claim, Field.SPEAKER) or value_of(claim, Field.SPEAKER)
    before = {
        "text": " … ".join(article.text[start:end] for start, end in _engine_spans(claim)) or claim.text,
        "speakers": [link["name"] or link["words"] for link in speakers["links"]],
    }
    after: dict[str, Any] = {"alignment": alignment}
    if claim.pk in outcome.partners:
        row = rows[outcome.partners[claim.pk]]
        after |= {"text": row.values["text"], "speakers": [link["name"] or link["words"] for link in row.links]}
    record_change(claim, "reextract", actor=None, before=before, after=after, claim_id=claim.pk)


def _rewrite(
    stored: Sequence[Claim], rows: Sequence[ClaimRow], outcome: _Outcome, run: ExtractionRun, touched: Collection[int]
) -> None:
    """Gives stored claims their new values; only what really changed is stamped as modified."""
    now = timezone.now()
    links: dict[int, ClaimRow] = {}
    written = {"alignment", "is_current", "run", "found_by", "modified_at", "span_key"}
    joined = set(outcome.joined.values())
    touched = set(touched)
    for claim in stored:
        row = rows[outcome.partners[claim.pk]] if claim.pk in outcome.partners else None
        new = _new_values(claim, row) | {"is_current": row is not None or claim.pk in touched | joined}
        if claim.pk in outcome.doubles:
            new["span_key"] = outcome.doubles[claim.pk]
        written |= set(new)
        if row and not _is_corrected(claim, Field.SPEAKER) and _link_values(claim) != row.links:
            links[claim.pk] = row
        if claim.pk in links or any(getattr(claim, name) != value for name, value in new.items()):
            claim.modified_at = now
        for name, value in new.items():
            setattr(claim, name, value)
        claim.alignment = outcome.alignments[claim.pk]
        if row or claim.pk in joined:
            claim.run = run
            claim.found_by = list(dict.fromkeys([*claim.found_by, run.engine_version]))
    _free_span_keys(stored)
    Claim.objects.bulk_update(stored, sorted(written), batch_size=UPDATE_BATCH)
    ClaimSpeaker.objects.filter(claim_id__in=links).delete()
    create_links(links)


def _new_values(claim: Claim, row: ClaimRow | None) -> dict[str, Any]:
    """The engine's columns, but for those that an editor corrected: of these the engine's opinion is kept aside."""
    if row is None:
        return {}
    if not claim.engine_values:
        return dict(row.values)
    kept = {name: value_in(row, name) for name in claim.engine_values}
    corrected = {column for name in kept for column in COLUMNS[name]}
    values = {name: value for name, value in row.values.items() if name not in corrected}
    return values | {"engine_values": kept}


def _link_values(claim: Claim) -> list[dict[str, Any]]:
    names = ("speaker_id", "words", "name", "key", "position", "said_on", "candidates")
    return [{name: getattr(link, name) for name in names} for link in claim.links.all()]


def _free_span_keys(stored: Sequence[Claim]) -> None:
    """Two claims may swap places: while rows are rewritten batch by batch, no old place may stand in the way."""
    if stored:
        places = Concat(Value("was "), Cast("pk", CharField()))
        Claim.objects.filter(article_id=stored[0].article_id).update(span_key=places)


def _renew_parents(
    stored: Sequence[Claim], rows: Sequence[ClaimRow], outcome: _Outcome, ids: Mapping[int, int]
) -> None:
    """A relayed claim stays with whatever claim now holds it."""
    changed = []
    for claim in stored:
        within = rows[outcome.partners[claim.pk]].within if claim.pk in outcome.partners else None
        if within is not None and claim.within_id != ids[within]:
            claim.within_id = ids[within]
            changed.append(claim)
    Claim.objects.bulk_update(changed, ["within"], batch_size=UPDATE_BATCH)
