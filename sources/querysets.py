"""Reads of sources and articles, in plain English."""

from __future__ import annotations

from django.db import models


class SourceQuerySet(models.QuerySet):
    """Outlets."""

    def named(self, key: str) -> SourceQuerySet:
        """The outlet that bears this alias key (see `sources.services.source_key`)."""
        return self.filter(aliases__key=key)


class ArticleQuerySet(models.QuerySet):
    """Articles."""

    def same_story(self, source_id: int, url: str) -> ArticleQuerySet:
        """All versions of the story at one address of one outlet, newest first."""
        return self.filter(source_id=source_id, url=url).order_by("-id")
