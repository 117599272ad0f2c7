"""Second opinions on proposed verdicts: a rating given blind, then agreement or dissent.

Two steps, in this order. The second editor rates the claim as if nobody had (`give_opinion`); only then may they see
the proposal, and say whether they stand behind it (`decide_opinion`). The rating is never changed afterwards; the
decision may be, while the proposal is open, and the ledger keeps each. Do not let one step do both: an agreement by
somebody who saw the first rating says little, which is why `agreement_by_pair` counts blind ratings only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Rating, SecondOpinion, Verdict
from claims.services.history import choice, record_change, require

_DECISIONS = (SecondOpinion.Decision.AGREES, SecondOpinion.Decision.DISAGREES)


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How often two editors found the same.

    Attributes:
        author: Account name of who proposed.
        reviewer: Account name of who rated second.
        rated: How many blind ratings the second gave.
        same: How many of them were the proposal's.
        agreed: How many proposals the second stood behind in the end.
        disagreed: How many they did not.
    """

    author: str
    reviewer: str
    rated: int
    same: int
    agreed: int
    disagreed: int

    @property
    def rate(self) -> float:
        """Share of blind ratings that were the same, 0 to 1."""
        return self.same / self.rated


@transaction.atomic
def give_opinion(verdict: Verdict, *, reviewer: Any, rating: Rating, comment: str = "") -> SecondOpinion:
    """Rates a claim about which another editor has proposed a verdict.

    Raises:
        NotAllowed: the reviewer may not check verdicts, or proposed this one.
        Conflict: it is not proposed, or the reviewer has rated it already.
        InvalidValue: a rating of another scale.
    """
    require(reviewer, "claims.check_verdict")
    verdict = _proposed(verdict)
    if verdict.author_id == reviewer.pk:
        raise NotAllowed("You proposed this verdict: the second opinion is another editor's.")
    if rating.scale_id != verdict.rating.scale_id:
        raise InvalidValue("Choose a rating of the scale on which the verdict was proposed.", field="rating")
    if verdict.opinions.filter(reviewer=reviewer).exists():
        raise Conflict("You have rated this claim already; say whether you agree with the proposal.")
    opinion = SecondOpinion.objects.create(
        verdict=verdict,
        reviewer=reviewer,
        rating=rating,
        first_rating=verdict.rating,
        is_blind=verdict.rating.scale.needs_second_check,
        comment=comment.strip(),
    )
    after = {"rating_id": rating.pk, "comment": opinion.comment}
    record_change(opinion, "give_opinion", actor=reviewer, after=after, claim_id=verdict.claim_id)
    return opinion


@transaction.atomic
def decide_opinion(opinion: SecondOpinion, *, actor: Any, decision: str, comment: str | None = None) -> SecondOpinion:
    """Says, having seen the proposal, whether one stands behind it; a dissent needs a comment. None keeps the comment.

    Raises:
        NotAllowed: the actor may not check verdicts, or the opinion is somebody else's.
        Conflict: the verdict is no longer proposed.
        InvalidValue: neither `agrees` nor `disagrees`, or a dissent without a comment.
    """
    require(actor, "claims.check_verdict")
    verdict = _proposed(opinion.verdict)
    opinion = SecondOpinion.objects.select_for_update().get(pk=opinion.pk)
    if opinion.reviewer_id != actor.pk:
        raise NotAllowed("Only who gave an opinion decides whether to agree.")
    decision = choice(decision, SecondOpinion.Decision, "decision")
    if decision not in _DECISIONS:
        raise InvalidValue("Say `agrees` or `disagrees`.", field="decision")
    before = {"decision": opinion.decision, "comment": opinion.comment}
    opinion.comment = opinion.comment if comment is None else comment.strip()
    if decision == SecondOpinion.Decision.DISAGREES and not opinion.comment:
        raise InvalidValue("A dissent needs a comment: say why in a sentence.", field="comment")
    opinion.decision, opinion.decided_at = decision, timezone.now()
    after = {"decision": opinion.decision, "comment": opinion.comment}
    if after != before:
        opinion.save(update_fields=["decision", "decided_at", "comment"])
        record_change(opinion, "decide_opinion", actor=actor, before=before, after=after, claim_id=verdict.claim_id)
    return opinion


def agreement_by_pair() -> Iterable[PairAgreement]:
    """For each pair of author and second editor, how often the blind ratings were the same; most ratings first.

    Only of verdicts that are decided: published, withdrawn or superseded. Of an open one the table would give away
    what the first rating is.
    """
    decision, closed = SecondOpinion.Decision, ~Q(verdict__state__in=("draft", "proposed"))
    rows = (
        SecondOpinion.objects.filter(closed, is_blind=True)
        .values_list("verdict__author__username", "reviewer__username")
        .annotate(
            rated=Count("pk"),
            same=Count("pk", filter=Q(rating=F("first_rating"))),
            agreed=Count("pk", filter=Q(decision=decision.AGREES)),
            disagreed=Count("pk", filter=Q(decision=decision.DISAGREES)),
        )
        .order_by("-rated", "verdict__author__username", "reviewer__username")
    )
    return [PairAgreement(*row) for row in rows]


def _proposed(verdict: Verdict) -> Verdict:
    """The stored verdict, locked.

    Raises:
        Conflict: it is not, or no longer, proposed.
    """
    verdict = Verdict.objects.select_for_update(of=("self",)).select_related("rating__scale").get(pk=verdict.pk)
    if verdict.state != Verdict.State.PROPOSED:
        raise Conflict(f"This verdict is {verdict.state}; a second opinion is given on a proposal.")
    return verdict
