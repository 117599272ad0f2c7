"""What editors found wrong, missing or right in what the engine extracted.

A correction never overwrites the engine: `Claim`'s columns hold the value that counts, and `Claim.engine_values` keeps,
for each corrected field, what the engine says (see `claims.services.corrections`). Rows here are only ever added; the
one thing that changes is `is_undone`, when a later row undoes them. So the rows that stand are training data, and all
rows together are the history. Do not edit `before` and `after`, and do not delete a row.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.models.claims import Claim
from sources.models import Article


class Correction(models.Model):
    """One editor's correction of one claim."""

    class Field(models.TextChoices):
        """What was corrected, or decided about the claim as a whole."""

        SPAN = "span", "what was said"
        CUE = "cue"
        MENTION = "mention", "who said it, in words"
        SPEAKER = "speaker"
        KIND = "kind"
        ACT = "act"
        ADDED = "added", "added: the engine missed it"
        REJECTED = "rejected", "rejected: no claim"
        ACCEPTED = "accepted", "accepted as it stands"
        UNDONE = "undone", "a correction was undone"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=10, choices=Field)
    before = models.JSONField(default=dict, help_text="The value that counted before.")
    after = models.JSONField(default=dict, help_text="The value that counts with it.")
    reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections")
    created_at = models.DateTimeField(auto_now_add=True)
    is_undone = models.BooleanField(default=False, editable=False)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_with", editable=False
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(field="undone", undoes__isnull=False) | (~Q(field="undone") & Q(undoes__isnull=True)),
                name="correction_undoes_if_it_says_so",
            ),
            models.CheckConstraint(condition=~Q(undoes=F("id")), name="correction_undoes_another"),
        ]
        indexes = [
            models.Index(fields=["claim", "-id"], name="correction_by_claim"),
            models.Index(fields=["field", "id"], name="correction_by_field"),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()} of claim {self.claim_id}"


class ArticleReview(models.Model):
    """An editor's word that every claim of an article was looked at and that none is missing.

    Only such an article teaches what is *no* claim; in any other, text without a mark may hold one that nobody added.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="claim_review")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"article {self.article_id}, reviewed to the end"
