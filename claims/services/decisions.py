"""What editors decided about the claims of each article, read for export: corrections become training data.

A claim counts as decided where an editor corrected, accepted, added or rejected it, or went on with it in the review
(`ClaimQuerySet.confirmed`, `.rejected`). An article is complete where somebody signed it and no claim of it waits
since: only there does silence say that there is nothing. Reads in blocks, in the order of the ids; writes nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, Q

from claims.formats.annotations import DecidedArticle, DecidedClaim
from claims.models import ArticleReview, Claim, ClaimSpeaker, Correction
from sources.models import Article

BLOCK = 50  # articles held in memory at once
_EDITS = ("span", "cue", "mention", "speaker", "kind", "act")


def decided_articles(*, with_partial: bool = False) -> Iterator[DecidedArticle]:
    """The articles that are reviewed to the end.

    Args:
        with_partial: Those too of which only some claims are decided; `complete` tells them apart.
    """
    for articles in _blocks():
        ids = [article.pk for article in articles]
        signed = set(ArticleReview.objects.filter(article__in=ids).values_list("article_id", flat=True))
        claims = _claims_of(ids)
        for article in articles:
            decided = claims.get(article.pk, ())
            is_complete = article.pk in signed and all(claim.decision != "undecided" for claim in decided)
            if is_complete or with_partial:
                yield _article(article, is_complete, decided)


def _blocks() -> Iterator[list[Article]]:
    claims = Claim.objects.filter(article=OuterRef("pk"), depth=0)
    decided = Q(Exists(claims.confirmed())) | Q(Exists(claims.rejected())) | Q(claim_review__isnull=False)
    rows = Article.objects.filter(decided).exclude(text="").select_related("source").order_by("pk")
    last = 0
    while block := list(rows.filter(pk__gt=last)[:BLOCK]):
        yield block
        last = block[-1].pk


def _claims_of(article_ids: Sequence[int]) -> dict[int, tuple[DecidedClaim, ...]]:
    rows = Claim.objects.filter(article__in=article_ids, depth=0).current().with_confirmation()
    claims = list(rows.order_by("start", "pk").defer("context", "text"))
    edits: dict[int, set[str]] = defaultdict(set)
    links: dict[int, list[ClaimSpeaker]] = defaultdict(list)
    for claim_id, field in Correction.objects.filter(
        claim__article__in=article_ids, is_undone=False, undoes=None
    ).values_list("claim_id", "field"):
        edits[claim_id].add(field)
    named = ClaimSpeaker.objects.filter(claim__article__in=article_ids, claim__depth=0)
    for link in named.select_related("speaker").order_by("claim", "position"):
        links[link.claim_id].append(link)
    found: dict[int, list[DecidedClaim]] = defaultdict(list)
    for claim in claims:
        found[claim.article_id].append(_claim(claim, edits[claim.pk], links[claim.pk]))
    return {article_id: tuple(rows) for article_id, rows in found.items()}


def _claim(claim: Claim, fields: set[str], links: Sequence[ClaimSpeaker]) -> DecidedClaim:
    speakers, speaker_type = _speakers(claim, links)
    return DecidedClaim(
        id=claim.pk,
        content=_spans(claim.spans),
        cue=_spans(claim.cue_spans),
        mention=_spans(claim.mention_spans),
        decision=_decision(claim, fields),
        corrected=tuple(name for name in _EDITS if name in fields),
        kind=claim.kind,
        act=claim.act,
        speakers=speakers,
        speaker_type=speaker_type,
        found_by=tuple(claim.found_by),
        confidence=claim.confidence,
    )


def _decision(claim: Claim, fields: set[str]) -> str:
    if claim.review_status == Claim.ReviewStatus.NOT_A_CLAIM:
        return "rejected"
    if not claim.is_decided:  # type: ignore[attr-defined]
        return "undecided"
    if Correction.Field.ADDED in fields:
        return "added"
    return "corrected" if fields & set(_EDITS) else "accepted"


def _speakers(claim: Claim, links: Sequence[ClaimSpeaker]) -> tuple[tuple[str, ...], str]:
    """Names and type as the speakers' corpus has them: a person if one of several is."""
    names = tuple(link.speaker.name if link.speaker else link.name or link.words for link in links)
    if claim.speaker_status == Claim.SpeakerStatus.NONE or not links:
        return (), "none"
    if claim.speaker_status in (Claim.SpeakerStatus.UNNAMED, Claim.SpeakerStatus.AMBIGUOUS):
        return names, "unnamed"
    kinds = [link.speaker.kind for link in links if link.speaker]
    return names, "person" if "person" in kinds else kinds[0] if kinds else "unknown"


def _article(article: Article, is_complete: bool, claims: Sequence[DecidedClaim]) -> DecidedArticle:
    return DecidedArticle(
        id=f"{article.source.slug}-{article.pk}",
        text=article.text,
        publisher=article.source.slug,
        published=article.published_on.isoformat() if article.published_on else "",
        author=article.byline,
        title=article.headline,
        url=article.url,
        complete=is_complete,
        claims=tuple(claims),
    )


def _spans(rows: Sequence[dict[str, int]]) -> tuple[tuple[int, int], ...]:
    return tuple((row["start"], row["end"]) for row in rows)
