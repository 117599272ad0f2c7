"""What remains of a person whose data were erased: that it happened, and how to know the name again.

The name itself is gone, so that it is met again only by its keyed hash: a list of plain hashes could be turned back
into names by hashing a telephone book. The speaker's row stays as an empty tombstone, because claims, ledger and old
links point at its id. Do not store a name, an alias or a quote here, nor a reason that repeats one.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.speakers import Speaker


class Erasure(models.Model):
    """One person's data erased on request."""

    speaker = models.OneToOneField(Speaker, on_delete=models.PROTECT, related_name="erasure")
    reason = models.TextField()
    quotes_kept = models.BooleanField(help_text="Whether the words of the claims stayed, without the name.")
    counts = models.JSONField(default=dict, help_text="How many rows of each kind were changed.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("erase_speaker", "Can erase a person's data")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="erasure_has_a_reason")]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"


class ErasedName(models.Model):
    """The keyed hash of one alias key of an erased person."""

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="names")
    digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"A name of erasure {self.erasure_id}"
