"""Pages of merging speakers: choose who stays and say why; and undo one merge."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.undoing import Undone, undone_page
from claims.errors import ClaimError
from claims.models import Speaker, SpeakerMerge
from claims.services.merging import merge_speakers, undo_merge

MOST_AT_ONCE = 20  # more than these is a mistake of the mouse, not twenty names of one person


class MergeForm(forms.Form):
    """Who stays, and why the others are the same one."""

    survivor = forms.TypedChoiceField(
        widget=forms.RadioSelect,
        coerce=int,
        label="Who stays?",
        error_messages={"required": "Choose the one that stays."},
    )
    reason = forms.CharField(
        max_length=500,
        label="Why are they the same?",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "A reason is needed: say why in a sentence."},
    )


def merge_page(model_admin: ModelAdmin, request: HttpRequest, chosen: QuerySet[Speaker]) -> HttpResponse | None:
    """Asks who stays, and merges the others into that one when the page comes back."""
    if chosen.count() > MOST_AT_ONCE:
        model_admin.message_user(request, f"Merge at most {MOST_AT_ONCE} at a time.", messages.WARNING)
        return None
    speakers = list(Speaker.objects.filter(pk__in=chosen.values("pk")).prefetch_related("aliases").order_by("pk"))
    if len(speakers) < 2:
        model_admin.message_user(request, "Select two or more speakers to merge.", messages.WARNING)
        return None
    totals = dict(
        Speaker.objects.filter(pk__in=[one.pk for one in speakers]).values_list("pk").annotate(Count("links"))
    )
    form = MergeForm(request.POST if "_merge" in request.POST else None)
    form.fields["survivor"].choices = [(speaker.pk, speaker.name) for speaker in speakers]
    if form.is_bound and form.is_valid():
        survivor = next(one for one in speakers if one.pk == form.cleaned_data["survivor"])
        others = [one for one in speakers if one is not survivor]
        try:
            with transaction.atomic():
                for other in others:
                    merge_speakers(other, into=survivor, actor=request.user, reason=form.cleaned_data["reason"])
        except ClaimError as error:
            form.add_error(None, error.message)
        else:
            names = ", ".join(other.name for other in others)
            message = f"{names} merged into {survivor.name}. To undo it, see “Merges” below."
            model_admin.log_change(request, survivor, f"Merged {names} into it.")
            messages.success(request, message)
            return HttpResponseRedirect(reverse("admin:claims_speaker_change", args=[survivor.pk]))
    rows = [(speaker, totals.get(speaker.pk, 0), form["survivor"][n]) for n, speaker in enumerate(speakers)]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Merge speakers",
        "opts": model_admin.opts,
        "media": model_admin.media,
        "form": form,
        "rows": rows,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "claims/admin/merge.html", context)


def undo_page(model_admin: Any, request: HttpRequest, merge_id: int) -> HttpResponse:
    """Undoes one merge, with the reason that the row's form carries."""
    merges = SpeakerMerge.objects.select_related("survivor", "absorbed")

    def tell(merge: SpeakerMerge) -> Undone:
        name = merge.absorbed.name
        return Undone(merge.survivor, f"Undid the merge of {name}.", f"{name} is a speaker of its own again.")

    return undone_page(model_admin, request, merges, merge_id, undo_merge, tell)
