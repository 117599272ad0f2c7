"""One row per real speaker, however many names.

Identity across articles is by exact alias key (`claims.extraction.alias_key`), never by surname alone. A merge moves
aliases and claims to the survivor and writes down what it moved, so that undo puts back the same rows. Do not delete
speakers: old ids and slugs keep answering.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.models.likeness import LikenessField, core_key, sound_key
from claims.querysets.speakers import SpeakerQuerySet


class Speaker(models.Model):
    """The one to whom claims are attributed: a person or an organisation with a name."""

    class Kind(models.TextChoices):
        """What bears the name."""

        PERSON = "person"
        ORGANISATION = "organisation"
        UNKNOWN = "unknown"

    name = models.CharField(max_length=300)
    slug = models.SlugField(max_length=320, unique=True, allow_unicode=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.UNKNOWN)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed", editable=False
    )
    is_hidden = models.BooleanField("hidden", default=False, help_text="Hidden speakers are never shown to the public.")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        permissions = [("merge_speaker", "Can merge and split speakers, and undo it")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="speaker_has_a_name"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="speaker_not_merged_into_itself"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="speaker_by_name"),
            models.Index(fields=["created_at", "id"], name="speaker_by_creation"),
            models.Index(fields=["modified_at", "id"], name="speaker_by_change"),
            models.Index(fields=["id"], condition=Q(is_hidden=True), name="speaker_hidden"),
        ]

    def __str__(self) -> str:
        return self.name


class SpeakerAlias(models.Model):
    """A name under which a speaker was met or is looked up. Two speakers may share one; a look-up finds both."""

    class Origin(models.TextChoices):
        """How the alias came to be known."""

        ARTICLE = "article", "met in an article"
        EDITOR = "editor", "added by an editor"

    fulltext = ("name",)

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)
    key = models.CharField(max_length=300, editable=False)
    core_key = LikenessField(core_key)
    sound_key = LikenessField(sound_key)
    is_identifying = models.BooleanField(
        default=False,
        help_text="New claims under this name join this speaker; short forms only look up.",
    )
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.ARTICLE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "speaker aliases"
        constraints = [
            models.UniqueConstraint(fields=["speaker", "key"], name="alias_once_per_speaker"),
            # One speaker by one full name: two writers who meet it at once collide here.
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_identifying=True), name="identifying_alias_of_one_speaker"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="alias_has_a_key"),
        ]
        indexes = [
            models.Index(fields=["key"], name="alias_by_key"),
            models.Index(fields=["core_key"], name="alias_by_core_key"),
            models.Index(fields=["sound_key"], name="alias_by_sound_key"),
        ]

    def __str__(self) -> str:
        return self.name


class SpeakerMerge(models.Model):
    """Ledger of merges: who, when, why, and exactly which rows moved, for undo."""

    survivor = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="merged_by")
    reason = models.TextField()
    moved = models.JSONField(
        help_text="Ids of aliases and claim links that moved, and rows dropped because the survivor had them."
    )
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=Q(undone_at=None), name="speaker_absorbed_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(survivor=F("absorbed")), name="merge_of_two_speakers"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed} → {self.survivor}"
