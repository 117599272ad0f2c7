"""Reads of speakers. A merged speaker's row stays, so that its old id and slug keep answering."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Q


class SpeakerQuerySet(models.QuerySet):
    """Speakers, merged ones included until `current` leaves them out."""

    def current(self) -> SpeakerQuerySet:
        """Those that no merge has absorbed."""
        return self.filter(merged_into=None)

    def visible(self) -> SpeakerQuerySet:
        """Those that the public may see."""
        return self.filter(is_hidden=False)

    def with_alias_key(self, keys: Collection[str]) -> SpeakerQuerySet:
        """All that bear one of these alias keys; each once."""
        return self.filter(aliases__key__in=keys).distinct()

    def by_id_or_slug(self, values: Collection[str]) -> SpeakerQuerySet:
        """Those named by id or slug, merged ones included."""
        ids = [int(value) for value in values if value.isdecimal() and len(value) < 19]
        return self.filter(Q(id__in=ids) | Q(slug__in=values))
