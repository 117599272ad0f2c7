"""API tokens: made here, shown once, revoked at once; never read again.

A token acts as its user, so nobody may make one for a user who may do more than they: that would be a way round every
role.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from claims.admin.paging import LookaheadAdmin
from claims.models import ApiToken
from claims.services.tokens import create_token, revoke_token


class TokenForm(forms.ModelForm):
    """Whom the token stands for, what it may do, and until when."""

    class Meta:
        model = ApiToken
        fields = ("user", "scope", "expires_at")

    actor: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "user" not in self.fields:  # the read-only page
            return
        self.fields["user"].queryset = get_user_model().objects.filter(is_active=True).order_by("username")
        self.fields["expires_at"].help_text = "Empty: it does not expire."

    def clean_user(self) -> Any:
        user = self.cleaned_data["user"]
        if not user.get_all_permissions() <= self.actor.get_all_permissions():
            raise forms.ValidationError(f"{user} may do more than you, so you cannot make a token for them.")
        return user

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise forms.ValidationError("That moment is past: choose a later one.")
        return expires_at


@admin.register(ApiToken)
class ApiTokenAdmin(LookaheadAdmin):
    """Tokens by their first characters."""

    list_display = ("prefix", "user", "scope", "state", "created_at", "expires_at", "last_used_at")
    list_filter = ("scope",)
    search_fields = ("prefix", "user__username")
    actions = ("revoke",)
    form = TokenForm
    readonly_fields = ()

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False  # a token is made and revoked, never edited

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False  # a revoked one stays, to show that it was

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether the role may end tokens."""
        return request.user.has_perm("claims.change_apitoken")

    def for_list(self, queryset: QuerySet[ApiToken]) -> QuerySet[ApiToken]:
        return queryset.select_related("user")

    @admin.display(description="state")
    def state(self, token: ApiToken) -> str:
        if token.revoked_at:
            return "revoked"
        return "expired" if token.expires_at and token.expires_at <= timezone.now() else "valid"

    @admin.action(description="Revoke at once", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        tokens = list(queryset)
        for token in tokens:
            revoke_token(token)
            self.log_change(request, token, "Revoked.")
        self.message_user(
            request, f"{len(tokens)} revoked: requests with them are refused from now on.", messages.SUCCESS
        )

    def get_form(self, request: HttpRequest, obj: ApiToken | None = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        return type("TokenForm", (form,), {"actor": request.user})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.get_form(request)(request.POST) if request.method == "POST" else None
        if form is None or not form.is_valid():
            # One button: the token is shown once, on the page that follows.
            page = {"title": "Make an API token", "show_save_and_add_another": False, "show_save_and_continue": False}
            return super().add_view(request, form_url, {**page, **(extra_context or {})})
        values = form.cleaned_data
        token, plain = create_token(values["user"], scope=values["scope"], expires_at=values["expires_at"])
        self.log_addition(request, token, "Made.")
        context = {
            **self.admin_site.each_context(request),
            "title": "Token made",
            "opts": self.opts,
            "media": self.media,
            "token": token,
            "plain": plain,
        }
        # In the answer itself, not in a message: messages are kept in cookies or sessions.
        return TemplateResponse(request, "claims/admin/token.html", context, headers={"Cache-Control": "no-store"})
