"""Reads of the log of revisions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections, models
from django.db.models import Exists, F, OuterRef
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

# The oldest transaction that may still write here. A snapshot counts those of all databases of the cluster, so one that
# somebody else's job keeps open for an hour would hold our readers up: what sessions of other databases run is left
# out. Should one of them end between the two looks, it counts as ours for that once, which is merely careful. (A lock
# names the low 32 bits of its transaction.)
_OLDEST_OPEN = """
WITH seen AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
SELECT COALESCE(
    (SELECT min(running::text::bigint)
       FROM seen, pg_snapshot_xip(seen.snapshot) AS running
      WHERE running::text::bigint % 4294967296 NOT IN (
            SELECT lock.transactionid::text::bigint
              FROM pg_locks AS lock JOIN pg_stat_activity AS session ON session.pid = lock.pid
             WHERE lock.locktype = 'transactionid' AND lock.mode = 'ExclusiveLock' AND lock.granted
               AND session.datname <> current_database())),
    (SELECT pg_snapshot_xmax(snapshot)::text::bigint FROM seen))
"""


class Place(NamedTuple):
    """A place in the log, just behind a row."""

    txid: int
    id: int


class RevisionQuerySet(models.QuerySet):
    """Revisions of all objects."""

    def of(self, kind: Any, object_id: Any) -> RevisionQuerySet:
        """Those of one object, the newest first; its id is the object's version."""
        return self.filter(kind=kind, object_id=object_id).order_by("-id")

    def settled(self) -> RevisionQuerySet:
        """Those before which nothing can appear any more."""
        connection = connections[self.db]
        if connection.vendor != "postgresql":
            return self.all()
        with connection.cursor() as cursor:
            cursor.execute(_OLDEST_OPEN)
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
