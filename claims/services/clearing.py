"""What may be forgotten: answers older than a day, and revisions that a later one of the same object covers.

A reader of the log meets each object at its newest revision only, so the older ones are never told again. One thing
they know must stay: whether the public could once see the object, without which its end would go untold; so later
revisions take over the furthest reach before the others go.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claims.models import Revision, StoredAnswer
from claims.services.idempotency import KEPT

_OF_SOME = {Revision.Kind.NOTE, Revision.Kind.VERDICT}  # objects of other kinds have one reach for good
BATCH = 5_000  # rows a transaction: nobody waits long for the one writer of SQLite


def forget_answers() -> int:
    """Deletes answers that are not repeated any more; how many."""
    return StoredAnswer.objects.filter(created_at__lte=timezone.now() - KEPT).delete()[0]


def forget_revisions() -> int:
    """Deletes revisions that a later one covers, batch by batch; how many."""
    later = Revision.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"), id__gt=OuterRef("id"))
    covered = Revision.objects.settled().filter(Exists(later)).order_by("id")
    deleted = 0
    while rows := list(covered[:BATCH]):
        with transaction.atomic():
            for one in rows:
                _carry_reach(one)
            deleted += Revision.objects.filter(id__in=[one.pk for one in rows]).delete()[0]
    return deleted


def _carry_reach(covered: Revision) -> None:
    """Gives the next revision of the object the reach of this one, where it is further."""
    if covered.kind not in _OF_SOME:
        return
    same = Revision.objects.filter(kind=covered.kind, object_id=covered.object_id, id__gt=covered.pk)
    same.filter(reach__lt=covered.reach).update(reach=covered.reach)
