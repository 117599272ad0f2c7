"""Erasures: the page that says what erasing a person will do, and the list of those done, without any name."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from claims.admin.paging import LookaheadAdmin
from claims.errors import ClaimError
from claims.models import Erasure, Speaker
from claims.services.erasure import PERMISSION, erase_person, plan_erasure


class ErasureForm(forms.Form):
    """Why, and what becomes of the quotes."""

    quotes = forms.ChoiceField(
        label="What the person said",
        choices=[
            ("keep", "stays as the words of somebody whose name is withheld"),
            ("remove", "is masked too, in the claims and in the articles’ texts"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Who decided, when, and on what ground, without the person’s name. It is kept with your name.",
    )
    understood = forms.BooleanField(label="I understand that this cannot be undone")


@admin.register(Erasure)
class ErasureAdmin(LookaheadAdmin):
    """What was erased, when, by whom and why."""

    list_display = ("number", "at", "actor", "reason", "quotes_kept")
    ordering = ("-id",)
    actions = None

    @admin.display(description="erasure", ordering="id")
    def number(self, erasure: Erasure) -> str:
        return str(erasure)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # it begins at the speaker

    def has_change_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Erasure | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        erase = path(
            "speaker/<int:speaker_id>/", self.admin_site.admin_view(self.erase_view), name="claims_erasure_speaker"
        )
        return [erase, *super().get_urls()]

    def erase_view(self, request: HttpRequest, speaker_id: int) -> HttpResponse:
        """Says in numbers what erasing this person will do, and does it."""
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        speaker = Speaker.objects.filter(pk=speaker_id).first()
        if speaker is None:
            raise Http404(f"There is no speaker {speaker_id} here.")
        form = ErasureForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._erase(request, speaker, form.cleaned_data)
            except ClaimError as error:
                form.add_error(None, error.message)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "Erase a person’s data",
            "opts": self.opts,
            "media": self.media,
            "speaker": speaker,
            "plan": plan_erasure(speaker),
            "form": form,
        }
        return TemplateResponse(request, "claims/admin/erase_person.html", context)

    @staticmethod
    def _erase(request: HttpRequest, speaker: Speaker, values: dict[str, Any]) -> HttpResponse:
        keep_quotes = values["quotes"] == "keep"
        erasure = erase_person(speaker, actor=request.user, reason=values["reason"], keep_quotes=keep_quotes)
        messages.success(request, f"{erasure}: the person’s data are gone from {erasure.counts['claims']} claims.")
        return HttpResponseRedirect(reverse("admin:claims_erasure_changelist"))
