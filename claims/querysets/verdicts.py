"""Reads of verdicts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

OPEN_STATES = ("draft", "proposed")


class VerdictQuerySet(models.QuerySet):
    """Verdicts of all claims."""

    def readable_by(self, user: Any) -> VerdictQuerySet:
        """Without those that are sealed from this user."""
        return self.filter(~self._sealed_from(user))

    def sealed_from(self, user: Any) -> VerdictQuerySet:
        """Somebody else's open findings on a scale with a second check, while this user has not rated them."""
        return self.filter(self._sealed_from(user))

    def _sealed_from(self, user: Any) -> Q:
        opinions = self.model._meta.get_field("opinions").related_model
        rated = Exists(opinions._default_manager.filter(verdict=OuterRef("pk"), reviewer=user.pk))
        return Q(state__in=OPEN_STATES, rating__scale__needs_second_check=True) & ~Q(author=user.pk) & ~Q(rated)
