"""Who wants to be told of what, what is still to be told, and what became of each message.

An outbox: a change and its `WebhookEvent` are one transaction, so nothing is told that did not happen and nothing that
happened is forgotten. Whoever drains the outbox turns an event into one `WebhookDelivery` a message and subscriber, and
deletes it. A delivery is leased before it is sent, so two drainers never send one at the same moment; a drainer that
dies in between lets the lease run out, and the message goes again: at least once, in no promised order.

The secret is kept as it is, since signing needs it: the database is as secret as the secrets in it. It is shown once,
by the service that makes it. Do not put it into answers, logs or the ledger.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Webhook(models.Model):
    """One subscription: events of these types, about claims that fit the filter, are told to this address."""

    class Event(models.TextChoices):
        """What can be told."""

        CLAIM_CREATED = "claim.created", "claims were found"
        VERDICT_PUBLISHED = "verdict.published", "a claim's first verdict was published"
        VERDICT_CHANGED = "verdict.changed", "a published verdict was replaced or withdrawn"
        SPEAKER_MERGED = "speaker.merged", "a speaker was merged into another"
        SPEAKER_SPLIT = "speaker.split", "names and claims of a speaker went to another"
        ARTICLE_CHANGED = "article.changed", "an article appeared with another text at its address"

    name = models.CharField(max_length=100)
    url = models.CharField("address", max_length=2000)
    events = models.JSONField(default=list, help_text="Types of events.")
    filters = models.TextField(
        blank=True, help_text="Which claims: parameters as in GET /api/v1/claims/, for example speaker=ana-duarte."
    )
    secret = models.CharField(max_length=120, editable=False)
    previous_secret = models.CharField(max_length=120, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField("active", default=True)
    disabled_why = models.TextField(blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(secret=""), name="webhook_has_a_secret"),
            models.CheckConstraint(condition=~Q(url=""), name="webhook_has_an_address"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_active=True), name="webhook_active"),
            models.Index(fields=["created_at", "id"], name="webhook_by_creation"),
            models.Index(fields=["modified_at", "id"], name="webhook_by_change"),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookEvent(models.Model):
    """Something that happened and is not yet turned into messages; gone once it is."""

    type = models.CharField(max_length=30, choices=Webhook.Event)
    data = models.JSONField(help_text="Ids of the rows that it is about.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.type} {self.data}"


class WebhookDelivery(models.Model):
    """One message to one subscriber."""

    class State(models.TextChoices):
        """Whether it arrived."""

        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed", "given up"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True, help_text="The same at every attempt.")
    type = models.CharField(max_length=30)
    body = models.TextField(help_text="The JSON text that is signed and sent.")
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="When to try next.")
    lease = models.CharField(max_length=32, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["webhook", "due_at"], condition=Q(state="pending"), name="delivery_due"),
            models.Index(fields=["webhook", "-id"], name="delivery_by_webhook"),
            models.Index(fields=["created_at"], condition=~Q(state="pending"), name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"


class WebhookAttempt(models.Model):
    """One try to deliver a message, and what the far end answered."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(auto_now_add=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP status; empty without an answer.")
    error = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True, help_text="The answer's beginning.")
    seconds = models.FloatField(default=0.0)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
