"""Notes and verdicts: what editors sign."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.access import claims_for
from claims.api.serializers import (
    NoteEditSerializer,
    NoteSerializer,
    NoteWriteSerializer,
    VerdictEditSerializer,
    VerdictSerializer,
    VerdictWriteSerializer,
)
from claims.api.writing.batches import Batched, batch_of, results_of
from claims.api.writing.bodies import checked
from claims.api.writing.guarded import Guarded
from claims.errors import Conflict, InvalidValue
from claims.models import Verdict
from claims.services.verification import (
    add_note,
    edit_note,
    edit_verdict,
    publish_verdict,
    record_verdict,
    withdraw_verdict,
)
from sources.api.reading import Row

_State = Verdict.State
# What a verdict may become, by whose permission. A service decides; this only says so in a conflict.
_NEXT = {
    _State.DRAFT: {"proposed": "claims.change_verdict", "published": "claims.publish_verdict"},
    _State.PROPOSED: {"draft": "claims.change_verdict", "published": "claims.publish_verdict"},
    _State.PUBLISHED: {"withdrawn": "claims.publish_verdict"},
}


class NoteWriting(Batched, Guarded):
    """Writes of notes."""

    kind = "note"

    @extend_schema(
        summary="Add a note",
        description="Signs a note to a claim; internal unless `is_public`.",
        request=NoteWriteSerializer,
        responses={201: NoteSerializer},
    )
    def create(self, request: Request) -> Response:
        """Signs a note."""
        status, answer = self.write_item(request.data)
        return Response(answer, status=status)

    @extend_schema(
        operation_id="notes_batch",
        summary="Add several notes",
        description="Each item as for one note; each is signed or refused by itself.",
        request=batch_of("Note", NoteWriteSerializer),
        responses=results_of("Note", NoteSerializer),
    )
    @action(detail=False, methods=["post"], url_path="batch")
    def batch(self, request: Request) -> Response:
        """Signs several notes."""
        return self.run_batch(request)

    @extend_schema(
        summary="Edit a note",
        description="Changes one's own note; what it said before is kept.",
        request=NoteEditSerializer,
        responses=NoteSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes one's own note."""
        notes = self.get_queryset()  # type: ignore[attr-defined]
        self.one(notes, int(pk))  # type: ignore[attr-defined]
        edit_note(notes.get(pk=pk), actor=request.user, **checked(NoteEditSerializer, request.data))
        return Response(self.one(notes, int(pk)))  # type: ignore[attr-defined]

    def write_item(self, data: Any) -> tuple[int, Row]:
        """One note."""
        request = self.request  # type: ignore[attr-defined]
        given = checked(NoteWriteSerializer, data, claims=claims_for(request))
        note = add_note(given.pop("claim"), author=request.user, **given)
        return 201, self.one(self.get_queryset(), note.pk)  # type: ignore[attr-defined]


class VerdictWriting(Batched, Guarded):
    """Writes of verdicts."""

    kind = "verdict"

    @extend_schema(
        summary="Record a verdict",
        description="A draft, or a proposal for publication.",
        request=VerdictWriteSerializer,
        responses={201: VerdictSerializer},
    )
    def create(self, request: Request) -> Response:
        """Records a verdict."""
        status, answer = self.write_item(request.data)
        return Response(answer, status=status)

    @extend_schema(
        operation_id="verdicts_batch",
        summary="Record several verdicts",
        description="Each item as for one verdict; each is recorded or refused by itself.",
        request=batch_of("Verdict", VerdictWriteSerializer),
        responses=results_of("Verdict", VerdictSerializer),
    )
    @action(detail=False, methods=["post"], url_path="batch")
    def batch(self, request: Request) -> Response:
        """Records several verdicts."""
        return self.run_batch(request)

    @extend_schema(
        summary="Edit, publish or withdraw a verdict",
        description="Changes one's own draft or proposal; or, with the state `published` or `withdrawn` and nothing "
        "else but a reason, publishes or withdraws a verdict (reviewers).",
        request=VerdictEditSerializer,
        responses=VerdictSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes a verdict's content or its state."""
        verdicts = self.get_queryset()  # type: ignore[attr-defined]
        self.one(verdicts, int(pk))  # type: ignore[attr-defined]
        given = checked(VerdictEditSerializer, request.data)
        try:
            _change_verdict(verdicts.get(pk=pk), request.user, given)
        except Conflict as error:
            error.details = _standing(int(pk), request.user)  # type: ignore[attr-defined]
            raise
        return Response(self.one(verdicts, int(pk)))  # type: ignore[attr-defined]

    def write_item(self, data: Any) -> tuple[int, Row]:
        """One verdict."""
        request = self.request  # type: ignore[attr-defined]
        given = checked(VerdictWriteSerializer, data, claims=claims_for(request))
        verdict = record_verdict(given.pop("claim"), author=request.user, **given)
        return 201, self.one(self.get_queryset(), verdict.pk)  # type: ignore[attr-defined]


def _change_verdict(verdict: Verdict, actor: Any, given: dict[str, Any]) -> None:
    state, reason = given.get("state"), given.pop("reason", "")
    if state not in (_State.PUBLISHED, _State.WITHDRAWN):
        if reason:
            raise InvalidValue("A reason goes with publishing or withdrawing; leave it out here.", field="reason")
        edit_verdict(verdict, actor=actor, **given)
    elif len(given) > 1:
        raise InvalidValue("A verdict is published or withdrawn as it stands; edit it first.", field="state")
    elif state == _State.PUBLISHED:
        publish_verdict(verdict, reviewer=actor, reason=reason)
    else:
        withdraw_verdict(verdict, actor=actor, reason=reason)


def _standing(pk: int, actor: Any) -> Row:
    """What the verdict is, and what this actor may make of it."""
    verdict = Verdict.objects.select_related("rating__scale").get(pk=pk)
    steps = [step for step, permission in _NEXT.get(_State(verdict.state), {}).items() if actor.has_perm(permission)]
    if verdict.rating.scale.needs_second_check and not verdict.opinions.filter(decision="agrees").exists():
        steps = [step for step in steps if step != _State.PUBLISHED]  # first somebody else has to agree
    return {"state": verdict.state, "allowed": steps}
