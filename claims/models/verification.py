"""What the desk writes about a claim: notes and verdicts.

Rating scales are data: editable and ordered, but never deleted while a verdict uses them. A published verdict is never
edited; a new one supersedes it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim


class Scale(models.Model):
    """A named set of ratings."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    """One step of a scale; `value` grows with truth and is empty where none applies."""

    scale = models.ForeignKey(Scale, on_delete=models.PROTECT, related_name="ratings")
    label = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    colour = models.CharField(max_length=7, help_text="#rrggbb")

    class Meta:
        ordering = ["scale", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "order"], name="rating_order_once_per_scale"),
            models.UniqueConstraint(fields=["scale", "label"], name="rating_label_once_per_scale"),
        ]

    def __str__(self) -> str:
        return self.label


class Verdict(models.Model):
    """What the desk found about one claim."""

    class State(models.TextChoices):
        """How far the finding is."""

        DRAFT = "draft"
        PROPOSED = "proposed"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"
        SUPERSEDED = "superseded"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="verdicts")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="verdicts")
    summary = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    reason = models.TextField(blank=True, help_text="Why a published verdict was changed or withdrawn.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="reviewed_verdicts"
    )
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("publish_verdict", "Can publish, supersede and withdraw verdicts")]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="published"), name="one_published_verdict_per_claim"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_verdict_has_a_date"
            ),
        ]
        indexes = [models.Index(fields=["rating", "state", "claim"], name="verdict_by_rating")]

    def __str__(self) -> str:
        return f"{self.rating} ({self.state})"


class Note(models.Model):
    """A signed, dated text of an editor; internal unless made public."""

    class Kind(models.TextChoices):
        """What the note is for."""

        NOTE = "note"
        QUESTION = "question"
        DECISION = "decision"
        CORRECTION = "correction"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.NOTE)
    text = models.TextField()
    is_public = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_has_a_text")]
        indexes = [models.Index(fields=["created_at", "id"], name="note_by_creation")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else f"{self.text[:59]}…"
