"""Notes, verdicts, review status and assignment: who may, in which state, and what the ledger keeps."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, Rating, Verdict
from claims.services import verification as desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def true(db: None) -> Rating:
    return Rating.objects.get(slug="true")


@pytest.fixture
def false(db: None) -> Rating:
    return Rating.objects.get(slug="false")


def test_a_note_is_signed_and_its_edit_keeps_what_it_said(claim: Claim, checker: User) -> None:
    note = desk.add_note(claim, author=checker, text=" First. ", kind="question")

    desk.edit_note(note, actor=checker, text="Second.")
    desk.edit_note(note, actor=checker, text="Second.")

    note.refresh_from_db()
    assert (note.author, note.text, note.kind, note.is_public) == (checker, "Second.", "question", False)
    edits = Change.objects.filter(model="note", action="edit_note")
    assert [(edit.before["text"], edit.after["text"]) for edit in edits] == [("First.", "Second.")]


def test_a_verdict_goes_from_draft_to_published_and_is_superseded_with_a_reason(
    claim: Claim, checker: User, reviewer: User, true: Rating, false: Rating
) -> None:
    first = desk.record_verdict(claim, author=checker, rating=true, summary="It opened.")
    desk.edit_verdict(first, actor=checker, state="proposed")
    desk.publish_verdict(first, reviewer=reviewer)
    second = desk.record_verdict(claim, author=checker, rating=false)
    with pytest.raises(InvalidValue, match="reason"):
        desk.publish_verdict(second, reviewer=reviewer)
    desk.publish_verdict(second, reviewer=reviewer, reason="It did not open after all.")

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.supersedes) == ("superseded", "published", first)
    assert second.reviewer == reviewer
    assert second.published_at is not None
    actions = list(Change.objects.filter(claim=claim).order_by("id").values_list("action", flat=True))
    assert actions == [
        "record_verdict",
        "edit_verdict",
        "publish_verdict",
        "record_verdict",
        "supersede_verdict",
        "publish_verdict",
    ]


def test_a_withdrawn_verdict_stays_readable(claim: Claim, checker: User, reviewer: User, true: Rating) -> None:
    verdict = desk.record_verdict(claim, author=checker, rating=true)
    with pytest.raises(Conflict, match="only a published one"):
        desk.withdraw_verdict(verdict, actor=reviewer, reason="No.")
    desk.publish_verdict(verdict, reviewer=reviewer)

    desk.withdraw_verdict(verdict, actor=reviewer, reason="The source was wrong.")

    verdict.refresh_from_db()
    assert (verdict.state, verdict.reason) == ("withdrawn", "The source was wrong.")
    with pytest.raises(Conflict, match="withdrawn"):
        desk.publish_verdict(verdict, reviewer=reviewer)


def test_the_database_keeps_one_published_verdict_a_claim(
    claim: Claim, checker: User, reviewer: User, true: Rating
) -> None:
    desk.publish_verdict(desk.record_verdict(claim, author=checker, rating=true), reviewer=reviewer)
    other = desk.record_verdict(claim, author=checker, rating=true)

    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(pk=other.pk).update(state="published", published_at=claim.created_at)


def test_status_and_assignment_change_only_what_differs(claim: Claim, checker: User, reviewer: User) -> None:
    others = list(claim.article.claims.all())

    assert desk.set_review_status(others, actor=checker, status="in_review") == len(others)
    assert desk.set_review_status([claim], actor=checker, status="in_review") == 0
    assert desk.assign([claim], actor=checker, assignee=reviewer) == 1
    assert desk.assign([claim], actor=checker, assignee=None) == 1

    assert [(one.before, one.after) for one in Change.objects.filter(claim=claim, action="assign").order_by("id")] == [
        ({"assignee_id": None}, {"assignee_id": reviewer.pk}),
        ({"assignee_id": reviewer.pk}, {"assignee_id": None}),
    ]


def test_wrong_values_are_named(claim: Claim, checker: User, reader: User, true: Rating) -> None:
    with pytest.raises(InvalidValue, match="one of new, in_review"):
        desk.set_review_status([claim], actor=checker, status="finished")
    with pytest.raises(InvalidValue, match="needs a text"):
        desk.add_note(claim, author=checker, text=" ")
    with pytest.raises(InvalidValue, match="note, question"):
        desk.add_note(claim, author=checker, text="x", kind="remark")
    with pytest.raises(InvalidValue, match="draft or proposed"):
        desk.record_verdict(claim, author=checker, rating=true, state="published")
    with pytest.raises(InvalidValue, match="fact-checker"):
        desk.assign([claim], actor=checker, assignee=reader)
    assert not Change.objects.exists()


def test_others_notes_and_verdicts_are_not_edited(claim: Claim, checker: User, reviewer: User, true: Rating) -> None:
    note = desk.add_note(claim, author=checker, text="Mine.")
    verdict = desk.record_verdict(claim, author=checker, rating=true)

    with pytest.raises(NotAllowed, match="Only its author"):
        desk.edit_note(note, actor=reviewer, text="Yours.")
    with pytest.raises(NotAllowed, match="Only its author"):
        desk.edit_verdict(verdict, actor=reviewer, summary="Yours.")


ALLOWED = {
    "add_note": {"checker", "reviewer", "desk_admin"},
    "record_verdict": {"checker", "reviewer", "desk_admin"},
    "publish_verdict": {"reviewer", "desk_admin"},
    "withdraw_verdict": {"reviewer", "desk_admin"},
    "set_review_status": {"checker", "reviewer", "desk_admin"},
    "assign": {"checker", "reviewer", "desk_admin"},
}


@pytest.mark.parametrize("role", ["anonymous", "reader", "checker", "reviewer", "desk_admin"])
@pytest.mark.parametrize("action", ALLOWED)
def test_who_may_do_what(
    action: str, role: str, claim: Claim, true: Rating, request: pytest.FixtureRequest, checker: User, reviewer: User
) -> None:
    actor = AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)
    verdict = desk.record_verdict(claim, author=checker, rating=true)
    if action == "withdraw_verdict":
        desk.publish_verdict(verdict, reviewer=reviewer)
    calls: dict[str, Callable[[], object]] = {
        "add_note": lambda: desk.add_note(claim, author=actor, text="x"),
        "record_verdict": lambda: desk.record_verdict(claim, author=actor, rating=true),
        "publish_verdict": lambda: desk.publish_verdict(verdict, reviewer=actor),
        "withdraw_verdict": lambda: desk.withdraw_verdict(verdict, actor=actor, reason="x"),
        "set_review_status": lambda: desk.set_review_status([claim], actor=actor, status="done"),
        "assign": lambda: desk.assign([claim], actor=actor, assignee=None),
    }
    if role in ALLOWED[action]:
        calls[action]()
    else:
        with pytest.raises(NotAllowed):
            calls[action]()
