"""What other desks found: ClaimReviews that were imported.

Their data, not ours: a newer import of the same review replaces the row, no editor signs it, and it is never shown as
a verdict of this desk. One review is one address and one claim there, since a page may review several claims. Do not
link a row to a claim of ours here: that two claims mean the same is a finding of its own.
"""

from django.db import models
from django.db.models import Q


class ExternalReview(models.Model):
    """One published review by somebody else."""

    key = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of address and claim.")
    url = models.URLField(max_length=2000)
    claim = models.TextField()
    claimant = models.TextField(blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    appearances = models.JSONField(default=list, blank=True, help_text="Addresses where the claim appeared.")
    rating = models.TextField(help_text="In the publisher's words.")
    value = models.FloatField(null=True, blank=True)
    worst = models.FloatField(null=True, blank=True)
    best = models.FloatField(null=True, blank=True)
    title = models.TextField(blank=True)
    publisher = models.TextField(blank=True)
    site = models.CharField(max_length=253)
    reviewed_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(url=""), name="external_review_has_an_address"),
            models.CheckConstraint(condition=~Q(claim=""), name="external_review_has_a_claim"),
            models.CheckConstraint(condition=~Q(rating=""), name="external_review_has_a_rating"),
        ]
        indexes = [models.Index(fields=["site", "id"], name="external_review_by_site")]

    def __str__(self) -> str:
        return f"{self.rating}: {self.claim[:80]}"
