"""What editors do to a claim: notes, verdicts, review status, assignment.

Each service asks for the permission itself, so that API, admin and commands refuse alike, and writes the change ledger
in its own transaction. Do not set these fields anywhere else.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Claim, Note, Rating, Verdict
from claims.services.history import record_change, require, require_reason
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
        claim=claim, author=author, text=_text(text), kind=_choice(kind, Note.Kind, "kind"), is_public=is_public
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
    note.kind = note.kind if kind is None else _choice(kind, Note.Kind, "kind")
    note.is_public = note.is_public if is_public is None else is_public
    after = _state(note, "kind", "text", "is_public")
    if after != before:
        note.save(update_fields=["text", "kind", "is_public", "modified_at"])
        record_change(note, "edit_note", actor=actor, before=before, after=after, claim_id=note.claim_id)
    return note


@transaction.atomic
def record_verdict(
    claim: Claim, *, author: Any, rating: Rating, summary: str = "", state: str = Verdict.State.DRAFT
) -> Verdict:
    """Writes down a finding as a draft, or proposes it for publication.

    Raises:
        NotAllowed: the author may not give verdicts.
        InvalidValue: a state other than draft or proposed.
    """
    require(author, "claims.add_verdict")
    if state not in OPEN_STATES:
        raise InvalidValue("A new verdict is a draft or proposed; publishing is a step of its own.", field="state")
    verdict = Verdict.objects.create(claim=claim, author=author, rating=rating, summary=summary.strip(), state=state)
    after = _state(verdict, "rating_id", "summary", "state")
    record_change(verdict, "record_verdict", actor=author, after=after, claim_id=claim.pk)
    return verdict


@transaction.atomic
def edit_verdict(
    verdict: Verdict,
    *,
    actor: Any,
    rating: Rating | None = None,
    summary: str | None = None,
    state: str | None = None,
) -> Verdict:
    """Changes one's own draft or proposal. None leaves a field as it is.

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
    before = _state(verdict, "rating_id", "summary", "state")
    verdict.rating = rating or verdict.rating
    verdict.summary = verdict.summary if summary is None else summary.strip()
    verdict.state = verdict.state if state is None else state
    after = _state(verdict, "rating_id", "summary", "state")
    if after != before:
        verdict.save(update_fields=["rating", "summary", "state", "modified_at"])
        record_change(verdict, "edit_verdict", actor=actor, before=before, after=after, claim_id=verdict.claim_id)
    return verdict


@transaction.atomic
def publish_verdict(verdict: Verdict, *, reviewer: Any, reason: str = "") -> Verdict:
    """Publishes a draft or proposal; one that is published already is superseded, and stays readable.

    Raises:
        NotAllowed: the reviewer may not publish.
        Conflict: the verdict is not open.
        InvalidValue: it replaces a published one, and no reason is given.
    """
    require(reviewer, "claims.publish_verdict")
    Claim.objects.select_for_update().get(pk=verdict.claim_id)  # two reviewers of one claim take turns
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    if verdict.state not in OPEN_STATES:
        raise Conflict(f"This verdict is {verdict.state}; only a draft or a proposal can be published.")
    before = _state(verdict, "state")
    if previous := Verdict.objects.filter(claim_id=verdict.claim_id, state=Verdict.State.PUBLISHED).first():
        verdict.reason = require_reason(reason)
        verdict.supersedes = previous
        _close(previous, Verdict.State.SUPERSEDED, actor=reviewer, reason=verdict.reason)
    verdict.state, verdict.reviewer, verdict.published_at = Verdict.State.PUBLISHED, reviewer, timezone.now()
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
    """Moves claims to a review status.

    Returns:
        How many changed.

    Raises:
        NotAllowed: the actor may not review claims.
        InvalidValue: no such status.
    """
    require(actor, "claims.review_claim")
    return _set(claims, "review_status", _choice(status, Claim.ReviewStatus, "review_status"), actor, reason)


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
        setattr(claim, field, value)
        claim.save(update_fields=[field.removesuffix("_id"), "modified_at"])
        action = "assign" if field == "assignee_id" else f"set_{field}"
        record_change(claim, action, actor=actor, before=before, after={field: value}, reason=reason, claim_id=claim.pk)
        changed += 1
    return changed


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


def _choice(value: str, choices: Any, field: str) -> str:
    if value not in choices.values:
        raise InvalidValue(f"{field} must be one of {', '.join(choices.values)}, got {value!r}.", field=field)
    return value
