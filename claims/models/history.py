"""Who changed what, when, from what to what, and why.

One ledger for notes, verdicts, statuses and speakers, written by the services in the same transaction as the change
itself. Bulk `update()` cannot forget it, since no service uses one without writing here. Do not write to it from
views, admin classes or signals.
"""

from django.conf import settings
from django.db import models


class Change(models.Model):
    """One change of one row."""

    model = models.CharField(max_length=40, help_text="The row's model, for example claim or note.")
    object_id = models.BigIntegerField()
    claim = models.ForeignKey("claims.Claim", null=True, blank=True, on_delete=models.CASCADE, related_name="changes")
    action = models.CharField(max_length=40, help_text="The service's verb, for example publish_verdict.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where a newer engine made the change.",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["model", "object_id", "id"], name="change_by_row"),
            models.Index(fields=["claim", "id"], name="change_by_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.model} {self.object_id}"
