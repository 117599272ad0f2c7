"""Four eyes: a second rating given blind, agreement and dissent, and what may be published."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import IntegrityError, transaction

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, Rating, Scale, SecondOpinion, Verdict
from claims.services import second_checks as desk
from claims.services import verification
from tests.claims.factories import make_user


@pytest.fixture
def true(db: None) -> Rating:
    Scale.objects.update(needs_second_check=True)
    return Rating.objects.get(slug="true")


@pytest.fixture
def false(true: Rating) -> Rating:
    return Rating.objects.get(slug="false")


@pytest.fixture
def proposal(claim: Claim, checker: User, true: Rating) -> Verdict:
    return verification.record_verdict(claim, author=checker, rating=true, summary="It is shut.", state="proposed")


def test_the_second_editor_rates_blind_then_dissents_then_agrees_then_it_is_published(
    proposal: Verdict, reviewer: User, false: Rating
) -> None:
    assert not Verdict.objects.readable_by(reviewer).exists()
    opinion = desk.give_opinion(proposal, reviewer=reviewer, rating=false)
    assert Verdict.objects.readable_by(reviewer).get() == proposal
    assert (opinion.is_blind, opinion.first_rating) == (True, proposal.rating)

    with pytest.raises(InvalidValue, match="say why"):
        desk.decide_opinion(opinion, actor=reviewer, decision="disagrees")
    desk.decide_opinion(opinion, actor=reviewer, decision="disagrees", comment="It opened in May.")
    with pytest.raises(Conflict, match="second check"):
        verification.publish_verdict(proposal, reviewer=reviewer)
    desk.decide_opinion(opinion, actor=reviewer, decision="agrees")
    published = verification.publish_verdict(proposal, reviewer=reviewer)

    assert (published.state, published.reviewer) == ("published", reviewer)
    opinion.refresh_from_db()
    assert (opinion.rating, opinion.comment, opinion.decision) == (false, "It opened in May.", "agrees")
    decisions = Change.objects.filter(action="decide_opinion").order_by("id")
    assert [one.after["decision"] for one in decisions] == ["disagrees", "agrees"]
    with pytest.raises(Conflict, match="published"):
        desk.decide_opinion(opinion, actor=reviewer, decision="disagrees", comment="After all.")


def test_who_is_kept_from_seeing_what(proposal: Verdict, checker: User, reviewer: User, true: Rating) -> None:
    third = make_user("desk admin")
    for outsider in (reviewer, third, AnonymousUser(), make_user(is_superuser=True)):
        assert Verdict.objects.sealed_from(outsider).get() == proposal
    assert Verdict.objects.readable_by(checker).exists()
    desk.give_opinion(proposal, reviewer=reviewer, rating=true)
    assert Verdict.objects.sealed_from(third).exists()
    verification.edit_verdict(proposal, actor=checker, state="draft")
    assert Verdict.objects.sealed_from(third).exists()
    Scale.objects.update(needs_second_check=False)
    assert not Verdict.objects.sealed_from(third).exists()


@pytest.mark.parametrize("state", ["published", "withdrawn", "superseded"])
def test_what_is_out_is_sealed_from_nobody(state: str, proposal: Verdict, reviewer: User) -> None:
    Verdict.objects.filter(pk=proposal.pk).update(state=state, published_at=proposal.created_at)
    assert Verdict.objects.readable_by(reviewer).exists()


def test_who_proposed_neither_checks_nor_publishes_alone(proposal: Verdict, true: Rating) -> None:
    author = make_user("desk admin")
    Verdict.objects.filter(pk=proposal.pk).update(author=author)
    with pytest.raises(NotAllowed, match="another editor"):
        desk.give_opinion(proposal, reviewer=author, rating=true)
    with pytest.raises(Conflict, match="another editor"):
        verification.publish_verdict(proposal, reviewer=author)
    second = make_user("fact-checker")
    opinion = desk.give_opinion(proposal, reviewer=second, rating=true)
    with pytest.raises(Conflict, match="another editor"):
        verification.publish_verdict(proposal, reviewer=author)
    desk.decide_opinion(opinion, actor=second, decision="agrees")
    assert verification.publish_verdict(proposal, reviewer=author).reviewer == second


def test_a_changed_proposal_asks_again(proposal: Verdict, checker: User, reviewer: User, false: Rating) -> None:
    opinion = desk.give_opinion(proposal, reviewer=reviewer, rating=false)
    desk.decide_opinion(opinion, actor=reviewer, decision="agrees")
    verification.edit_verdict(proposal, actor=checker, reason="A newer source.")
    opinion.refresh_from_db()
    assert opinion.decision == "agrees"
    verification.edit_verdict(proposal, actor=checker, rating=false)
    opinion.refresh_from_db()
    assert (opinion.decision, opinion.decided_at, opinion.rating) == ("open", None, false)
    with pytest.raises(Conflict, match="second check"):
        verification.publish_verdict(proposal, reviewer=reviewer)


def test_a_dissent_stays_beside_the_agreement_of_another(proposal: Verdict, reviewer: User, false: Rating) -> None:
    dissent = desk.give_opinion(proposal, reviewer=reviewer, rating=false, comment="It is open.")
    desk.decide_opinion(dissent, actor=reviewer, decision="disagrees")
    third = make_user("reviewer")
    opinion = desk.give_opinion(proposal, reviewer=third, rating=proposal.rating)
    desk.decide_opinion(opinion, actor=third, decision="agrees")
    verification.publish_verdict(proposal, reviewer=third)
    assert list(proposal.opinions.values_list("decision", flat=True)) == ["disagrees", "agrees"]


def test_a_draft_is_not_published_where_four_eyes_are_asked_for(
    claim: Claim, checker: User, reviewer: User, true: Rating
) -> None:
    draft = verification.record_verdict(claim, author=checker, rating=true)
    with pytest.raises(Conflict, match="propose"):
        verification.publish_verdict(draft, reviewer=reviewer)
    with pytest.raises(Conflict, match="on a proposal"):
        desk.give_opinion(draft, reviewer=reviewer, rating=true)


def test_wrong_opinions_are_refused(proposal: Verdict, reviewer: User, reader: User, true: Rating) -> None:
    other = Scale.objects.create(name="Other", slug="other")
    stranger = Rating.objects.create(scale=other, label="Yes", slug="yes", order=1, colour="#000000")
    with pytest.raises(InvalidValue, match="of the scale"):
        desk.give_opinion(proposal, reviewer=reviewer, rating=stranger)
    with pytest.raises(NotAllowed, match="check verdict"):
        desk.give_opinion(proposal, reviewer=reader, rating=true)
    opinion = desk.give_opinion(proposal, reviewer=reviewer, rating=true)
    with pytest.raises(Conflict, match="rated this claim already"):
        desk.give_opinion(proposal, reviewer=reviewer, rating=true)
    with pytest.raises(NotAllowed, match="Only who gave"):
        desk.decide_opinion(opinion, actor=make_user("reviewer"), decision="agrees")
    for decision in ("open", "perhaps"):
        with pytest.raises(InvalidValue):
            desk.decide_opinion(opinion, actor=reviewer, decision=decision)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondOpinion.objects.filter(pk=opinion.pk).update(decision="agrees")


def test_agreement_is_counted_for_each_pair_of_closed_verdicts(
    claim: Claim, checker: User, reviewer: User, true: Rating, false: Rating
) -> None:
    for second in (true, true, false):
        verdict = verification.record_verdict(claim, author=checker, rating=true, state="proposed", reason="New.")
        opinion = desk.give_opinion(verdict, reviewer=reviewer, rating=second)
        desk.decide_opinion(opinion, actor=reviewer, decision="agrees")
        verification.publish_verdict(verdict, reviewer=reviewer)
    still_open = verification.record_verdict(claim, author=checker, rating=true, state="proposed")
    desk.give_opinion(still_open, reviewer=reviewer, rating=false)

    (pair,) = desk.agreement_by_pair()
    assert (pair.author, pair.reviewer, pair.rated, pair.same, pair.agreed, pair.disagreed) == (
        "checker",
        "reviewer",
        3,
        2,
        3,
        0,
    )
    assert pair.rate == pytest.approx(2 / 3)
