"""API tokens, stored as hashes.

A token is 32 random bytes, so one SHA-256 is enough: there is nothing to guess, and a slow password hash would cost
each request its 0.4 s. Shown once, when made.
"""

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A key to the API that acts as one user, within one scope."""

    class Scope(models.TextChoices):
        """What the token may do at most; the user's role limits it further."""

        READ = "read"
        WRITE = "write"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    prefix = models.CharField(max_length=12, help_text="Its first characters, to tell tokens apart.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.user})"
