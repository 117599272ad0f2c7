"""Subscriptions to events, and the log of what was sent.

The secret is shown on the page that follows its making, and never again. What was sent is read here, and sent again;
nothing of it is edited.
"""

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html

from claims.admin.paging import LookaheadAdmin
from claims.errors import ClaimError, InvalidValue
from claims.models import Webhook, WebhookAttempt, WebhookDelivery
from claims.services.webhooks import (
    checked,
    create_webhook,
    delete_webhook,
    edit_webhook,
    renew_secret,
    send_again,
    send_test,
)

_FIELDS = ("name", "url", "events", "filters", "is_active")


class WebhookForm(forms.ModelForm):
    """What is told to which address."""

    events = forms.MultipleChoiceField(choices=Webhook.Event.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Webhook
        fields = _FIELDS
        widgets = {
            "url": forms.TextInput(attrs={"class": "vTextField"}),
            "filters": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in [one for one in _FIELDS if one in values]:
            try:
                values |= checked({name: values[name]})
            except InvalidValue as error:
                self.add_error(name, error.message)
        return values


@admin.register(Webhook)
class WebhookAdmin(LookaheadAdmin):
    """Subscriptions, the newest first."""

    list_display = ("name", "url", "told", "filters", "state", "created_by")
    search_fields = ("name", "url")
    list_filter = ("is_active",)
    actions = ("test", "renew")
    form = WebhookForm

    def for_list(self, queryset: QuerySet[Webhook]) -> QuerySet[Webhook]:
        return queryset.select_related("created_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Webhook | None = None) -> tuple[str, ...]:
        return ("state", "created_by") if obj else ()

    @admin.display(description="events")
    def told(self, webhook: Webhook) -> str:
        return ", ".join(webhook.events)

    @admin.display(description="state")
    def state(self, webhook: Webhook) -> str:
        if not webhook.is_active:
            return f"ended: {webhook.disabled_why}" if webhook.disabled_why else "not active"
        return f"failing since {webhook.failing_since:%Y-%m-%d %H:%M} UTC" if webhook.failing_since else "active"

    def save_model(self, request: HttpRequest, obj: Webhook, form: forms.ModelForm, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in _FIELDS}
        if change:
            edit_webhook(obj, actor=request.user, **values)
        else:
            made = create_webhook(actor=request.user, **values)
            obj.pk, obj.secret = made.pk, made.secret

    def response_add(self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None) -> HttpResponse:
        return self._secret_page(request, obj, "Subscription made")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # One button: the secret is shown once, on the page that follows.
        page = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**page, **(extra_context or {})})

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        delete_webhook(obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        for webhook in queryset:
            delete_webhook(webhook, actor=request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # Its messages go with it; nobody needs a permission of their own for these.
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected

    @admin.action(description="Send a test message", permissions=["change"])
    def test(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        done = _try_each(self, request, queryset, lambda webhook: send_test(webhook, actor=request.user))
        if done:
            self.message_user(request, f"{done} on the way: see the deliveries for what is answered.", messages.SUCCESS)

    @admin.action(description="Renew the secret", permissions=["change"])
    def renew(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, "Select one subscription: its new secret is shown once.", messages.WARNING)
            return None
        webhook = renew_secret(queryset.get(), actor=request.user)
        self.log_change(request, webhook, "Renewed the secret.")
        return self._secret_page(request, webhook, "Secret renewed")

    def _secret_page(self, request: HttpRequest, webhook: Webhook, title: str) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "webhook": webhook,
        }
        # In the answer itself, not in a message: messages are kept in cookies or sessions.
        return TemplateResponse(
            request, "claims/admin/webhook_secret.html", context, headers={"Cache-Control": "no-store"}
        )


class AttemptInline(admin.TabularInline):
    """What the far end answered, each time."""

    model = WebhookAttempt
    fields = readonly_fields = ("at", "status", "error", "answer", "seconds")
    extra = 0
    can_delete = False
    verbose_name_plural = "attempts"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("claims.view_webhookdelivery")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LookaheadAdmin):
    """What was sent, is still to be sent, or was given up; the newest first."""

    list_display = ("created_at", "webhook", "type", "state", "attempts", "due_at")
    list_filter = ("state", "type", "webhook")
    search_fields = ("message_id",)
    actions = ("again",)
    exclude = ("body",)
    readonly_fields = ("message",)
    inlines = (AttemptInline,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        return False  # old ones go by themselves

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Whether the role may send a message again."""
        return request.user.has_perm("claims.change_webhook")

    def for_list(self, queryset: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        return queryset.select_related("webhook").defer("body")

    @admin.display(description="message")
    def message(self, delivery: WebhookDelivery) -> str:
        text = orjson.dumps(orjson.loads(delivery.body), option=orjson.OPT_INDENT_2).decode()
        return format_html("<pre>{}</pre>", text)

    @admin.action(description="Send again", permissions=["send"])
    def again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        done = _try_each(self, request, queryset, lambda delivery: send_again(delivery, actor=request.user))
        if done:
            self.message_user(request, f"{done} on the way again.", messages.SUCCESS)


def _try_each(page: admin.ModelAdmin, request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """Does it to each row, and tells of those where it could not be done; gives how many were."""
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except ClaimError as error:
            page.message_user(request, f"{row}: {error.message}", messages.ERROR)
    return done
