"""What the desk writes about a claim: notes and verdicts.

Rating scales are data: editable and ordered, but never deleted while a verdict uses them. A published verdict is never
edited; a new one supersedes it.

Where a scale asks for a second check, somebody else rates a proposal before seeing it: the proposal's rating, its
summary and the stances of its evidence are sealed from everybody who has not rated (`VerdictQuerySet.readable_by`; do
not read open verdicts in any other way). The second rating is never changed afterwards; agreeing or disagreeing is a
step of its own, which may be taken back while the proposal is open. A dissent therefore stays: as the rating given
blind, as the decision, and in the ledger.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claims import Claim
from claims.querysets.verdicts import VerdictQuerySet


class Scale(models.Model):
    """A named set of ratings."""

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    needs_second_check = models.BooleanField(
        default=False,
        help_text="Nobody publishes a verdict of this scale before another editor has rated the claim, without seeing "
        "the first rating, and agreed.",
    )

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

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("publish_verdict", "Can publish, supersede and withdraw verdicts"),
            ("check_verdict", "Can rate another editor's proposal, and agree or disagree with it"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="published"), name="one_published_verdict_per_claim"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_verdict_has_a_date"
            ),
        ]
        indexes = [
            models.Index(fields=["rating", "state", "claim"], name="verdict_by_rating"),
            models.Index(fields=["published_at", "id"], name="verdict_by_publication"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} ({self.state})"


class SecondOpinion(models.Model):
    """What another editor found about the same claim, and whether they agree with the proposal.

    `first_rating` repeats the proposal's rating as it stood when the second was given, so that agreement can be
    counted even where the proposal was changed afterwards.
    """

    class Decision(models.TextChoices):
        """Whether the second editor stands behind the proposal, having seen it."""

        OPEN = "open", "not decided"
        AGREES = "agrees"
        DISAGREES = "disagrees"

    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="opinions")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_opinions")
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    first_rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="+")
    is_blind = models.BooleanField(help_text="Given before the first rating could be seen.")
    comment = models.TextField(blank=True)
    decision = models.CharField(max_length=9, choices=Decision, default=Decision.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["verdict", "reviewer"], name="one_opinion_per_reviewer"),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at=None) | (~Q(decision="open") & Q(decided_at__isnull=False)),
                name="decided_opinion_has_a_date",
            ),
            models.CheckConstraint(condition=~Q(decision="disagrees") | ~Q(comment=""), name="dissent_has_a_comment"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} ({self.decision})"


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
