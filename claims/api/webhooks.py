"""Subscriptions and their deliveries over the API, for those who may see them.

Alone among the resources these are never public: an address and a filter tell what somebody works on. The secret stands
in the answer that makes or renews it, and nowhere else.
"""

from collections import defaultdict
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.writing.bodies import named_as_sent
from claims.api.writing.guarded import Guarded
from claims.models import Webhook, WebhookAttempt, WebhookDelivery
from claims.services.webhooks import (
    MAX_FILTERS,
    MAX_NAME,
    create_webhook,
    edit_webhook,
    renew_secret,
    send_again,
    send_test,
)
from sources.api.filters import Field, TableFilterSet
from sources.api.reading import Row, Rows, Shape
from sources.api.rows import RowViewSet
from sources.api.selection import field
from sources.api.serializers import AnswerSerializer
from sources.api.strict import StrictSerializer, SuggestingChoiceField
from sources.api.values import Choice, Flag, RowId

_FEW = "none: a desk has few subscriptions"
_BY_WEBHOOK = "delivery_by_webhook"


class Private:
    """Mixin of views that even reading needs a role for.

    Attributes:
        read_permission: The permission; the API's description tells by it that a token is needed.
    """

    read_permission = "claims.view_webhook"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As the framework's, and refuses readers without the permission.

        Raises:
            NotAuthenticated: nobody says who asks.
            PermissionDenied: the role does not allow it.
        """
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if not request.user.is_authenticated:
            raise NotAuthenticated("Webhooks are for members of the desk: send a token.")
        if not request.user.has_perm(self.read_permission):
            raise PermissionDenied("Your role does not allow this: it needs the permission “view webhook”.")


# --- Shapes ----------------------------------------------------------------------------------------------------------


class WebhookShape(Shape):
    """A subscription."""

    model = Webhook
    is_raw = False
    fields = {
        **{name: field(name) for name in ("id", "name")},
        "endpoint": field("url"),
        **{name: field(name) for name in ("events", "filters", "is_active", "disabled_why", "failing_since")},
        **{name: field(name) for name in ("created_at", "modified_at")},
        "deliveries_url": field("id", make="deliveries_address"),
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at, self.deliveries_at = self.address("webhook-list"), self.address("webhook-delivery-list")
        return super().build(rows)

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"

    def deliveries_address(self, pk: int) -> str:
        return f"{self.deliveries_at}?webhook={pk}"


class DeliveryShape(Shape):
    """A message to a subscriber, and how it went."""

    model = WebhookDelivery
    is_raw = False
    fields = {
        "id": field("id"),
        "webhook": field("webhook_id"),
        **{name: field(name) for name in ("message_id", "type", "state")},
        "attempts": field("id", make="attempts_of", needs="gather_attempts"),
        "due_at": field("due_at", "state", make="while_pending"),
        **{name: field(name) for name in ("created_at", "delivered_at")},
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at = self.address("webhook-delivery-list")
        return super().build(rows)

    def gather_attempts(self, rows: Rows) -> None:
        """What the far end answered, for all messages of the page."""
        log = WebhookAttempt.objects.filter(delivery__in=self.column(rows, "id")).order_by("pk")
        self.log: dict[int, list[Row]] = defaultdict(list)
        for delivery_id, *values in log.values_list("delivery_id", "at", "status", "error", "seconds"):
            self.log[delivery_id].append(dict(zip(("at", "status", "error", "seconds"), values, strict=True)))

    def attempts_of(self, pk: int) -> list[Row]:
        return self.log[pk]

    def while_pending(self, due_at: Any, state: str) -> Any:
        return due_at if state == WebhookDelivery.State.PENDING else None

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


# --- Description and checks ------------------------------------------------------------------------------------------


class WebhookSerializer(AnswerSerializer):
    """A subscription to events."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    endpoint = serializers.CharField(help_text="Where messages go.")
    events = serializers.ListField(child=serializers.ChoiceField(choices=Webhook.Event.choices))
    filters = serializers.CharField(help_text="Which claims, as parameters of `GET /api/v1/claims/`; empty for all.")
    is_active = serializers.BooleanField()
    disabled_why = serializers.CharField(help_text="Why the service ended it; empty if it did not.")
    failing_since = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    deliveries_url = serializers.URLField()
    url = serializers.URLField()


class WebhookWithSecretSerializer(WebhookSerializer):
    """A subscription, and the secret by which its messages are checked; shown this once."""

    secret = serializers.CharField()


class WebhookEditSerializer(StrictSerializer):
    """What may be changed of a subscription."""

    name = serializers.CharField(max_length=MAX_NAME, required=False)
    endpoint = serializers.CharField(max_length=2_000, required=False, help_text="https:// or http://, public.")
    events = serializers.ListField(
        child=SuggestingChoiceField(choices=Webhook.Event.choices), min_length=1, max_length=10, required=False
    )
    filters = serializers.CharField(max_length=MAX_FILTERS, allow_blank=True, required=False)
    is_active = serializers.BooleanField(required=False)


class WebhookWriteSerializer(WebhookEditSerializer):
    """A new subscription."""

    name = serializers.CharField(max_length=MAX_NAME)
    endpoint = serializers.CharField(max_length=2_000, help_text="https:// or http://, public.")
    events = serializers.ListField(
        child=SuggestingChoiceField(choices=Webhook.Event.choices), min_length=1, max_length=10
    )


class AttemptSerializer(serializers.Serializer):
    """One try to deliver a message."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status; null without an answer.")
    error = serializers.CharField(help_text="Why there was no answer; else empty.")
    seconds = serializers.FloatField()


class DeliverySerializer(AnswerSerializer):
    """A message to one subscriber."""

    id = serializers.IntegerField()
    webhook = serializers.IntegerField()
    message_id = serializers.CharField(help_text="`webhook-id` of the message, the same at every attempt.")
    type = serializers.CharField()
    state = serializers.ChoiceField(choices=WebhookDelivery.State.choices)
    attempts = AttemptSerializer(many=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When it is tried next; null once that is over.")
    created_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()


class NothingSerializer(StrictSerializer):
    """A body without fields."""


class WebhookFilter(TableFilterSet):
    """Filters of subscriptions."""

    fields = (
        Field("id", RowId(), "The subscription's id.", "1", "primary key", is_many=True),
        Field("is_active", Flag(), "Whether it is told anything.", "true", _FEW, is_turned=False),
    )


class DeliveryFilter(TableFilterSet):
    """Filters of messages."""

    fields = (
        Field("id", RowId(), "The message's id.", "1", "primary key", is_many=True),
        Field("webhook", RowId(), "Id of the subscription.", "1", _BY_WEBHOOK, path="webhook_id", is_many=True),
        Field("state", Choice(WebhookDelivery.State.values), "Whether it arrived.", "failed", _BY_WEBHOOK),
    )


# --- Views -----------------------------------------------------------------------------------------------------------


def _checked(serializer_class: type, request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    given = dict(serializer.validated_data)
    if "endpoint" in given:
        given["url"] = given.pop("endpoint")
    return given


@extend_schema_view(
    list=extend_schema(summary="List webhooks", description="Subscriptions to events."),
    retrieve=extend_schema(summary="Get a webhook", description="One subscription by its id; without its secret."),
)
class WebhookViewSet(Private, Guarded, RowViewSet):
    """Subscriptions."""

    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    shape = WebhookShape
    filterset_class = WebhookFilter
    orderings = ("created_at", "modified_at", "id")
    default_ordering = "-id"
    write_permissions = {"POST": "claims.add_webhook", "PATCH": "claims.change_webhook"}

    def version(self, pk: int) -> str | None:
        """When it was last changed: subscriptions are in no log of revisions."""
        changed = Webhook.objects.filter(pk=pk).values_list("modified_at", flat=True).first()
        return f"webhook-{pk}-{changed.timestamp() * 1e6:.0f}" if changed else None

    @extend_schema(
        summary="Subscribe",
        description="Tells an address of events about claims that fit `filters`. The answer holds the secret by which "
        "its messages are checked (Standard Webhooks); it is not shown again.",
        request=WebhookWriteSerializer,
        responses={201: WebhookWithSecretSerializer},
    )
    def create(self, request: Request) -> Response:
        """Subscribes an address."""
        given = _checked(WebhookWriteSerializer, request)
        with named_as_sent("url", "endpoint"):
            webhook = create_webhook(actor=request.user, **given)
        return Response(self._with_secret(webhook), status=201)

    @extend_schema(
        summary="Change a webhook",
        description="Changes a subscription; `is_active` set to true starts one again that had ended.",
        request=WebhookEditSerializer,
        responses=WebhookSerializer,
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes a subscription."""
        self.one(self.get_queryset(), int(pk))
        given = _checked(WebhookEditSerializer, request)
        with named_as_sent("url", "endpoint"):
            edit_webhook(Webhook.objects.get(pk=pk), actor=request.user, **given)
        return Response(self.one(self.get_queryset(), int(pk)))

    @extend_schema(
        summary="Renew a webhook's secret",
        description="Gives a new secret; for a day messages are signed by the old one too.",
        request=NothingSerializer,
        responses=WebhookWithSecretSerializer,
    )
    @action(detail=True, methods=["post"])
    def secret(self, request: Request, pk: str) -> Response:
        """Renews the secret."""
        self.one(self.get_queryset(), int(pk))
        _checked(NothingSerializer, request)
        return Response(self._with_secret(renew_secret(Webhook.objects.get(pk=pk), actor=request.user)))

    @extend_schema(
        summary="Send a test message",
        description="Puts a message of the type `webhook.test` on its way.",
        request=NothingSerializer,
        responses={201: DeliverySerializer},
    )
    @action(detail=True, methods=["post"])
    def test(self, request: Request, pk: str) -> Response:
        """Sends a test message."""
        self.one(self.get_queryset(), int(pk))
        _checked(NothingSerializer, request)
        delivery = send_test(Webhook.objects.get(pk=pk), actor=request.user)
        (answer,) = DeliveryShape(request).answers(WebhookDelivery.objects.filter(pk=delivery.pk))
        return Response(answer, status=201)

    def _with_secret(self, webhook: Webhook) -> Row:
        return self.one(self.get_queryset(), webhook.pk) | {"secret": webhook.secret}


@extend_schema_view(
    list=extend_schema(summary="List webhook deliveries", description="Messages to subscribers, the newest first."),
    retrieve=extend_schema(summary="Get a webhook delivery", description="One message, with all attempts."),
)
class WebhookDeliveryViewSet(Private, Guarded, RowViewSet):
    """Messages to subscribers."""

    queryset = WebhookDelivery.objects.all()
    serializer_class = DeliverySerializer
    shape = DeliveryShape
    filterset_class = DeliveryFilter
    orderings = ("id",)
    default_ordering = "-id"
    write_permissions = {"POST": "claims.change_webhook"}

    def version(self, pk: int) -> str | None:
        """How far it is."""
        row = WebhookDelivery.objects.filter(pk=pk).values_list("attempts", "state", "due_at").first()
        return f"delivery-{pk}-{row[0]}-{row[1]}-{row[2].timestamp() * 1e6:.0f}" if row else None

    @extend_schema(
        summary="Send a message again",
        description="Under its old id, with the full number of attempts.",
        request=NothingSerializer,
        responses=DeliverySerializer,
    )
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Sends an old message again."""
        self.one(self.get_queryset(), int(pk))
        _checked(NothingSerializer, request)
        send_again(WebhookDelivery.objects.get(pk=pk), actor=request.user)
        return Response(self.one(self.get_queryset(), int(pk)))
