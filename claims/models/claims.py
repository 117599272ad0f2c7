"""Claims as the engine found them, and where the desk's work on them stands.

The columns hold the values that count: the engine's, or an editor's where one corrected them. What the engine says of a
corrected field is kept in `engine_values`, and the correction is a row of its own (`claims.models.corrections`). A
newer engine's output is aligned to the stored rows (`claims.services.reextraction`), so an id outlives the engine that
made it. Do not write these columns anywhere but in `claims.services`.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Lower

from claims.models.speakers import Speaker
from claims.querysets.claims import ClaimQuerySet
from sources.models import Article, Source


class ExtractionRun(models.Model):
    """One pass of one engine version over one article, and what became of the claims stored before it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="runs")
    engine_version = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    created = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    re_attributed = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["article", "-id"], name="run_by_article"),
            models.Index(fields=["engine_version", "id"], name="run_by_engine"),
        ]

    def __str__(self) -> str:
        return f"{self.engine_version} over article {self.article_id}"


CUE_LENGTH = 60
"""Characters of a cue by which claims are found; an index could not hold a whole sentence."""


class ArticlesSource(models.ForeignKey):
    """The outlet of the row's article, filled in by itself.

    Repeated here since "claims of this outlet, newest first" wants one index over both; an article never changes hands.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The id that is stored."""
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, model_instance.article.source_id)  # type: ignore[attr-defined]
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        """For migrations a foreign key like others."""
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.ForeignKey", arguments, options


class Claim(models.Model):
    """One attributed statement in one article.

    Attributes:
        fulltext: Columns whose words are searched (`sources.search`).
    """

    fulltext = ("text",)

    class Kind(models.TextChoices):
        """How much of the content stands in quotation marks: all, some or none."""

        DIRECT = "direct"
        MIXED = "mixed"
        INDIRECT = "indirect"

    class Act(models.TextChoices):
        """What the speaker does."""

        STATEMENT = "statement"
        ATTITUDE = "attitude"
        QUESTION = "question"
        REFUSAL = "refusal"
        TOPIC = "topic"

    class SpeakerStatus(models.TextChoices):
        """How well it is known who speaks (DESIGN: vocabulary)."""

        RESOLVED = "resolved"
        AMBIGUOUS = "ambiguous"
        UNRESOLVED = "unresolved"
        UNNAMED = "unnamed"
        NONE = "none"

    class ReviewStatus(models.TextChoices):
        """Where the desk's work stands; never what it found."""

        NEW = "new"
        IN_REVIEW = "in_review", "in review"
        SECOND_CHECK = "second_check", "second check"
        DONE = "done"
        NOT_A_CLAIM = "not_a_claim", "not a claim"
        DUPLICATE = "duplicate"
        OUT_OF_SCOPE = "out_of_scope", "out of scope"

    class Alignment(models.TextChoices):
        """What the newest run over the article made of this claim."""

        NEW = "new", "found for the first time"
        KEPT = "kept"
        MOVED = "moved", "span changed"
        RE_ATTRIBUTED = "re_attributed", "re-attributed"
        VANISHED = "vanished"
        ADDED = "added", "added by an editor, found by no engine yet"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="claims")
    source = ArticlesSource(Source, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    run = models.ForeignKey(
        ExtractionRun,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        help_text="The newest run that found it; empty where only an editor did.",
    )
    found_by = models.JSONField(default=list, help_text="The engine versions that found it, oldest first.")
    engine_values = models.JSONField(
        null=True, blank=True, help_text="By corrected field, what the engine says; null where nothing is corrected."
    )
    text = models.TextField(help_text="Its quotes, joined by “ … ”.")
    text_key = models.CharField(
        max_length=32, blank=True, editable=False, help_text="Equal for equal words; see `claims.services.wording`."
    )
    spans = models.JSONField(help_text="[{start, end, quote}] in code points of the article's text.")
    span_key = models.CharField(max_length=100, editable=False)
    start = models.PositiveIntegerField(help_text="Where its first span begins.")
    cue_text = models.TextField(blank=True)
    cue_spans = models.JSONField(default=list)
    mention_text = models.TextField(blank=True)
    mention_spans = models.JSONField(default=list)
    context = models.TextField(blank=True, help_text="The sentences around it.")
    kind = models.CharField(max_length=10, choices=Kind)
    act = models.CharField(max_length=10, choices=Act)
    said_on = models.DateField(null=True, blank=True)
    confidence = models.FloatField()
    speaker_status = models.CharField(max_length=12, choices=SpeakerStatus)
    speaker_confidence = models.FloatField(default=0.0)
    speaker_reason = models.CharField(max_length=60, blank=True)
    within = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="relayed")
    depth = models.PositiveSmallIntegerField(default=0)
    alignment = models.CharField(max_length=14, choices=Alignment, default=Alignment.NEW)
    is_current = models.BooleanField(
        default=True, help_text="False once a newer engine no longer finds it and no editor had touched it."
    )
    speakers = models.ManyToManyField(Speaker, through="ClaimSpeaker", related_name="claims")

    review_status = models.CharField(max_length=14, choices=ReviewStatus, default=ReviewStatus.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_claims"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-id"]
        permissions = [
            ("review_claim", "Can set a claim's review status and assignee"),
            ("correct_claim", "Can correct, add and reject claims"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "depth", "span_key"], name="claim_once_per_span"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="claim_confidence_is_a_probability"
            ),
            models.CheckConstraint(
                condition=Q(depth=0, within=None) | Q(depth__gt=0, within__isnull=False),
                name="claim_within_another_has_depth",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_a_text"),
        ]
        indexes = [
            models.Index(fields=["depth", "said_on", "id"], name="claim_by_date"),
            models.Index(fields=["said_on", "id"], name="claim_by_date_at_any_depth"),
            models.Index(fields=["source", "said_on", "id"], name="claim_by_source"),
            models.Index(fields=["article", "start"], name="claim_by_place"),
            models.Index(fields=["kind", "said_on", "id"], name="claim_by_kind"),
            models.Index(fields=["act", "said_on", "id"], name="claim_by_act"),
            models.Index(fields=["review_status", "said_on", "id"], name="claim_by_review_status"),
            models.Index(fields=["speaker_status", "said_on", "id"], name="claim_by_speaker_status"),
            models.Index(
                fields=["assignee", "said_on", "id"], condition=Q(assignee__isnull=False), name="claim_by_assignee"
            ),
            models.Index(Lower(Left("cue_text", CUE_LENGTH)), "said_on", "id", name="claim_by_cue"),
            models.Index(fields=["confidence", "id"], name="claim_by_confidence"),
            models.Index(fields=["created_at", "id"], name="claim_by_creation"),
            models.Index(fields=["modified_at", "id"], name="claim_by_change"),
            models.Index(fields=["alignment"], condition=Q(alignment="vanished"), name="claim_orphans"),
            models.Index(fields=["text_key", "id"], condition=~Q(text_key=""), name="claim_by_wording"),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"


class ClaimSpeaker(models.Model):
    """One speaker of one claim; without a Speaker row where nobody is named, or too many fit.

    `said_on` repeats the claim's date: "claims by speaker, newest first" is the service's main question, and with it
    one index answers it.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="links")
    speaker = models.ForeignKey(Speaker, null=True, blank=True, on_delete=models.PROTECT, related_name="links")
    words = models.TextField(help_text="The mention's words for this speaker.")
    name = models.CharField(max_length=300, blank=True, help_text="Fullest name in the article.")
    key = models.CharField(max_length=300, blank=True, help_text="Alias key of that name.")
    position = models.PositiveSmallIntegerField(default=0)
    said_on = models.DateField(null=True, blank=True)
    candidates = models.JSONField(default=list, help_text="[{name, speaker, score, reason}], best first.")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "position"], name="claim_speaker_once_per_position"),
            models.UniqueConstraint(
                fields=["claim", "speaker"], condition=Q(speaker__isnull=False), name="claim_speaker_once"
            ),
        ]
        indexes = [models.Index(fields=["speaker", "said_on", "claim"], name="link_by_speaker")]

    def __str__(self) -> str:
        return self.name or self.words
