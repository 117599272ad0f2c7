"""What an editor sends from a claim's page: work status, notes, verdicts; checked as forms, done by the services.

One page, one save, one transaction: either everything that was typed is stored, or nothing, and the page comes back
with it. Each form that edits an existing value carries what the editor saw; where somebody else changed it meanwhile,
the save is refused instead of overwriting. Authors are never a field.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict

from claims.errors import Conflict
from claims.models import Claim, Note, Rating, Verdict
from claims.services import verification

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
OPEN_STATES = [(state.value, state.label) for state in (Verdict.State.DRAFT, Verdict.State.PROPOSED)]
_MEANWHILE = "Somebody changed {what} while this page was open. Your text is kept below: reload to see theirs."


class _Block(forms.Form):
    """A part of the page; bound only where the browser sent it, so that what a role does not see is not touched."""

    marker = ""
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, prefix: str, **options: Any) -> None:
        sent = data is not None and f"{prefix}-{self.marker}" in data
        super().__init__(data if sent else None, prefix=prefix, **options)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.update(rows=3)

    def refuse_stale(self, now: str, what: str) -> None:
        """Stops where the row is no longer what the editor saw.

        Raises:
            Conflict: it changed meanwhile.
        """
        if self.cleaned_data["seen"] and self.cleaned_data["seen"] != now:
            raise Conflict(_MEANWHILE.format(what=what))


class WorkForm(_Block):
    """Where the work on the claim stands, and whose it is."""

    marker = "review_status"
    review_status = forms.ChoiceField(choices=Claim.ReviewStatus.choices, label="Status")
    assignee = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    reason = forms.CharField(required=False, max_length=500, label="Why", help_text="Optional; kept in the history.")

    def __init__(self, data: QueryDict | None, *, claim: Claim, people: Mapping[int, Any]) -> None:
        seen = f"{claim.review_status}:{claim.assignee_id or ''}"
        initial = {"review_status": claim.review_status, "assignee": claim.assignee_id, "seen": seen}
        super().__init__(data, prefix="work", initial=initial)
        self.fields["assignee"].choices = [("", "nobody"), *((pk, str(person)) for pk, person in people.items())]
        self.claim, self.people = claim, people

    def store(self, actor: Any) -> Iterator[str]:
        """Moves and assigns the claim where the editor changed something."""
        values = self.cleaned_data
        seen_status, _, seen_assignee = values["seen"].partition(":")
        assignee = self.people[values["assignee"]] if values["assignee"] else None
        wants_status = values["review_status"] != (seen_status or self.claim.review_status)
        wants_assignee = str(assignee.pk if assignee else "") != seen_assignee
        if not (wants_status or wants_assignee):
            return
        self.refuse_stale(self.initial["seen"], "the status or the assignee")
        if wants_status:
            verification.set_review_status(
                [self.claim], actor=actor, status=values["review_status"], reason=values["reason"].strip()
            )
            yield f"status is now “{dict(Claim.ReviewStatus.choices)[values['review_status']]}”"
        if wants_assignee:
            verification.assign([self.claim], actor=actor, assignee=assignee)
            yield f"assigned to {assignee or 'nobody'}"


class NoteForm(_Block):
    """A new note, or one's own one."""

    marker = "text"
    kind = forms.ChoiceField(choices=Note.Kind.choices)
    text = forms.CharField(widget=forms.Textarea, required=False, label="Note")
    is_public = forms.BooleanField(required=False, label="Public", help_text="Anyone may read it.")

    def __init__(self, data: QueryDict | None, *, claim: Claim, note: Note | None = None) -> None:
        initial: dict[str, Any] = {"kind": Note.Kind.NOTE}
        if note:
            initial = {"kind": note.kind, "text": note.text, "is_public": note.is_public, "seen": _version(note)}
        super().__init__(data, prefix=f"note-{note.pk}" if note else "note", initial=initial)
        self.claim, self.note = claim, note

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.has_changed() and not values.get("text", "").strip():
            self.add_error("text", "A note needs a text.")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        """Signs the note with the actor, or edits the actor's own."""
        values = {name: self.cleaned_data[name] for name in ("kind", "text", "is_public")}
        if not (set(self.changed_data) - {"seen"}):
            return
        if self.note is None:
            verification.add_note(self.claim, author=actor, **values)
            yield "note added"
        else:
            self.refuse_stale(_version(self.note), "your note")
            verification.edit_note(self.note, actor=actor, **values)
            yield "note changed"


class VerdictForm(_Block):
    """A new verdict, or one's own open one."""

    marker = "summary"
    rating = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    summary = forms.CharField(widget=forms.Textarea, required=False, help_text="What the public will read.")
    state = forms.ChoiceField(choices=OPEN_STATES, label="As")

    def __init__(
        self,
        data: QueryDict | None,
        *,
        claim: Claim,
        ratings: Mapping[int, Rating],
        verdict: Verdict | None = None,
    ) -> None:
        initial: dict[str, Any] = {"state": Verdict.State.DRAFT}
        if verdict:
            initial = {
                "rating": verdict.rating_id,
                "summary": verdict.summary,
                "state": verdict.state,
                "seen": _version(verdict),
            }
        super().__init__(data, prefix=f"verdict-{verdict.pk}" if verdict else "verdict", initial=initial)
        self.fields["rating"].choices = [("", "choose a rating"), *((pk, row.label) for pk, row in ratings.items())]
        self.claim, self.verdict, self.ratings = claim, verdict, ratings

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if (set(self.changed_data) - {"seen"}) and not values.get("rating"):
            self.add_error("rating", "Choose a rating.")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        """Records the verdict as the actor's, or edits the actor's own."""
        values = {name: self.cleaned_data[name] for name in ("summary", "state")}
        if not (set(self.changed_data) - {"seen"}):
            return
        values["rating"] = self.ratings[self.cleaned_data["rating"]]
        if self.verdict is None:
            verification.record_verdict(self.claim, author=actor, **values)
            yield f"verdict {'proposed' if values['state'] == Verdict.State.PROPOSED else 'drafted'}"
        else:
            self.refuse_stale(_version(self.verdict), "your verdict")
            verification.edit_verdict(self.verdict, actor=actor, **values)
            yield "verdict changed"


class Desk:
    """All forms of one claim's page for one editor.

    Attributes:
        work: Status and assignee.
        note: A new note.
        verdict: A new verdict.
        own_notes: By id, the editor's own notes.
        own_verdicts: By id, the editor's own open verdicts.
        people: By id, those to whom the claim may be assigned.
        ratings: By id, all ratings.
    """

    def __init__(
        self, claim: Claim, user: Any, *, notes: Sequence[Note], verdicts: Sequence[Verdict], data: QueryDict | None
    ) -> None:
        self.claim, self.user, self.data = claim, user, data
        self.people = {person.pk: person for person in editors(claim.assignee_id)}
        self.ratings = {rating.pk: rating for rating in Rating.objects.order_by("scale", "order")}
        self.verdicts = {verdict.pk: verdict for verdict in verdicts}
        self.work = WorkForm(data, claim=claim, people=self.people)
        self.note = NoteForm(data, claim=claim)
        self.verdict = VerdictForm(data, claim=claim, ratings=self.ratings)
        self.own_notes = {
            note.pk: NoteForm(data, claim=claim, note=note) for note in notes if note.author_id == user.pk
        }
        self.own_verdicts = {
            verdict.pk: VerdictForm(data, claim=claim, ratings=self.ratings, verdict=verdict)
            for verdict in verdicts
            if verdict.author_id == user.pk and verdict.state in dict(OPEN_STATES)
        }

    def all_forms(self) -> list[_Block]:
        """Every form of the page, in its order."""
        return [self.work, *self.own_verdicts.values(), self.verdict, *self.own_notes.values(), self.note]

    def forms(self) -> list[_Block]:
        """Those that the browser sent."""
        return [form for form in self.all_forms() if form.is_bound]

    def is_valid(self) -> bool:
        """Whether all that was sent can be stored; each form keeps its own errors."""
        outcomes = [form.is_valid() for form in self.forms()]  # all of them, so that each shows its errors
        return all(outcomes)

    @transaction.atomic
    def store(self) -> list[str]:
        """Stores everything, or nothing.

        Returns:
            What was done, in words.

        Raises:
            ClaimError: a service refused.
        """
        done = [line for form in self.forms() for line in form.store(self.user)]
        return done + list(self._publish_or_withdraw())

    def _publish_or_withdraw(self) -> Iterator[str]:
        for button, verb in (("_publish", "published"), ("_withdraw", "withdrawn")):
            chosen = self.data.get(button, "") if self.data else ""
            if not chosen:
                continue
            verdict = self.verdicts.get(int(chosen)) if chosen.isascii() and chosen.isdecimal() else None
            if verdict is None:
                raise Conflict("That verdict is no longer here: reload the page.")
            reason = self.data.get(f"reason-{verdict.pk}", "")
            if button == "_publish":
                verification.publish_verdict(verdict, reviewer=self.user, reason=reason)
            else:
                verification.withdraw_verdict(verdict, actor=self.user, reason=reason)
            yield f"verdict {verb}"


def editors(assignee_id: int | None = None) -> QuerySet:
    """Those to whom a claim may be assigned, and the one to whom it is, even if they may not any more."""
    users = get_user_model().objects
    able = users.with_perm("claims.review_claim", backend=MODEL_BACKEND).filter(is_staff=True)
    return users.filter(Q(pk__in=able.values("pk")) | Q(pk=assignee_id)).order_by("username")


def _version(row: Any) -> str:
    return row.modified_at.isoformat()
