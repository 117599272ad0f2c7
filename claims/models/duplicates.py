"""Claims that the desk marked as repeating another.

A duplicate is a row of its own rather than a column of the claim, so that undoing it is deleting one row, and so that
it can keep the review status to go back to. A duplicate's original may itself become a duplicate later: links then
form a chain, never a circle (the service walks the chain before it adds to it).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.models.claims import Claim


class Duplicate(models.Model):
    """One claim that repeats another."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="duplicate")
    original = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="duplicates")
    status_before = models.CharField(max_length=14, choices=Claim.ReviewStatus)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~Q(claim=F("original")), name="duplicate_of_another_claim")]

    def __str__(self) -> str:
        return f"claim {self.claim_id} repeats claim {self.original_id}"
