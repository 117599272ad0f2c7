"""What an editor sends from a claim's page: work status, notes, verdicts, and all that `panels` and `buttons` add.

Checked as forms, done by the services (`blocks` tells how they save together). Authors are never a field. What is
sealed from the editor until they have rated a proposal themselves is not in these forms, and the templates get no
other way to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.http import QueryDict

from claims.admin.blocks import Block, version
from claims.admin.buttons import Buttons
from claims.admin.claim_choices import RatingChoice, claim_choices, editors
from claims.admin.panels import ChecklistForm, EvidenceForm, OpinionForm, StoredEvidenceForm, TagForm
from claims.models import Change, Claim, EvidenceLink, Note, Rating, Verdict
from claims.services import verification
from claims.services.history import changes_of

__all__ = ["Desk", "editors"]

MOST_CHANGES = 100
OPEN_STATES = [(state.value, state.label) for state in (Verdict.State.DRAFT, Verdict.State.PROPOSED)]


class WorkForm(Block):
    """Where the work on the claim stands, and whose it is."""

    marker = "review_status"
    review_status = forms.ChoiceField(choices=Claim.ReviewStatus.choices, label="Status")
    assignee = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    reason = forms.CharField(required=False, max_length=500, label="Why", help_text="Optional; kept in the history.")

    def __init__(self, data: QueryDict | None, *, claim: Claim, people: Mapping[int, str]) -> None:
        seen = f"{claim.review_status}:{claim.assignee_id or ''}"
        initial = {"review_status": claim.review_status, "assignee": claim.assignee_id, "seen": seen}
        super().__init__(data, prefix="work", initial=initial)
        self.fields["assignee"].choices = [("", "nobody"), *people.items()]
        self.claim = claim

    def store(self, actor: Any) -> Iterator[str]:
        """Moves and assigns the claim where the editor changed something."""
        values = self.cleaned_data
        seen_status, _, seen_assignee = values["seen"].partition(":")
        assignee = get_user_model().objects.get(pk=values["assignee"]) if values["assignee"] else None
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


class NoteForm(Block):
    """A new note, or one's own one."""

    marker = "text"
    kind = forms.ChoiceField(choices=Note.Kind.choices)
    text = forms.CharField(widget=forms.Textarea, required=False, label="Note")
    is_public = forms.BooleanField(required=False, label="Public", help_text="Anyone may read it.")

    def __init__(self, data: QueryDict | None, *, claim: Claim, note: Note | None = None) -> None:
        initial: dict[str, Any] = {"kind": Note.Kind.NOTE}
        if note:
            initial = {"kind": note.kind, "text": note.text, "is_public": note.is_public, "seen": version(note)}
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
        if not self.is_touched:
            return
        if self.note is None:
            verification.add_note(self.claim, author=actor, **values)
            yield "note added"
        else:
            self.refuse_stale(version(self.note), "your note")
            verification.edit_note(self.note, actor=actor, **values)
            yield "note changed"


class VerdictForm(Block):
    """A new verdict, or one's own open one."""

    marker = "summary"
    rating = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    summary = forms.CharField(widget=forms.Textarea, required=False, help_text="What the public will read.")
    state = forms.ChoiceField(choices=OPEN_STATES, label="As")
    reason = forms.CharField(required=False, max_length=500, label="Why does it replace the published one?")

    def __init__(
        self,
        data: QueryDict | None,
        *,
        claim: Claim,
        ratings: Mapping[int, RatingChoice],
        verdict: Verdict | None = None,
        replaces: bool = False,
    ) -> None:
        initial: dict[str, Any] = {"state": Verdict.State.DRAFT}
        if verdict:
            initial = {
                "rating": verdict.rating_id,
                "summary": verdict.summary,
                "state": verdict.state,
                "reason": verdict.reason,
                "seen": version(verdict),
            }
        super().__init__(data, prefix=f"verdict-{verdict.pk}" if verdict else "verdict", initial=initial)
        self.fields["rating"].choices = [("", "choose a rating"), *((pk, row.label) for pk, row in ratings.items())]
        self.claim, self.verdict, self.replaces = claim, verdict, replaces
        if not replaces:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.is_touched and not values.get("rating"):
            self.add_error("rating", "Choose a rating.")
        if self.is_touched and self.replaces and not values.get("reason", "").strip():
            self.add_error("reason", "A published verdict is changed for a reason: say why in a sentence.")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        """Records the verdict as the actor's, or edits the actor's own."""
        if not self.is_touched:
            return
        names = ("summary", "state", "reason")
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in names if name in self.fields}
        values["rating"] = Rating.objects.get(pk=self.cleaned_data["rating"])
        if self.verdict is None:
            verification.record_verdict(self.claim, author=actor, **values)
            yield f"verdict {'proposed' if values['state'] == Verdict.State.PROPOSED else 'drafted'}"
        else:
            self.refuse_stale(version(self.verdict), "your verdict")
            verification.edit_verdict(self.verdict, actor=actor, **values)
            yield "verdict changed"


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note, what it said before (newest first), and the form where it is the editor's own."""

    note: Note
    form: NoteForm | None
    versions: list[Change]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A second opinion as the page shows it."""

    pk: int
    reviewer_id: int
    reviewer: str
    rating: RatingChoice
    is_blind: bool
    comment: str
    decision: str


_OPINION = {
    **{name: name for name in ("pk", "reviewer_id", "rating", "is_blind", "comment", "decision")},
    "reviewer": "reviewer__username",
}


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict as this editor may see it.

    Attributes:
        verdict: The row; where it is sealed, a template shows author and state only.
        is_sealed: Whether the editor has to rate before they see it.
        form: To edit one's own open one.
        opinions: Second opinions, oldest first; none where it is sealed.
        rate: To give a second opinion.
        own: The editor's own opinion, to be decided while the verdict is proposed.
    """

    verdict: Verdict
    is_sealed: bool
    form: VerdictForm | None
    opinions: list[Opinion]
    rate: OpinionForm | None
    own: Opinion | None


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence that the claim uses, with the form to change it."""

    link: EvidenceLink
    form: EvidenceForm | None


class Desk:
    """All forms of one claim's page for one editor, and what they are about.

    Attributes:
        work: Status and assignee.
        note: A new note.
        verdict: A new verdict.
        evidence: New evidence.
        stored_evidence: Evidence of another claim to use here.
        tags: The claim's tags.
        checklist: What was done for it.
        note_rows: Its notes, oldest first.
        verdict_rows: Its verdicts, newest first.
        evidence_rows: Its evidence, oldest first.
        changes: The newest lines of its history.
    """

    def __init__(self, claim: Claim, user: Any, *, data: QueryDict | None) -> None:
        self.claim, self.user, self.data = claim, user, data
        self.choices = claim_choices(claim)
        self.opinions: dict[int, list[Opinion]] = {}
        self.verdicts = self._verdicts()
        self.published = next((row for row in self.verdicts.values() if row.state == Verdict.State.PUBLISHED), None)
        self.changes = self._changes()
        self.work = WorkForm(data, claim=claim, people=self.choices.people)
        self.note = NoteForm(data, claim=claim)
        self.verdict = self._verdict_form(None)
        self.evidence = EvidenceForm(data, claim=claim)
        self.stored_evidence = StoredEvidenceForm(data, claim=claim)
        self.tags = TagForm(data, claim=claim, choices=self.choices.tags)
        self.checklist = ChecklistForm(data, claim=claim, choices=self.choices.items)
        self.note_rows = [self._note_row(note) for note in self._notes()]
        self.verdict_rows = [self._verdict_row(verdict) for verdict in self.verdicts.values()]
        self.hides_stances = any(row.is_sealed for row in self.verdict_rows)
        self.evidence_rows = [self._evidence_row(link) for link in self._evidence()]

    @property
    def drafts_own(self) -> bool:
        """Whether the editor has an open verdict here already."""
        return any(row.form for row in self.verdict_rows)

    def all_forms(self) -> list[Block]:
        """Every form of the page, in its order; evidence is in place before a verdict that rests on it."""
        return [
            self.work,
            *(row.form for row in self.evidence_rows if row.form),
            self.evidence,
            self.stored_evidence,
            self.tags,
            self.checklist,
            *(row.rate for row in self.verdict_rows if row.rate),
            *(row.form for row in self.verdict_rows if row.form),
            self.verdict,
            *(row.form for row in self.note_rows if row.form),
            self.note,
        ]

    def forms(self) -> list[Block]:
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
        return done + list(Buttons(self.claim, self.user, self.data, self.verdicts).store())

    # --- what there is ---

    def _notes(self) -> list[Note]:
        notes = self.claim.notes.select_related("author")
        return list(notes if self.user.has_perm("claims.view_note") else notes.filter(is_public=True))

    def _verdicts(self) -> dict[int, Verdict]:
        """The verdicts with their opinions: one query, in which a verdict comes once for each opinion."""
        verdicts = self.claim.verdicts.select_related("rating__scale", "author", "reviewer").order_by("-pk", "opinions")
        columns = {f"second_{name}": F(f"opinions__{path}") for name, path in _OPINION.items()}
        found: dict[int, Verdict] = {}
        for row in verdicts.annotate(**columns):
            verdict = found.setdefault(row.pk, row)
            self.opinions.setdefault(row.pk, [])
            if row.second_pk is not None:  # type: ignore[attr-defined]
                values = {name: getattr(row, f"second_{name}") for name in _OPINION}
                values["rating"] = self.choices.ratings[values["rating"]]
                self.opinions[verdict.pk].append(Opinion(**values))
        return found

    def _evidence(self) -> list[EvidenceLink]:
        same = EvidenceLink.objects.filter(evidence=OuterRef("evidence")).order_by().values("evidence")
        links = self.claim.evidence_links.select_related("evidence", "added_by")
        return list(links.annotate(uses=Subquery(same.annotate(total=Count("pk")).values("total"))))

    def _changes(self) -> list[Change]:
        if not self.user.has_perm("claims.view_change"):
            return []
        return list(changes_of(self.claim, self.user)[:MOST_CHANGES])

    # --- with their forms ---

    def _verdict_form(self, verdict: Verdict | None) -> VerdictForm:
        replaces = self.published is not None
        return VerdictForm(
            self.data, claim=self.claim, ratings=self.choices.ratings, verdict=verdict, replaces=replaces
        )

    def _note_row(self, note: Note) -> NoteRow:
        is_own = note.author_id == self.user.pk
        versions = [
            row
            for row in self.changes
            if (row.action, row.object_id) == ("edit_note", note.pk) and row.before["text"] != row.after["text"]
        ]
        return NoteRow(note, NoteForm(self.data, claim=self.claim, note=note) if is_own else None, versions)

    def _verdict_row(self, verdict: Verdict) -> VerdictRow:
        opinions = self.opinions[verdict.pk]
        own = next((one for one in opinions if one.reviewer_id == self.user.pk), None)
        is_own, is_open = verdict.author_id == self.user.pk, verdict.state in dict(OPEN_STATES)
        asks = is_open and verdict.rating.scale.needs_second_check
        is_sealed = asks and not is_own and own is None
        may_rate = is_sealed and verdict.state == Verdict.State.PROPOSED and self.user.has_perm("claims.check_verdict")
        rate = OpinionForm(self.data, verdict=verdict, ratings=self.choices.ratings) if may_rate else None
        form = self._verdict_form(verdict) if is_own and is_open else None
        decides = own if verdict.state == Verdict.State.PROPOSED else None
        return VerdictRow(verdict, is_sealed, form, [] if is_sealed else opinions, rate, decides)

    def _evidence_row(self, link: EvidenceLink) -> EvidenceRow:
        may_edit = self.user.has_perm("claims.change_evidence") and not self.hides_stances
        return EvidenceRow(link, EvidenceForm(self.data, claim=self.claim, link=link) if may_edit else None)
