"""What changed, in the order in which it came to stand: the log behind incremental sync and entity tags.

One row says that what the API shows of an object may have changed: the object itself, or anything that is shown with
it (a renamed speaker changes all claims by that speaker). The newest row's id is the object's version. Triggers write
the rows (`claims.services.revisions`), since services, bulk updates and the admin all change what is shown, and one
that forgot would leave every copy elsewhere wrong for good. Rows are only added: two writers who touch one object never
wait for each other here.

PostgreSQL hands out ids before the transactions that hold them end, so a reader could pass an id that appears later:
each row keeps its transaction (`txid`), and readers go no further than the oldest one that still runs. SQLite has one
writer at a time, and its ids come in the order of the commits; there `txid` is 0.
"""

from django.db import models
from django.db.models.functions import Now

from claims.querysets.revisions import RevisionQuerySet


class Revision(models.Model):
    """One change of what is shown of one object."""

    class Kind(models.TextChoices):
        """What the object is, as the API names it."""

        ARTICLE = "article"
        CLAIM = "claim"
        EVIDENCE = "evidence"
        NOTE = "note"
        RATING = "rating"
        SOURCE = "source"
        SPEAKER = "speaker"
        VERDICT = "verdict"

    class Reach(models.IntegerChoices):
        """Who could see the object before or after the change; who never could is never told that it is gone."""

        AUTHOR = 0
        DESK = 1
        PUBLIC = 2

    kind = models.CharField(max_length=8, choices=Kind)
    object_id = models.BigIntegerField()
    reach = models.PositiveSmallIntegerField(choices=Reach, default=Reach.PUBLIC)
    txid = models.BigIntegerField(default=0, db_default=0)
    at = models.DateTimeField(db_default=Now())

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["txid", "id"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "object_id", "-id"], name="revision_by_object"),
            models.Index(fields=["txid", "id"], name="revision_by_commit"),
            models.Index(fields=["at", "id"], name="revision_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} v{self.pk}"
