"""Claims that repeat another: marking them, undoing it, finding the same words elsewhere, reusing a verdict.

Only an editor makes a duplicate; equal words merely suggest it, since the same sentence said by another speaker, or
years later, may deserve a verdict of its own. For the same reason a verdict is reused as a draft and never published by
the way.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from claims.errors import Conflict, InvalidValue
from claims.models import Claim, Duplicate, EvidenceLink, Verdict
from claims.services.evidence import link_evidence
from claims.services.history import record_change, require
from claims.services.verification import record_verdict


@transaction.atomic
def mark_duplicate(claims: Sequence[Claim], *, of: Claim, actor: Any, reason: str = "") -> int:
    """Marks claims as repeating another; their status becomes `duplicate`.

    Returns:
        How many changed: those that repeat it already do not.

    Raises:
        NotAllowed: The actor may not review claims.
        InvalidValue: A claim would repeat itself, directly or round a circle.
        Conflict: A claim is a duplicate of another one.
    """
    require(actor, "claims.review_claim")
    ids = {claim.pk for claim in claims}
    locked = {row.pk: row for row in Claim.objects.select_for_update().filter(pk__in=ids | {of.pk}).order_by("pk")}
    _refuse_circle(of, ids)
    stored = {row.claim_id: row for row in Duplicate.objects.filter(claim__in=ids)}
    changed = 0
    for pk in sorted(ids):
        row = stored.get(pk)
        if row is not None and row.original_id != of.pk:
            raise Conflict(f"Claim {pk} is marked as a duplicate of claim {row.original_id}: undo that first.")
        if row is None:
            _mark(locked[pk], of, actor, reason.strip())
            changed += 1
    return changed


@transaction.atomic
def unmark_duplicate(claim: Claim, *, actor: Any, reason: str = "") -> None:
    """Makes a duplicate a claim of its own again, with the status it had, unless that was changed since.

    Raises:
        NotAllowed: The actor may not review claims.
        Conflict: It is no duplicate.
    """
    require(actor, "claims.review_claim")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    row = Duplicate.objects.filter(claim=claim).first()
    if row is None:
        raise Conflict(f"Claim {claim.pk} is not marked as a duplicate.")
    before = {"duplicate_of": row.original_id, "review_status": claim.review_status}
    if claim.review_status == Claim.ReviewStatus.DUPLICATE:
        claim.review_status = row.status_before
        claim.save(update_fields=["review_status", "modified_at"])
    row.delete()
    after = {"duplicate_of": None, "review_status": claim.review_status}
    record_change(
        claim,
        "unmark_duplicate",
        actor=actor,
        before=before,
        after=after,
        reason=reason.strip(),
        claim_id=claim.pk,
    )


@transaction.atomic
def reuse_verdict(verdict: Verdict, *, claim: Claim, author: Any) -> Verdict:
    """Drafts for a claim what was published about another one, and uses the same evidence.

    Raises:
        NotAllowed: The author may not give verdicts or add evidence.
        Conflict: The verdict is not published, or the claim is its own.
    """
    if verdict.state != Verdict.State.PUBLISHED:
        raise Conflict(f"This verdict is {verdict.state}; only a published one can be reused.")
    if verdict.claim_id == claim.pk:
        raise Conflict("This verdict is about this claim: change it there.")
    draft = record_verdict(claim, author=author, rating=verdict.rating, summary=verdict.summary)
    used = EvidenceLink.objects.filter(claim=claim).values("evidence")
    links = EvidenceLink.objects.filter(claim=verdict.claim_id).exclude(evidence__in=used)
    for link in links.select_related("evidence"):
        link_evidence(link.evidence, claim=claim, actor=author, stance=link.stance)
    return draft


def same_text(claim: Claim) -> QuerySet[Claim]:
    """Claims of the same words in other articles, newest first; none where the claim has few words."""
    if not claim.text_key:
        return Claim.objects.none()
    same = Claim.objects.current().filter(text_key=claim.text_key)
    return same.exclude(article=claim.article_id).order_by("-said_on", "-pk")


def _refuse_circle(of: Claim, ids: set[int]) -> None:
    """Walks from the original to its own originals."""
    step: int | None = of.pk
    while step is not None:
        if step in ids:
            if step == of.pk:
                raise InvalidValue("A claim cannot be a duplicate of itself: choose another.", field="of")
            raise InvalidValue(f"Claim {of.pk} is itself a duplicate of claim {step}: choose that one.", field="of")
        step = Duplicate.objects.filter(claim=step).values_list("original_id", flat=True).first()


def _mark(claim: Claim, original: Claim, actor: Any, reason: str) -> None:
    before = {"duplicate_of": None, "review_status": claim.review_status}
    Duplicate.objects.create(claim=claim, original=original, status_before=claim.review_status, marked_by=actor)
    claim.review_status = Claim.ReviewStatus.DUPLICATE
    claim.save(update_fields=["review_status", "modified_at"])
    after = {"duplicate_of": original.pk, "review_status": claim.review_status}
    record_change(claim, "mark_duplicate", actor=actor, before=before, after=after, reason=reason, claim_id=claim.pk)
