"""Answers to requests that carried an `Idempotency-Key`, kept for a day so that a repeated request gets the same one.

A row is written in the transaction of the request's own effect (`claims.services.idempotency`): either both are there
or neither. Only answers of requests that did something are kept; an error leaves nothing to repeat.
"""

from django.conf import settings
from django.db import models

MAX_KEY = 255


class StoredAnswer(models.Model):
    """The answer to one request of one user under one key."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=MAX_KEY)
    fingerprint = models.CharField(max_length=64, help_text="Hash of method, address, format and body.")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField(help_text="Compressed.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="answer_by_age")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
