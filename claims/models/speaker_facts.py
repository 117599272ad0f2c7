"""What is known about a speaker beside names and claims: descriptions, external ids, and who they are not.

A description is the article's word on the article's date ("environment minister"), not a fact of today. It keeps the
key of the name under which it was met, so that it moves with its claims when speakers are merged or split.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from claims.models.speakers import Speaker
from sources.models import Article


class SpeakerRole(models.Model):
    """How one article describes a speaker; `start` and `end` are empty where the words stand nowhere as such."""

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="roles")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="speaker_roles")
    text = models.CharField(max_length=300)
    key = models.CharField(max_length=300, blank=True, help_text="Alias key of the speaker's name in the article.")
    role_key = models.CharField(max_length=120, blank=True, help_text="By which later articles mean this role.")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    said_on = models.DateField(null=True, blank=True, help_text="The article's date.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-said_on", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["speaker", "article", "text"], name="role_once_per_speaker_and_article"),
            models.CheckConstraint(condition=~Q(text=""), name="role_has_a_text"),
        ]
        indexes = [
            models.Index(fields=["speaker", "-said_on", "-id"], name="role_by_speaker"),
            models.Index(fields=["role_key", "said_on"], name="role_by_key"),
        ]

    def __str__(self) -> str:
        return self.text


class SpeakerExternalId(models.Model):
    """The same one elsewhere: an item of Wikidata, or a page about them."""

    class Scheme(models.TextChoices):
        """Whose name it is."""

        WIKIDATA = "wikidata", "Wikidata"
        SAME_AS = "same_as", "page about them"

    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=10, choices=Scheme)
    value = models.CharField(max_length=500, help_text="Q-number, or address.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-scheme", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["speaker", "scheme", "value"], name="external_id_once_per_speaker"),
            models.CheckConstraint(condition=~Q(value=""), name="external_id_has_a_value"),
        ]
        indexes = [models.Index(fields=["value"], name="external_id_by_value")]

    def __str__(self) -> str:
        return self.value

    @property
    def url(self) -> str:
        """Where it leads."""
        return f"https://www.wikidata.org/wiki/{self.value}" if self.scheme == self.Scheme.WIKIDATA else self.value


class SpeakerSplit(models.Model):
    """Ledger of splits: who, when, why, and exactly which rows went over, for undo."""

    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="splits")
    into = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="split_from")
    made_new = models.BooleanField(help_text="The other speaker was made by this split.")
    reason = models.TextField()
    moved = models.JSONField(help_text="Ids of rows that went over, rows dropped, and aliases that were copied.")
    split_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    split_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-split_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(speaker=F("into")), name="split_of_two_speakers"),
            models.CheckConstraint(condition=~Q(reason=""), name="split_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker} ⇢ {self.into}"


class BarredName(models.Model):
    """A name that a split took from a speaker: no article gives it back, only an editor does."""

    split = models.ForeignKey(SpeakerSplit, on_delete=models.CASCADE, related_name="barred")
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="barred_names")
    key = models.CharField(max_length=300)

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["split", "speaker", "key"], name="barred_name_once_per_split")]
        indexes = [models.Index(fields=["speaker", "key"], name="barred_name_by_speaker")]

    def __str__(self) -> str:
        return self.key
