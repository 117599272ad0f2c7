"""What editors do to a claim: notes, verdicts, review status, assignment.

Each service asks for the permission itself, so that API, admin and commands refuse alike, and writes the change ledger
in its own transaction. Do not set these fields anywhere else. Second opinions are in `second_checks`.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Claim, Duplicate, Note, Rating, SecondOpinion, Verdict
from claims.services.history import choice, record_change, require, require_reason
from claims.services.outbox import Event, publish_event

OPEN_STATES = (Verdict.State.DRAFT, Verdict.State.PROPOSED)


@transaction.atomic
def add_note(claim: Claim, *, author: Any, text: str, kind: str = Note.Kind.NOTE, is_public: bool = False) -> Note:
    """Signs a note to a claim.

    Raises:
        NotAllowed: the author may not write notes.
        InvalidValue: no text, or no such kind.
    """
    require(author, "claims.add_note")
    note = Note.objects.create(
        claim=claim, author=author, text=_text(text), kind=choice(kind, Note.Kind, "kind"), is_public=is_public
    )
    record_change(note, "add_note", actor=author, after=_state(note, "kind", "text", "is_public"), claim_id=claim.pk)
    return note


@transaction.atomic
def edit_note(
    note: Note, *, actor: Any, text: str | None = None, kind: str | None = None, is_public: bool | None = None
) -> Note:
    """Changes one's own note; the ledger keeps what it said before. None leaves a field as it is.

    Raises:
        NotAllowed: the note is somebody else's.
        InvalidValue: no text, or no such kind.
    """
    require(actor, "claims.change_note")
    note = Note.objects.select_for_update().get(pk=note.pk)
    if note.author_id != actor.pk:
        raise NotAllowed("Only its author may edit a note; add a note of your own.")
    before = _state(note, "kind", "text", "is_public")
    note.text = note.text if text is None else _text(text)
    note.kind = note.kind if kind is None else choice(kind, Note.Kind, "kind")
    note.is_public = note.is_public if is_public is None else is_public
    after = _state(note, "kind", "text", "is_public")
    if after != before:
        note.save(update_fields=["text", "kind", "is_public", "modified_at"])
        record_change(note, "edit_note", actor=actor, before=before, after=after, claim_id=note.claim_id)
    return note


@transaction.atomic
def record_verdict(
    claim: Claim,
    *,
    author: Any,
    rating: Rating,
    summary: str = "",
    state: str = Verdict.State.DRAFT,
    reason: str = "",
) -> Verdict:
    """Writes down a finding as a draft, or proposes it for publication.

    Args:
        claim: What it is about.
        author: Who found it.
        rating: What was found.
        summary: What the public will read.
        state: `draft` or `proposed`.
        reason: Why it is to replace the published one; may also be given when publishing.

    Raises:
        NotAllowed: the author may not give verdicts.
        InvalidValue: a state other than draft or proposed.
    """
    require(author, "claims.add_verdict")
    if state not in OPEN_STATES:
        raise InvalidValue("A new verdict is a draft or proposed; publishing is a step of its own.", field="state")
    verdict = Verdict.objects.create(
        claim=claim, author=author, rating=rating, summary=summary.strip(), state=state, reason=reason.strip()
    )
    after = _state(verdict, "rating_id", "summary", "state")
    record_change(verdict, "record_verdict", actor=author, after=after, reason=verdict.reason, claim_id=claim.pk)
    return verdict


@transaction.atomic
def edit_verdict(
    verdict: Verdict,
    *,
    actor: Any,
    rating: Rating | None = None,
    summary: str | None = None,
    state: str | None = None,
    reason: str | None = None,
) -> Verdict:
    """Changes one's own draft or proposal. None leaves a field as it is.

    Who agreed or disagreed did so with what it said before, and is asked again where rating or summary changed.

    Raises:
        NotAllowed: the verdict is somebody else's.
        Conflict: it is published, withdrawn or superseded.
        InvalidValue: a state other than draft or proposed.
    """
    require(actor, "claims.change_verdict")
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    if verdict.author_id != actor.pk:
        raise NotAllowed("Only its author may edit a verdict; record one of your own.")
    if verdict.state not in OPEN_STATES:
        raise Conflict(f"A {verdict.state} verdict is not edited; record a new one.")
    if state is not None and state not in OPEN_STATES:
        raise InvalidValue("An open verdict is a draft or proposed; publishing is a step of its own.", field="state")
    before = _state(verdict, "rating_id", "summary", "state", "reason")
    verdict.rating = rating or verdict.rating
    verdict.summary = verdict.summary if summary is None else summary.strip()
    verdict.state = verdict.state if state is None else state
    verdict.reason = verdict.reason if reason is None else reason.strip()
    after = _state(verdict, "rating_id", "summary", "state", "reason")
    if after != before:
        verdict.save(update_fields=["rating", "summary", "state", "reason", "modified_at"])
        record_change(verdict, "edit_verdict", actor=actor, before=before, after=after, claim_id=verdict.claim_id)
        if (before["rating_id"], before["summary"]) != (after["rating_id"], after["summary"]):
            _ask_again(verdict, actor)
    return verdict


@transaction.atomic
def publish_verdict(verdict: Verdict, *, reviewer: Any, reason: str = "") -> Verdict:
    """Publishes a draft or proposal; one that is published already is superseded, and stays readable.

    Raises:
        NotAllowed: the reviewer may not publish.
        Conflict: the verdict is not open, or its scale asks for a second check and nobody agreed.
        InvalidValue: it replaces a published one, and no reason is given.
    """
    require(reviewer, "claims.publish_verdict")
    Claim.objects.select_for_update().get(pk=verdict.claim_id)  # two reviewers of one claim take turns
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    if verdict.state not in OPEN_STATES:
        raise Conflict(f"This verdict is {verdict.state}; only a draft or a proposal can be published.")
    agreeing = _agreeing(verdict)
    before = _state(verdict, "state")
    if previous := Verdict.objects.filter(claim_id=verdict.claim_id, state=Verdict.State.PUBLISHED).first():
        replaced = f"this replaces verdict {previous.pk}, which is published"
        verdict.reason = require_reason(reason or verdict.reason, since=replaced)
        verdict.supersedes = previous
        _close(previous, Verdict.State.SUPERSEDED, actor=reviewer, reason=verdict.reason)
    own = agreeing is not None and reviewer.pk == verdict.author_id
    verdict.reviewer = agreeing.reviewer if agreeing and own else reviewer  # four eyes: never the author's own
    verdict.state, verdict.published_at = Verdict.State.PUBLISHED, timezone.now()
    verdict.save(update_fields=["state", "reviewer", "published_at", "reason", "supersedes", "modified_at"])
    _stamp(verdict)
    record_change(
        verdict,
        "publish_verdict",
        actor=reviewer,
        before=before,
        after=_state(verdict, "state", "supersedes_id"),
        reason=verdict.reason,
        claim_id=verdict.claim_id,
    )
    _tell(verdict, "replaced" if verdict.supersedes_id else "published")
    return verdict


@transaction.atomic
def withdraw_verdict(verdict: Verdict, *, actor: Any, reason: str) -> Verdict:
    """Takes a published verdict back; it stays readable to the desk.

    Raises:
        NotAllowed: the actor may not publish, and so not withdraw.
        InvalidValue: no reason is given.
        Conflict: the verdict is not published.
    """
    require(actor, "claims.publish_verdict")
    reason = require_reason(reason)
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    if verdict.state != Verdict.State.PUBLISHED:
        raise Conflict(f"This verdict is {verdict.state}; only a published one can be withdrawn.")
    _close(verdict, Verdict.State.WITHDRAWN, actor=actor, reason=reason)
    _stamp(verdict)
    _tell(verdict, "withdrawn")
    return verdict


@transaction.atomic
def set_review_status(claims: Sequence[Claim], *, actor: Any, status: str, reason: str = "") -> int:
    """Moves claims to a review status; a duplicate that is moved to another one is a claim of its own again.

    Returns:
        How many changed.

    Raises:
        NotAllowed: the actor may not review claims.
        InvalidValue: no such status.
    """
    require(actor, "claims.review_claim")
    return _set(claims, "review_status", choice(status, Claim.ReviewStatus, "review_status"), actor, reason)


@transaction.atomic
def assign(claims: Sequence[Claim], *, actor: Any, assignee: Any | None) -> int:
    """Gives claims to an editor, or to nobody.

    Returns:
        How many changed.

    Raises:
        NotAllowed: the actor may not review claims.
        InvalidValue: the assignee could not work on them.
    """
    require(actor, "claims.review_claim")
    if assignee is not None and not (assignee.is_active and assignee.has_perm("claims.review_claim")):
        raise InvalidValue(f"{assignee} may not review claims: choose a fact-checker.", field="assignee")
    return _set(claims, "assignee_id", assignee.pk if assignee else None, actor, "")


def _set(claims: Sequence[Claim], field: str, value: Any, actor: Any, reason: str) -> int:
    changed = 0
    for claim in Claim.objects.select_for_update().filter(pk__in=[claim.pk for claim in claims]).order_by("pk"):
        before = _state(claim, field)
        if before[field] == value:
            continue
        after = {field: value}
        if before[field] == Claim.ReviewStatus.DUPLICATE and field == "review_status":
            before["duplicate_of"] = _free(claim)
            after["duplicate_of"] = None
        setattr(claim, field, value)
        claim.save(update_fields=[field.removesuffix("_id"), "modified_at"])
        action = "assign" if field == "assignee_id" else f"set_{field}"
        record_change(claim, action, actor=actor, before=before, after=after, reason=reason, claim_id=claim.pk)
        changed += 1
    return changed


def _free(claim: Claim) -> int | None:
    """Ends that the claim is a duplicate; gives the id of the claim it repeated."""
    rows = Duplicate.objects.filter(claim=claim)
    original = rows.values_list("original_id", flat=True).first()
    rows.delete()
    return original


def _agreeing(verdict: Verdict) -> SecondOpinion | None:
    """Who stands behind a verdict besides its author, where its scale asks for somebody.

    Raises:
        Conflict: nobody does, or it is not even proposed.
    """
    if not verdict.rating.scale.needs_second_check:
        return None
    if verdict.state != Verdict.State.PROPOSED:
        raise Conflict(f"The scale “{verdict.rating.scale}” asks for a second check: propose this verdict first.")
    agreed = verdict.opinions.filter(decision=SecondOpinion.Decision.AGREES).exclude(reviewer=verdict.author_id)
    opinion = agreed.select_related("reviewer").order_by("-decided_at").first()
    if opinion is None:
        raise Conflict(
            f"The scale “{verdict.rating.scale}” asks for a second check: another editor has to rate this claim "
            "and agree before this verdict is published."
        )
    return opinion


def _ask_again(verdict: Verdict, actor: Any) -> None:
    """Opens the decisions about a proposal that has changed; ratings given stay, and so does the ledger's line."""
    for opinion in verdict.opinions.exclude(decision=SecondOpinion.Decision.OPEN):
        before = {"decision": opinion.decision}
        opinion.decision, opinion.decided_at = SecondOpinion.Decision.OPEN, None
        opinion.save(update_fields=["decision", "decided_at"])
        after = {"decision": opinion.decision}
        record_change(opinion, "reopen_opinion", actor=actor, before=before, after=after, claim_id=verdict.claim_id)


def _close(verdict: Verdict, state: str, *, actor: Any, reason: str) -> None:
    before = _state(verdict, "state", "reason")
    verdict.state, verdict.reason = state, reason
    verdict.save(update_fields=["state", "reason", "modified_at"])
    action = "withdraw_verdict" if state == Verdict.State.WITHDRAWN else "supersede_verdict"
    after = _state(verdict, "state", "reason")
    record_change(verdict, action, actor=actor, before=before, after=after, reason=reason, claim_id=verdict.claim_id)


def _stamp(verdict: Verdict) -> None:
    """A claim shows its published verdict, so it counts as modified with it."""
    Claim.objects.filter(pk=verdict.claim_id).update(modified_at=timezone.now())


def _tell(verdict: Verdict, change: str) -> None:
    event = Event.VERDICT_PUBLISHED if change == "published" else Event.VERDICT_CHANGED
    publish_event(event, claim=verdict.claim_id, verdict=verdict.pk, change=change, previous=verdict.supersedes_id)


def _state(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidValue("A note needs a text.", field="text")
    return text
