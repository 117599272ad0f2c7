"""Pages of taking a wrong name off a speaker, and of undoing it; and the small forms about external ids."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from claims.admin.speaker_page import Name, names, speaker_address
from claims.admin.undoing import Undone, undone_page
from claims.errors import ClaimError
from claims.models import ClaimSpeaker, Speaker, SpeakerAlias, SpeakerExternalId, SpeakerSplit
from claims.services.external_ids import add_external_id, remove_external_id
from claims.services.splitting import split_speaker, undo_split

MOST_LISTED = 40  # claims of one name among which an editor picks; of a longer list all go


class SplitForm(forms.Form):
    """Which names go, to whom, and why."""

    into = forms.ModelChoiceField(
        queryset=Speaker.objects.current(),
        required=False,
        label="They belong to",
        help_text="Leave it empty to make a new speaker of that name.",
        error_messages={"invalid_choice": "There is no such speaker, or it was merged into another."},
    )
    reason = forms.CharField(
        max_length=500,
        label="Why are they two?",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "A reason is needed: say why in a sentence."},
    )

    def __init__(self, data: Any, *, admin_site: Any) -> None:
        super().__init__(data)
        self.fields["into"].widget = AutocompleteSelect(ClaimSpeaker._meta.get_field("speaker"), admin_site)
        self.fields["into"].widget.choices = self.fields["into"].choices


def split_page(model_admin: Any, request: HttpRequest, speaker_id: int) -> HttpResponse:
    """Asks which names go and to whom, and does it when the page comes back."""
    if not model_admin.has_merge_permission(request):
        raise PermissionDenied
    speaker = get_object_or_404(Speaker, pk=speaker_id, merged_into=None)
    rows = names(speaker)
    chosen = {int(value) for value in request.POST.getlist("alias") if value.isascii() and value.isdecimal()}
    form = SplitForm(request.POST if request.method == "POST" else None, admin_site=model_admin.admin_site)
    if request.method == "POST" and form.is_valid():
        done = _split(request, form, speaker, [row.alias for row in rows if row.alias.pk in chosen])
        if done is not None:
            model_admin.log_change(request, speaker, f"Split names off to {done.into}.")
            return HttpResponseRedirect(speaker_address(done.into_id))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"Split names off {speaker}",
        "opts": model_admin.opts,
        "media": model_admin.media + form.media,
        "form": form,
        "speaker": speaker,
        "rows": [(row, row.alias.pk in chosen, _claims_of(speaker, row)) for row in rows],
        "most_listed": MOST_LISTED,
        "stays": set(_ids(request, "shown")) - set(_ids(request, "claim")) if form.is_bound else set(),
    }
    return TemplateResponse(request, "claims/admin/speaker_split.html", context)


def _split(request: HttpRequest, form: SplitForm, speaker: Speaker, aliases: list[SpeakerAlias]) -> SpeakerSplit | None:
    leave = set(_ids(request, "shown")) - set(_ids(request, "claim"))
    values = {name: form.cleaned_data[name] for name in ("into", "reason")}
    try:
        split = split_speaker(speaker, aliases=aliases, actor=request.user, leave=leave, **values)
    except ClaimError as error:
        form.add_error(None, error.message)
        return None
    moved = len(split.moved["links"]["ids"])
    line = f"{', '.join(alias.name for alias in aliases)}: now {split.into}, with {moved:,} claims."
    messages.success(request, f"{line} To undo it, see “Merges and splits” below.")
    return split


def undo_split_page(model_admin: Any, request: HttpRequest, split_id: int) -> HttpResponse:
    """Undoes one split, with the reason that the row's form carries."""
    splits = SpeakerSplit.objects.select_related("speaker", "into")

    def tell(split: SpeakerSplit) -> Undone:
        speaker = split.speaker
        return Undone(
            speaker, f"Undid the split to {split.into.name}.", f"{speaker.name} has its names and claims back."
        )

    return undone_page(model_admin, request, splits, split_id, undo_split, tell)


def external_id_page(model_admin: Any, request: HttpRequest, speaker_id: int) -> HttpResponse:
    """Adds what was typed, or takes off what was chosen."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    speaker = get_object_or_404(Speaker, pk=speaker_id)
    try:
        if removed := request.POST.get("_remove", ""):
            row = _external_id(speaker, removed)
            remove_external_id(row, actor=request.user)
            messages.success(request, f"{row.value} is taken off.")
        else:
            row = add_external_id(speaker, actor=request.user, value=request.POST.get("value", ""))
            messages.success(request, f"{row.value} is noted.")
    except ClaimError as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(speaker_address(speaker.pk, "#elsewhere"))


def _external_id(speaker: Speaker, number: str) -> SpeakerExternalId:
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    return get_object_or_404(speaker.external_ids.select_related("speaker"), pk=int(number))


def _claims_of(speaker: Speaker, row: Name) -> list[ClaimSpeaker]:
    """The claims among which an editor may pick; none where they are too many, or none came."""
    if not 0 < row.claims <= MOST_LISTED:
        return []
    links = speaker.links.filter(key=row.alias.key).select_related("claim__article__source")
    return list(links.defer("claim__article__text", "claim__spans", "claim__context").order_by("-said_on", "-claim_id"))


def _ids(request: HttpRequest, name: str) -> list[int]:
    values = request.POST.getlist(name)
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 19]
