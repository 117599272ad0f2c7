"""Claims elsewhere that an editor wants beside one: the same speaker's, the same words', its duplicates.

One query for all three, since the page has fifteen; which row is there for what is told by three flags.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from claims.models import Claim, ClaimSpeaker, Verdict
from claims.services.duplicates import same_text

MOST_SAME_SPEAKER = 8
MOST_SAME_TEXT = 12


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Claims of other articles, and duplicates of any.

    Attributes:
        same_speaker: What the first speaker said, newest first.
        same_text: The same words, newest first, each with its `published` verdict (pk, label, colour) or None.
        duplicates: Those that are marked as repeating this claim.
        original: The claim that this one is marked as repeating.
    """

    same_speaker: list[Claim]
    same_text: list[Claim]
    duplicates: list[Claim]
    original: Claim | None


def claims_elsewhere(claim: Claim, speaker_ids: list[int]) -> Elsewhere:
    """The neighbours of a claim in other articles; one query."""
    spoken = _by_first_speaker(claim, speaker_ids)
    same = same_text(claim).values("pk")[:MOST_SAME_TEXT]
    wanted = Q(pk__in=same) | Q(duplicate__original=claim) | Q(duplicates__claim=claim)
    if spoken is not None:
        wanted |= Q(pk__in=spoken)
    published = Verdict.objects.filter(claim=OuterRef("pk"), state=Verdict.State.PUBLISHED)
    rows = (
        Claim.objects.filter(wanted)
        .annotate(
            by_speaker=Exists(ClaimSpeaker.objects.filter(claim=OuterRef("pk"), speaker__in=speaker_ids[:1])),
            repeats=F("duplicate__original"),
            repeated_by=F("duplicates__claim"),
            published=Subquery(
                published.values(found=JSONObject(pk="pk", label="rating__label", colour="rating__colour"))[:1]
            ),
        )
        .select_related("article__source")
        .only("text", "text_key", "said_on", "review_status", "mention_text", "article__source__name")
        .order_by("-said_on", "-pk")
    )
    found: dict[int, Any] = {}
    for row in rows:  # a claim with several duplicates comes once for each
        if row.pk not in found or row.repeated_by == claim.pk:
            found[row.pk] = row
    others = [row for row in found.values() if row.article_id != claim.article_id]
    return Elsewhere(
        same_speaker=[row for row in others if row.by_speaker][:MOST_SAME_SPEAKER],
        same_text=[row for row in others if claim.text_key and row.text_key == claim.text_key],
        duplicates=[row for row in found.values() if row.repeats == claim.pk],
        original=next((row for row in found.values() if row.repeated_by == claim.pk), None),
    )


def _by_first_speaker(claim: Claim, speaker_ids: list[int]) -> Any:
    if not speaker_ids:
        return None
    current = Claim.objects.current().exclude(article=claim.article_id).filter(depth=0)
    rows = current.filter(links__speaker=speaker_ids[0]).order_by("-links__said_on", "-pk")
    return rows.values("pk")[:MOST_SAME_SPEAKER]
