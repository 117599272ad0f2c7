"""The one way in: a parsed article becomes an article with its speakers and claims, or nothing.

The engine runs before the transaction, so no lock is held while it thinks; the transaction only writes, and the unique
key (source, text) decides between two writers of one text. Do not store an article anywhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from claims.errors import TextWithheld
from claims.extraction import Extraction, extract, resolve_speakers
from claims.models import Claim, ClaimSpeaker, ExtractionRun
from claims.services.claim_rows import ClaimRow, claim_rows
from claims.services.outbox import Event, publish_event
from claims.services.speakers import holders_of_roles, known_speakers, store_roles, store_speakers
from claims.services.withholding import Withheld, withheld_in, without
from sources.models import Article
from sources.parsing import ParsedArticle
from sources.services import create_article, find_article, find_or_create_source, find_source, text_sha256

BATCH = 500  # rows an INSERT: SQLite's limit on variables allows no more at Claim's width


@dataclass(frozen=True, slots=True)
class ProcessedArticle:
    """The stored article, and whether this call stored it."""

    article: Article
    created: bool


def extract_article(parsed: ParsedArticle) -> Extraction | None:
    """The engine's part of `process_article`, for callers who open the transaction; None where nothing will be stored.

    Raises:
        TextWithheld: this text was taken down here, as another outlet's.
    """
    return None if _stored(parsed) else _extracted(parsed)


def process_article(parsed: ParsedArticle, *, extraction: Extraction | None = None) -> ProcessedArticle:
    """Extracts, resolves and stores an article with its claims and speakers, all or nothing.

    The same text of the same outlet stores nothing again and gives what is there.

    Args:
        parsed: The article.
        extraction: What the engine made of it already, if it was asked.

    Raises:
        TextWithheld: this text was taken down here, as another outlet's.
    """
    if known := _stored(parsed):
        return ProcessedArticle(known, created=False)
    extraction = extraction or _extracted(parsed)
    try:
        with transaction.atomic():
            article = store_article(parsed, extraction)
            if article.supersedes_id:
                publish_event(Event.ARTICLE_CHANGED, article=article.pk, previous=article.supersedes_id)
    except IntegrityError:
        if known := _stored(parsed):  # another writer was first
            return ProcessedArticle(known, created=False)
        raise
    return ProcessedArticle(article, created=True)


def _extracted(parsed: ParsedArticle) -> Extraction:
    return extract(parsed.text, language=parsed.language or None, byline=parsed.byline)


def store_article(parsed: ParsedArticle, extraction: Extraction) -> Article:
    """Stores an article with its first extraction; inside the caller's transaction.

    Raises:
        IntegrityError: another writer has stored the same text meanwhile.
    """
    source = find_or_create_source(parsed.source_name, parsed.url)
    withheld = withheld_in(extraction)
    shown = replace(parsed, **withheld.masked(parsed)) if withheld else parsed
    # The hash is that of the text as it came, so that it is known when it comes again.
    article = create_article(shown, source, extraction.language, sha256=text_sha256(parsed.text))
    _store_extraction(article, extraction, withheld)
    return article


def _store_extraction(article: Article, extraction: Extraction, withheld: Withheld | None) -> ExtractionRun:
    plan = resolve_speakers(extraction, lookup=known_speakers, roles=holders_of_roles(article))
    if withheld:
        extraction, plan = without(withheld, extraction, plan)
    new_ids = store_speakers(plan)
    rows = claim_rows(article, extraction, plan, new_ids)
    store_roles(article, extraction, plan, new_ids)
    run = ExtractionRun.objects.create(article=article, engine_version=extraction.engine_version, created=len(rows))
    create_claims(article, run, rows)
    return run


def create_claims(
    article: Article, run: ExtractionRun, rows: Sequence[ClaimRow], stored: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Inserts claims and their speakers: those of depth 0 first, then what stands within them.

    Args:
        article: Their article.
        run: The run that found them.
        rows: All claims of the extraction, by position.
        stored: Row ids, by position, of those that are in the database already.

    Returns:
        The row id of every claim, by position.
    """
    ids = dict(stored or {})
    for is_nested in (False, True):
        positions = [n for n, row in enumerate(rows) if (row.within is not None) is is_nested and n not in ids]
        claims = [_new_claim(article, run, rows[n], ids) for n in positions]
        Claim.objects.bulk_create(claims, batch_size=BATCH)
        ids.update(zip(positions, (claim.pk for claim in claims), strict=True))
        create_links({claim.pk: rows[n] for n, claim in zip(positions, claims, strict=True)})
    if new := [pk for position, pk in ids.items() if position not in (stored or {})]:
        publish_event(Event.CLAIM_CREATED, claims=new)
    return ids


def _new_claim(article: Article, run: ExtractionRun, row: ClaimRow, ids: Mapping[int, int]) -> Claim:
    return Claim(article=article, run=run, found_by=[run.engine_version], within_id=_parent(row, ids), **row.values)


def _parent(row: ClaimRow, ids: Mapping[int, int]) -> int | None:
    return None if row.within is None else ids[row.within]


def create_links(rows: Mapping[int, ClaimRow]) -> None:
    """Inserts the speakers of claims, given by claim id."""
    links = [ClaimSpeaker(claim_id=claim_id, **link) for claim_id, row in rows.items() for link in row.links]
    ClaimSpeaker.objects.bulk_create(links, batch_size=BATCH)


def _stored(parsed: ParsedArticle) -> Article | None:
    source = find_source(parsed.source_name, parsed.url)
    article = find_article(parsed, source)
    if article and article.text_withheld and (source is None or article.source_id != source.pk):
        raise TextWithheld(
            f"This text was taken down here (article {article.pk}: {article.get_text_withheld_display()}) and is not "
            "stored again.",
            reason=article.text_withheld,
        )
    return article
