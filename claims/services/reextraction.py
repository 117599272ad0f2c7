"""Bringing stored claims to a newer engine without losing what editors built on them.

New output is aligned to the stored claims of the article; a pair keeps the stored id, and the row takes the new
engine's values. What no longer has a partner vanished: where an editor had touched it, it stays and goes to the orphans
queue; where nobody had, it only leaves the lists. Nothing is deleted. Touched claims leave a line in the ledger when
their words or speakers changed, since a verdict may rest on them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from claims.errors import TextWithheld
from claims.extraction import ENGINE_VERSION, Engine, Extraction, default_engine, resolve_speakers
from claims.extraction.alignment import align
from claims.extraction.values import Span
from claims.models import Claim, ClaimSpeaker, ExtractionRun
from claims.services.articles import create_claims, create_links
from claims.services.claim_rows import ClaimRow, claim_rows
from claims.services.history import record_change
from claims.services.speakers import known_speakers, renew_roles, store_speakers
from sources.models import Article

UPDATE_BATCH = 40  # rows an UPDATE: one CASE a column, within SQLite's limit on variables


@dataclass(slots=True)
class _Outcome:
    """What becomes of each stored claim."""

    partners: dict[int, int] = field(default_factory=dict)  # stored id -> position of its new row
    alignments: dict[int, str] = field(default_factory=dict)  # stored id -> Claim.Alignment


def outdated_articles(engine_version: str = ENGINE_VERSION) -> Iterator[int]:
    """Ids of articles whose newest run is another version's, oldest first; where an interrupted pass goes on."""
    newest = ExtractionRun.objects.filter(article=OuterRef("pk")).order_by("-id").values("engine_version")[:1]
    readable = Article.objects.filter(text_withheld="")
    articles = readable.annotate(newest=Subquery(newest)).exclude(newest=engine_version).order_by("pk")
    yield from articles.values_list("pk", flat=True).iterator()


def reextract_article(article_id: int, *, engine: Engine | None = None) -> ExtractionRun:
    """Runs an engine over a stored article and aligns its claims; a second run of one version changes nothing.

    Raises:
        Article.DoesNotExist: no such article.
        TextWithheld: its text was taken down.
    """
    engine = engine or default_engine()
    article = Article.objects.get(pk=article_id)
    if run := _run_of(article, engine.version):
        return run
    refuse_withheld(article)
    extraction = engine.extract(article.text)
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article_id)  # one run at a time over one article
        refuse_withheld(locked)
        return _run_of(article, engine.version) or _store(article, extraction)


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


def _store(article: Article, extraction: Extraction) -> ExtractionRun:
    plan = resolve_speakers(extraction, lookup=known_speakers)
    new_ids = store_speakers(plan)
    rows = claim_rows(article, extraction, plan, new_ids)
    renew_roles(article, extraction, plan, new_ids)
    stored = list(article.claims.prefetch_related("links").order_by("id"))
    touched = set(article.claims.touched().values_list("id", flat=True))
    outcome = _align(stored, rows)
    ends = Counter(outcome.alignments.values())
    run = ExtractionRun.objects.create(
        article=article,
        engine_version=extraction.engine_version,
        created=len(rows) - len(outcome.partners),
        **{name: ends[name] for name in ("kept", "moved", "re_attributed", "vanished")},
    )
    for claim in stored:
        if claim.pk in touched:
            _note_change(claim, rows, outcome)
    _rewrite(stored, rows, outcome, run, touched)
    ids = create_claims(article, run, rows, stored={position: pk for pk, position in outcome.partners.items()})
    _renew_parents(stored, rows, outcome, ids)
    return run


def _align(stored: Sequence[Claim], rows: Sequence[ClaimRow]) -> _Outcome:
    """Depth by depth: what one relays never becomes a claim of its own, nor the other way."""
    outcome = _Outcome()
    for depth in {row.values["depth"] for row in rows} | {claim.depth for claim in stored}:
        old = [claim for claim in stored if claim.depth == depth]
        new = [number for number, row in enumerate(rows) if row.values["depth"] == depth]
        partners = align([_spans(claim) for claim in old], [rows[number].content for number in new])
        for number, partner in zip(new, partners, strict=True):
            if partner is not None:
                claim = old[partner]
                outcome.partners[claim.pk] = number
                outcome.alignments[claim.pk] = _alignment(claim, rows[number])
        for claim in old:
            outcome.alignments.setdefault(claim.pk, Claim.Alignment.VANISHED)
    return outcome


def _spans(claim: Claim) -> list[Span]:
    return [Span(span["start"], span["end"]) for span in claim.spans]


def _alignment(claim: Claim, row: ClaimRow) -> str:
    """A changed speaker outweighs a changed span: it changes who said it."""
    before = {link.speaker_id or link.words for link in claim.links.all()}
    after = {link["speaker_id"] or link["words"] for link in row.links}
    if before != after:
        return Claim.Alignment.RE_ATTRIBUTED
    return Claim.Alignment.KEPT if claim.span_key == row.values["span_key"] else Claim.Alignment.MOVED


def _note_change(claim: Claim, rows: Sequence[ClaimRow], outcome: _Outcome) -> None:
    """A line in the ledger for a touched claim whose words or speakers changed."""
    alignment = outcome.alignments[claim.pk]
    if alignment == Claim.Alignment.KEPT or alignment == claim.alignment == Claim.Alignment.VANISHED:
        return
    before = {"text": claim.text, "speakers": [link.name or link.words for link in claim.links.all()]}
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
    written = {"alignment", "is_current", "run", "modified_at", "span_key"}
    for claim in stored:
        row = rows[outcome.partners[claim.pk]] if claim.pk in outcome.partners else None
        new = (row.values if row else {}) | {"is_current": row is not None or claim.pk in touched}
        written |= set(new)
        if row and _link_values(claim) != row.links:
            links[claim.pk] = row
        if claim.pk in links or any(getattr(claim, name) != value for name, value in new.items()):
            claim.modified_at = now
        for name, value in new.items():
            setattr(claim, name, value)
        claim.alignment = outcome.alignments[claim.pk]
        claim.run = run if row else claim.run
    _free_span_keys(stored)
    Claim.objects.bulk_update(stored, sorted(written), batch_size=UPDATE_BATCH)
    ClaimSpeaker.objects.filter(claim_id__in=links).delete()
    create_links(links)


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
