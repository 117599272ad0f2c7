"""Actions over all claims that match, not only those of the page: ask with the number, then work in batches.

An action first shows a page that says how many claims it means and asks for its values; what comes back is done as far
as a few seconds go, and where that was not all, a page tells how far it is and goes on by itself (or by its button).
Each batch is a transaction of its own: a run that is lost half-way is repeated by doing the same again, and what is
done is passed over. The selection is the list's own, asked anew, up to the newest claim of the moment of confirming.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from claims.admin.choices import desk_choices
from claims.admin.desk import editors
from claims.errors import ClaimError
from claims.models import Claim, Tag
from claims.services.bulk import MOST_NAMED, ChangeClaims, Progress, change_in_batches
from claims.services.duplicates import mark_duplicate
from claims.services.looks import mark_seen, renew_looks
from claims.services.tags import tag_claims, untag_claims
from claims.services.verification import assign, set_review_status

SAMPLES = 5
_MINE = "me"


class BulkForm(forms.Form):
    """Values of an action; `bind` makes the service call of them."""

    def __init__(self, data: Any, request: HttpRequest) -> None:
        self.request = request
        super().__init__(data, prefix="bulk")

    def bind(self) -> ChangeClaims:
        """The service with its values."""
        raise NotImplementedError

    def said(self) -> str:
        """What the claims are now, for "12 claims are now …"."""
        raise NotImplementedError


class StatusForm(BulkForm):
    """A review status, and why."""

    status = forms.ChoiceField(label="Status", choices=[("", "choose a status"), *Claim.ReviewStatus.choices])
    reason = forms.CharField(label="Why", required=False, max_length=500, help_text="Optional; kept in the history.")

    def bind(self) -> ChangeClaims:
        values = {"status": self.cleaned_data["status"], "reason": self.cleaned_data["reason"].strip()}
        return lambda claims: set_review_status(claims, actor=self.request.user, **values)

    def said(self) -> str:
        return f"“{dict(Claim.ReviewStatus.choices)[self.cleaned_data['status']]}”"


class AssignForm(BulkForm):
    """A person of the desk, or nobody."""

    assignee = forms.ChoiceField(label="Assign to")

    def __init__(self, data: Any, request: HttpRequest) -> None:
        super().__init__(data, request)
        self.people = {str(person.pk): person for person in editors()}
        others = [(pk, str(person)) for pk, person in self.people.items() if pk != str(request.user.pk)]
        self.fields["assignee"].choices = [(_MINE, "me"), ("nobody", "nobody"), *others]

    def person(self) -> Any:
        """Who it will be."""
        chosen = self.cleaned_data["assignee"]
        return self.request.user if chosen == _MINE else self.people.get(chosen)

    def bind(self) -> ChangeClaims:
        person = self.person()
        return lambda claims: assign(claims, actor=self.request.user, assignee=person)

    def said(self) -> str:
        return f"assigned to {self.person() or 'nobody'}"


class TagForm(BulkForm):
    """One or more tags."""

    tags = forms.MultipleChoiceField(
        label="Tags",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose one or more tags."},
    )
    service: Callable[..., int] = staticmethod(tag_claims)
    word = "tagged"

    def __init__(self, data: Any, request: HttpRequest) -> None:
        super().__init__(data, request)
        self.fields["tags"].choices = [(str(one.pk), one.label) for one in desk_choices(request).tags]

    def bind(self) -> ChangeClaims:
        tags = list(Tag.objects.filter(pk__in=self.cleaned_data["tags"]))
        return lambda claims: self.service(claims, actor=self.request.user, tags=tags)

    def said(self) -> str:
        labels = dict(self.fields["tags"].choices)
        names = ", ".join(f"“{labels[pk]}”" for pk in self.cleaned_data["tags"])
        return f"{self.word} {names}"


class UntagForm(TagForm):
    """Tags to take off."""

    service = staticmethod(untag_claims)
    word = "without"


class DuplicateForm(BulkForm):
    """The claim that the others repeat."""

    original = forms.IntegerField(
        label="Duplicates of claim no.",
        min_value=1,
        max_value=2**62,
        help_text="The number is in the address and the title of the claim’s page.",
    )
    reason = forms.CharField(label="Why", required=False, max_length=500, help_text="Optional; kept in the history.")

    def clean_original(self) -> Claim:
        claim = Claim.objects.current().filter(pk=self.cleaned_data["original"]).first()
        if claim is None:
            raise forms.ValidationError(f"There is no claim {self.cleaned_data['original']}.")
        return claim

    def bind(self) -> ChangeClaims:
        original, reason = self.cleaned_data["original"], self.cleaned_data["reason"]

        def change(claims: Sequence[Claim]) -> int:
            others = [claim for claim in claims if claim.pk != original.pk]  # it stays what the others repeat
            return mark_duplicate(others, of=original, actor=self.request.user, reason=reason) if others else 0

        return change

    def said(self) -> str:
        return f"duplicates of claim {self.cleaned_data['original'].pk}"


class SeenForm(BulkForm):
    """Nothing to ask."""

    def bind(self) -> ChangeClaims:
        return lambda claims: mark_seen(self.request.user, [claim.pk for claim in claims])

    def said(self) -> str:
        return "marked as seen by you"


@dataclass(frozen=True, slots=True)
class BulkAction:
    """An action of the list: its name, what its page is called, and what it asks."""

    name: str
    title: str
    form: type[BulkForm]


BULK = {
    action.name: action
    for action in (
        BulkAction("assign", "Assign claims", AssignForm),
        BulkAction("change_status", "Set the review status", StatusForm),
        BulkAction("add_tags", "Tag claims", TagForm),
        BulkAction("remove_tags", "Take tags off claims", UntagForm),
        BulkAction("mark_duplicates", "Mark as duplicates", DuplicateForm),
        BulkAction("mark_as_seen", "Mark claims as seen", SeenForm),
    )
}


def run_action(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[Claim], name: str) -> HttpResponse:
    """Asks, does, goes on or is done: whichever the request stands for."""
    action = BULK[name]
    confirmed = "_confirmed" in request.POST
    form = action.form(request.POST if confirmed else None, request)
    if not (confirmed and form.is_valid()):
        return _confirm_page(model_admin, request, queryset, action, form)
    progress, until = _progress(request)
    change = form.bind()
    try:
        change_in_batches(queryset, _renewing(change, request.user), progress, until=until)
    except ClaimError as error:
        model_admin.message_user(request, error.message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())
    if not progress.is_done:
        return _progress_page(model_admin, request, action, progress)
    _report(model_admin, request, progress, form.said())
    return HttpResponseRedirect(request.get_full_path())


def _renewing(change: ChangeClaims, user: Any) -> ChangeClaims:
    """One's own changes are no news to oneself."""

    def renewed(claims: Sequence[Claim]) -> int:
        changed = change(claims)
        if changed:
            renew_looks(user, [claim.pk for claim in claims])
        return changed

    return renewed


def _confirm_page(
    model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[Claim], action: BulkAction, form: BulkForm
) -> HttpResponse:
    # The one exact count: whoever changes many claims is told how many before.
    total = queryset.order_by().values("pk").count()
    newest = Claim.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    samples = list(queryset.values_list("text", flat=True)[:SAMPLES])
    context = {
        **_context(model_admin, request, action),
        "form": form,
        "total": total,
        "until": newest,
        "samples": samples,
        "total_text": f"{total:,}",
        "others": total - len(samples),
        "others_text": f"{total - len(samples):,}",
    }
    return TemplateResponse(request, "claims/admin/bulk_confirm.html", context)


def _progress_page(
    model_admin: ModelAdmin, request: HttpRequest, action: BulkAction, progress: Progress
) -> HttpResponse:
    left_out = {"_after", "_seen", "_changed", "_refused", "_errors", "csrfmiddlewaretoken"}
    kept = [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]
    kept += [("_after", progress.after), ("_seen", progress.seen), ("_changed", progress.changed)]
    kept += [("_refused", progress.refused), ("_errors", json.dumps(progress.errors))]
    total = max(_number(request, "_total"), progress.seen)
    context = _context(model_admin, request, action) | {
        "kept": kept,
        "progress": progress,
        "total": total,
        "total_text": f"{total:,}",
        "seen_text": f"{progress.seen:,}",
    }
    return TemplateResponse(request, "claims/admin/bulk_progress.html", context)


def _context(model_admin: ModelAdmin, request: HttpRequest, action: BulkAction) -> dict[str, Any]:
    return {
        **model_admin.admin_site.each_context(request),
        "title": action.title,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "action": action,
        "list_address": request.get_full_path(),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
    }


def _progress(request: HttpRequest) -> tuple[Progress, int]:
    """How far the run is, from the page that asks to go on; the browser keeps it, and only messages depend on it."""
    try:
        errors = [str(line)[:300] for line in json.loads(request.POST.get("_errors", "[]"))][:MOST_NAMED]
    except (ValueError, TypeError):
        errors = []
    after, seen, changed, refused = (_number(request, f"_{name}") for name in ("after", "seen", "changed", "refused"))
    return Progress(after, seen, changed, refused, errors), _number(request, "_until")


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else 0


def _report(model_admin: ModelAdmin, request: HttpRequest, progress: Progress, said: str) -> None:
    noun = "claim is" if progress.changed == 1 else "claims are"
    same = progress.seen - progress.changed - progress.refused
    line = f"{progress.changed:,} {noun} now {said}{f' ({same:,} were already)' if same else ''}."
    model_admin.message_user(request, line, messages.SUCCESS)
    if progress.refused:
        more = progress.refused - len(progress.errors)
        tail = f" And {more:,} more." if more > 0 else ""
        line = f"{progress.refused:,} could not be changed. {' '.join(progress.errors)}{tail}"
        model_admin.message_user(request, line, messages.WARNING)
