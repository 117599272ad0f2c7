"""Reads of evidence."""

from __future__ import annotations

from django.db import models


class EvidenceQuerySet(models.QuerySet):
    """Evidence of all claims."""

    def at(self, url_key: str) -> EvidenceQuerySet:
        """What was found at one address, however it was written."""
        return self.filter(url_key=url_key)
