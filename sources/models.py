"""Outlets and the articles that they published.

An article's text never changes: every span of every claim counts code points into it. A changed text at the same
address is a new row that `supersedes` the old one. Do not add anything about claims here; `claims` knows `sources`,
never the other way.
"""

from django.db import models
from django.db.models import Q

from sources.querysets import ArticleQuerySet, SourceQuerySet

UNKNOWN_SLUG = "unknown"


class Source(models.Model):
    """The outlet that published an article; not the person who speaks in it."""

    class Kind(models.TextChoices):
        """What sort of outlet it is."""

        AGENCY = "agency", "wire agency"
        NEWSPAPER = "newspaper"
        BROADCASTER = "broadcaster"
        SITE = "site"
        OTHER = "other"
        UNKNOWN = "unknown"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.UNKNOWN)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47, for example en or en-IN")
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceAlias(models.Model):
    """A name under which an outlet is met; its key belongs to one outlet only."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, unique=True, editable=False)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "source aliases"

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """One text as published at one time by one outlet.

    A text that was taken down is empty, and `text_withheld` says why; its hash stays, so that the same text handed in
    again is known for what it is.

    Attributes:
        fulltext: Columns whose words are searched, the weightiest first (`sources.search`).
    """

    fulltext = ("headline", "text")

    class Withheld(models.TextChoices):
        """Why a text was taken down."""

        LEGAL_ORDER = "legal_order", "order of a court or an authority"
        COPYRIGHT = "copyright", "the holder of the rights asked"
        PRIVACY = "privacy", "somebody's privacy"
        SOURCE_WITHDREW = "source_withdrew", "the outlet withdrew it"
        MISTAKE = "mistake", "stored by mistake"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="articles")
    url = models.URLField(max_length=2000, blank=True)
    headline = models.CharField(max_length=1000, blank=True)
    byline = models.CharField(max_length=500, blank=True)
    dateline_place = models.CharField(max_length=200, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True)
    text = models.TextField(blank=True)
    text_withheld = models.CharField(
        max_length=20,
        choices=Withheld,
        blank=True,
        default="",
        help_text="Why the text was taken down; empty: it is there.",
    )
    text_sha256 = models.CharField(max_length=64, editable=False)
    external_id = models.CharField(max_length=200, blank=True)
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-id"]
        permissions = [("take_down_article", "Can take an article's text down")]
        constraints = [
            # What makes ingest repeatable: two writers of one text cannot both win.
            models.UniqueConstraint(fields=["source", "text_sha256"], name="article_once_per_source"),
            models.CheckConstraint(
                condition=(~Q(text="") & Q(text_withheld="")) | (Q(text="") & ~Q(text_withheld="")),
                name="article_has_a_text_or_withholds_it",
            ),
        ]
        indexes = [
            models.Index(fields=["published_on", "id"], name="article_by_date"),
            models.Index(fields=["source", "published_on", "id"], name="article_by_source"),
            models.Index(fields=["source", "url", "id"], name="article_by_address"),
            models.Index(fields=["url", "id"], name="article_by_url"),
            models.Index(fields=["language", "published_on", "id"], name="article_by_language"),
            models.Index(fields=["created_at", "id"], name="article_by_creation"),
            models.Index(fields=["modified_at", "id"], name="article_by_change"),
            models.Index(fields=["text_sha256"], condition=~Q(text_withheld=""), name="article_withheld_by_hash"),
        ]

    def __str__(self) -> str:
        if self.headline or self.text:
            return self.headline or f"{self.text[:60]}…"
        return f"Article {self.pk} (text taken down)"
