"""What the one who asks may read.

Without a token one gets the public view; so does a user whose role gives no permission to read. Each question is asked
once a request: the user object remembers its permissions.
"""

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from claims.models import Claim, Evidence, Note, SecondOpinion, Speaker, Verdict


def may(request: Request, permission: str) -> bool:
    """Whether the user who asks has a permission ("claims.view_note")."""
    return bool(request.user.is_authenticated and request.user.has_perm(permission))


def claims_for(request: Request) -> QuerySet:
    """Claims that may be read: hidden speakers' only inside the desk."""
    return Claim.objects.current() if may(request, "claims.view_claim") else Claim.objects.public()


def speakers_for(request: Request) -> QuerySet:
    """Speakers that may be read; merged ones answer through their survivor."""
    speakers = Speaker.objects.current()
    return speakers if may(request, "claims.view_speaker") else speakers.visible()


def notes_for(request: Request) -> QuerySet:
    """Notes that may be read: the public ones, on claims that may be read, or all."""
    notes = Note.objects.filter(claim__in=claims_for(request))
    return notes if may(request, "claims.view_note") else notes.filter(is_public=True)


def verdicts_for(request: Request) -> QuerySet:
    """Verdicts that may be read.

    Published ones by all. Inside the desk also withdrawn and superseded ones, one's own drafts and proposals, proposals
    that one has rated oneself, and for those who publish every proposal, but for those that are sealed from them: a
    second opinion is formed without the first.
    """
    state = Verdict.State
    seen = Q(state=state.PUBLISHED)
    if may(request, "claims.view_verdict"):
        seen |= Q(state__in=[state.WITHDRAWN, state.SUPERSEDED]) | Q(author=request.user.pk)
    if may(request, "claims.publish_verdict"):
        seen |= Q(state=state.PROPOSED)
    if may(request, "claims.check_verdict"):
        seen |= Q(pk__in=SecondOpinion.objects.filter(reviewer=request.user.pk).values("verdict"))
    return Verdict.objects.readable_by(request.user).filter(seen, claim__in=claims_for(request))


def proposals_for(request: Request) -> QuerySet:
    """Proposals that the one who asks is to rate, and of which nothing may be shown but that they are there."""
    if not may(request, "claims.check_verdict"):
        return Verdict.objects.none()
    sealed = Verdict.objects.sealed_from(request.user).filter(state=Verdict.State.PROPOSED)
    return sealed.filter(claim__in=claims_for(request))


def opinions_for(request: Request) -> QuerySet:
    """Second opinions that may be read: inside the desk, with the verdicts that they are about."""
    if not may(request, "claims.check_verdict"):
        return SecondOpinion.objects.none()
    return SecondOpinion.objects.filter(verdict__in=verdicts_for(request))


def evidence_for(request: Request) -> QuerySet:
    """Evidence that may be read: all inside the desk, none outside."""
    return Evidence.objects.all() if may(request, "claims.view_evidence") else Evidence.objects.none()
