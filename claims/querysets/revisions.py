"""Reads of the log of revisions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import connections, models
from django.db.models import Exists, F, Max, OuterRef
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan


class Place(NamedTuple):
    """A place in the log, just behind a row."""

    txid: int
    id: int


class RevisionQuerySet(models.QuerySet):
    """Revisions of all objects."""

    def version_of(self, kind: str, object_id: int) -> int:
        """The object's version: the id of its newest revision; 0 where there is none."""
        return self.filter(kind=kind, object_id=object_id).aggregate(newest=Max("id"))["newest"] or 0

    def settled(self) -> RevisionQuerySet:
        """Those before which nothing can appear any more."""
        connection = connections[self.db]
        if connection.vendor != "postgresql":
            return self.all()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            return self.filter(txid__lt=cursor.fetchone()[0])

    def behind(self, place: Place) -> RevisionQuerySet:
        """Those that came after a place, in the log's order."""
        if connections[self.db].vendor != "postgresql":  # one transaction number for all: the ids are the order
            return self.filter(id__gt=place.id).order_by("id")
        later = TupleGreaterThan(Tuple(F("txid"), F("id")), tuple(place))
        return self.filter(later).order_by("txid", "id")

    def end(self) -> Place:
        """The place behind the last one."""
        last = self.order_by("-txid", "-id").values_list("txid", "id").first()
        return Place(*last) if last else Place(0, 0)

    def newest(self) -> RevisionQuerySet:
        """Of each object only the last one."""
        later = self.model._default_manager.filter(
            kind=OuterRef("kind"), object_id=OuterRef("object_id"), id__gt=OuterRef("id")
        )
        return self.filter(~Exists(later))

    def since(self, moment: datetime) -> RevisionQuerySet:
        """Those stamped at this moment or later."""
        return self.filter(at__gte=moment)

    def reached(self, kind: str, object_ids: Collection[int], reach: int) -> set[int]:
        """Those of the objects that could once be seen by readers of this reach."""
        rows = self.filter(kind=kind, object_id__in=object_ids, reach__gte=reach)
        return set(rows.values_list("object_id", flat=True))
