"""The forms of a claim's page for evidence, tags, checklist and second opinions; each does its work through a service.

Tags and checklist are sets of boxes: what the browser sends is compared with what it was shown, so that a box that
somebody else ticked meanwhile is neither lost nor an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import QueryDict

from claims.admin.blocks import Block, version
from claims.admin.claim_choices import ItemChoice, RatingChoice, TagChoice
from claims.models import ChecklistItem, Claim, Evidence, EvidenceLink, Rating, Tag, Verdict
from claims.services import checklists, evidence, second_checks, tags

EVIDENCE_FIELD = EvidenceLink._meta.get_field("evidence")
_FIELDS = ("url", "title", "passage", "archived_url", "accessed_on")


class EvidenceForm(Block):
    """Evidence: new for this claim, or stored and used by it already."""

    marker = "url"
    url = forms.CharField(required=False, max_length=2000, label="Address")
    stance = forms.ChoiceField(choices=EvidenceLink.Stance.choices, initial=EvidenceLink.Stance.CONTEXT)
    title = forms.CharField(required=False, max_length=evidence.MOST_TITLE)
    passage = forms.CharField(required=False, widget=forms.Textarea, max_length=evidence.MOST_PASSAGE)
    archived_url = forms.CharField(required=False, max_length=2000, label="Archived at")
    accessed_on = forms.DateField(required=False, label="Read on", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: QueryDict | None, *, claim: Claim, link: EvidenceLink | None = None) -> None:
        initial: dict[str, Any] = {}
        if link:
            row = link.evidence
            initial = {"stance": link.stance, "seen": _version(link), **{name: getattr(row, name) for name in _FIELDS}}
        super().__init__(data, prefix=f"evidence-{link.pk}" if link else "evidence", initial=initial)
        self.claim, self.link = claim, link

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.is_touched and not values.get("url", "").strip():
            self.add_error("url", "Evidence needs an address: where can it be read?")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        if not self.is_touched:
            return
        values = {name: self.cleaned_data[name] for name in _FIELDS}
        if self.link is None:
            evidence.add_evidence(self.claim, author=actor, stance=self.cleaned_data["stance"], **values)
            yield "evidence added"
            return
        self.refuse_stale(_version(self.link), "this evidence")
        if "stance" in self.changed_data:
            evidence.set_stance(self.link, actor=actor, stance=self.cleaned_data["stance"])
        if set(self.changed_data) & set(_FIELDS):
            evidence.edit_evidence(self.link.evidence, actor=actor, **values)
        yield "evidence changed"


class StoredEvidenceForm(Block):
    """Evidence of another claim, to use for this one too."""

    marker = "stance"
    stored = forms.ModelChoiceField(Evidence.objects.all(), required=False, label="Stored evidence")
    stance = forms.ChoiceField(choices=EvidenceLink.Stance.choices, initial=EvidenceLink.Stance.CONTEXT)

    def __init__(self, data: QueryDict | None, *, claim: Claim) -> None:
        super().__init__(data, prefix="stored")
        widget = AutocompleteSelect(EVIDENCE_FIELD, admin.site, attrs={"data-width": "100%"})
        widget.choices = self.fields["stored"].widget.choices
        self.fields["stored"].widget = widget
        self.claim = claim

    def store(self, actor: Any) -> Iterator[str]:
        if row := self.cleaned_data["stored"]:
            evidence.link_evidence(row, claim=self.claim, actor=actor, stance=self.cleaned_data["stance"])
            yield "stored evidence used"


class _Boxes(Block):
    """A set of boxes; `shown` tells which were ticked when the page was drawn."""

    marker = "shown"
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    on = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=forms.CheckboxSelectMultiple)

    def fill(self, labels: Sequence[tuple[int, str]], ticked: Sequence[int]) -> None:
        """Names the boxes; `ticked` are those that are on now."""
        self.fields["on"].choices = labels
        self.initial.update(shown=",".join(map(str, ticked)), on=list(ticked))

    def moved(self) -> tuple[set[int], set[int]]:
        """The ids that the editor ticked, and those that they cleared."""
        sent = [one for one in self.cleaned_data["shown"].split(",") if one.isascii() and one.isdecimal()]
        shown = {int(one) for one in sent if len(one) < 19}
        now = set(self.cleaned_data["on"])
        return now - shown, shown - now


class TagForm(_Boxes):
    """The claim's tags, and words for further ones."""

    new = forms.CharField(required=False, max_length=500, label="Add tags", help_text="Separated by commas.")

    def __init__(self, data: QueryDict | None, *, claim: Claim, choices: Sequence[TagChoice]) -> None:
        super().__init__(data, prefix="tags")
        ticked = [tag for tag in choices if tag.is_on]
        self.fill([(tag.pk, tag.name) for tag in ticked], [tag.pk for tag in ticked])
        self.fields["new"].widget.attrs.update(list="tags-known", autocomplete="off")
        self.claim, self.ticked = claim, ticked
        self.known = {tags.tag_key(tag.name): tag.pk for tag in choices}

    @property
    def rows(self) -> Iterator[tuple[Any, TagChoice]]:
        """Each box with its tag."""
        return zip(self["on"], self.ticked, strict=True)

    def store(self, actor: Any) -> Iterator[str]:
        added, removed = self.moved()
        words = [word.strip() for word in self.cleaned_data["new"].split(",") if word.strip()]
        for word in {tags.tag_key(word): word for word in reversed(words)}.values():  # the first spelling counts
            known = self.known.get(tags.tag_key(word))
            added.add(known if known else tags.make_tag(word, actor=actor).pk)
        done = 0
        if added:
            done += tags.tag_claims([self.claim], actor=actor, tags=list(Tag.objects.filter(pk__in=added)))
        if removed - added:
            rows = list(Tag.objects.filter(pk__in=removed - added))
            done += tags.untag_claims([self.claim], actor=actor, tags=rows)
        if done:
            yield "tags changed"


class ChecklistForm(_Boxes):
    """The checklist of this claim."""

    def __init__(self, data: QueryDict | None, *, claim: Claim, choices: Sequence[ItemChoice]) -> None:
        super().__init__(data, prefix="checklist")
        self.fill([(item.pk, item.text) for item in choices], [item.pk for item in choices if item.done_by])
        self.claim, self.items = claim, choices

    @property
    def rows(self) -> Iterator[tuple[Any, ItemChoice]]:
        """Each box with its item."""
        return zip(self["on"], self.items, strict=True)

    def store(self, actor: Any) -> Iterator[str]:
        added, removed = self.moved()
        for item in ChecklistItem.objects.filter(pk__in=added | removed):
            (checklists.tick if item.pk in added else checklists.untick)(self.claim, actor=actor, item=item)
        if added or removed:
            yield "checklist changed"


class OpinionForm(Block):
    """A second rating of a proposed verdict, given before the first is seen."""

    marker = "rating"
    rating = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Your rating")
    comment = forms.CharField(required=False, max_length=2000, widget=forms.Textarea, label="Why")

    def __init__(self, data: QueryDict | None, *, verdict: Verdict, ratings: Mapping[int, RatingChoice]) -> None:
        super().__init__(data, prefix=f"opinion-{verdict.pk}")
        scale = verdict.rating.scale_id
        labels = [(pk, row.label) for pk, row in ratings.items() if row.scale_id == scale]
        self.fields["rating"].choices = [("", "choose a rating"), *labels]
        self.verdict = verdict

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("comment") and not values.get("rating"):
            self.add_error("rating", "Choose a rating.")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        if self.cleaned_data["rating"]:
            rating = Rating.objects.get(pk=self.cleaned_data["rating"])
            second_checks.give_opinion(
                self.verdict, reviewer=actor, rating=rating, comment=self.cleaned_data["comment"]
            )
            yield "second rating given"


def _version(link: EvidenceLink) -> str:
    return f"{version(link)} {version(link.evidence)}"
