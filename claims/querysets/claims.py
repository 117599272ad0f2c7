"""Reads of claims."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, OuterRef, Q


class EachByItself(Exists):
    """Whether there are such rows, asked for each row by itself.

    PostgreSQL would rather join, or read all such rows before the first: its planner knows neither how few hidden
    speakers there are nor that a page ends after fifty rows. With an offset it leaves the question where it stands.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"


class ClaimQuerySet(models.QuerySet):
    """Claims of all articles."""

    def current(self) -> ClaimQuerySet:
        """Without those that a newer engine no longer finds and no editor ever touched."""
        return self.filter(is_current=True)

    def public(self) -> ClaimQuerySet:
        """What a reader without a token may see: nothing said by a hidden speaker.

        Where no speaker is hidden, a look into an index says so, once for all claims. Else the speakers of each claim
        that is met are looked at.
        """
        hidden = self.model.speakers.field.related_model.objects.filter(is_hidden=True)
        links = self.model.speakers.through.objects.filter(claim=OuterRef("pk"), speaker__is_hidden=True)
        return self.current().filter(~Q(Exists(hidden), EachByItself(links)))

    def by_speakers(self, speaker_ids: Collection[int]) -> ClaimQuerySet:
        """Claims of any of these speakers, each once, joint ones included."""
        return self.filter(self._said_by(speaker_ids))

    def not_by_speakers(self, speaker_ids: Collection[int]) -> ClaimQuerySet:
        """Claims that none of these speakers has a part in."""
        return self.exclude(self._said_by(speaker_ids))

    def _said_by(self, speaker_ids: Collection[int]) -> Exists:
        return Exists(self.model.speakers.through.objects.filter(claim=OuterRef("pk"), speaker_id__in=speaker_ids))

    def touched(self) -> ClaimQuerySet:
        """Those that an editor worked on: never deleted, never dropped from a list."""
        return self.filter(
            Q(Exists(self._related("notes")))
            | Q(Exists(self._related("verdicts")))
            | Q(Exists(self._related("corrections").filter(is_undone=False, undoes=None)))
            | Q(Exists(self._related("evidence_links")))
            | Q(Exists(self._related("tag_links")))
            | Q(Exists(self._related("ticks")))
            | Q(assignee__isnull=False)
            | ~Q(review_status=self.model.ReviewStatus.NEW)
        )

    def rejected(self) -> ClaimQuerySet:
        """Those that an editor found to be no claim."""
        return self.filter(review_status=self.model.ReviewStatus.NOT_A_CLAIM)

    def confirmed(self) -> ClaimQuerySet:
        """Those that an editor took for a claim: by a correction that stands, or by going on with it."""
        status = self.model.ReviewStatus
        went_on = [status.SECOND_CHECK, status.DONE, status.DUPLICATE, status.OUT_OF_SCOPE]
        return self.exclude(review_status=status.NOT_A_CLAIM).filter(
            Q(review_status__in=went_on) | Q(Exists(self._confirming()))
        )

    def undecided(self) -> ClaimQuerySet:
        """Those of which nobody has said whether they are claims."""
        status = self.model.ReviewStatus
        return self.filter(~Exists(self._confirming()), review_status__in=[status.NEW, status.IN_REVIEW])

    def with_confirmation(self) -> ClaimQuerySet:
        """With `is_decided`: whether somebody has said whether it is a claim."""
        status = self.model.ReviewStatus
        waits = Q(review_status__in=[status.NEW, status.IN_REVIEW]) & ~Q(Exists(self._confirming()))
        decided = models.Case(models.When(waits, then=models.Value(False)), default=models.Value(True))
        return self.annotate(is_decided=decided)

    def _confirming(self) -> models.QuerySet:
        return self._related("corrections").filter(is_undone=False, undoes=None).exclude(field="rejected")

    def orphans(self) -> ClaimQuerySet:
        """Touched claims that the newest run over their article no longer finds."""
        return self.filter(alignment=self.model.Alignment.VANISHED, is_current=True)

    def _related(self, name: str) -> models.QuerySet:
        relation = self.model._meta.get_field(name)
        return relation.related_model._default_manager.filter(claim=OuterRef("pk"))
