"""One change to very many claims: in batches, each a transaction with its lines in the ledger.

No request holds a hundred thousand rows: a run works through ids in ascending order until its time is up, and tells
where it stopped. Every service that is run this way leaves a claim that is as wanted untouched, so a run that was lost
half-way is simply repeated. A batch that is refused is tried claim by claim: the one that cannot be changed is named
and the others are. Do not wrap a run in a transaction, and do not count what is left: the cursor tells.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from claims.errors import ClaimError, NotAllowed
from claims.models import Claim

BATCH = 200  # with their lines in the ledger some 0.3 s of writing on SQLite, during which other writers wait
SECONDS = 4.0  # of one request
MOST_AT_ONCE = 5_000  # ids read at once; more than a request gets through
MOST_NAMED = 5  # refusals that are told one by one

ChangeClaims = Callable[[Sequence[Claim]], int]


@dataclass(slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        after: The last id that was dealt with.
        seen: Claims dealt with.
        changed: Those that were not as wanted before.
        refused: Those that could not be changed.
        errors: Why, for the first few.
        is_done: Whether nothing is left.
    """

    after: int = 0
    seen: int = 0
    changed: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    is_done: bool = False


def change_in_batches(
    matching: QuerySet[Claim], change: ChangeClaims, progress: Progress, *, until: int, seconds: float = SECONDS
) -> Progress:
    """Changes matching claims with ids in (`progress.after`, `until`] until time is up.

    Args:
        matching: The selection; asked anew with every call, so it may shrink as claims change.
        change: A service bound to its values; tells how many it changed.
        progress: Where to go on; is updated.
        until: The highest id that was there when the editor confirmed: what came later was not meant.
        seconds: After these no new batch begins; one batch is always done.

    Raises:
        NotAllowed: the actor may not do this to any claim.
    """
    deadline = time.monotonic() + seconds
    ids = matching.filter(pk__gt=progress.after, pk__lte=until).order_by("pk").values_list("pk", flat=True)
    chosen = list(ids[:MOST_AT_ONCE])
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        _change(batch, change, progress)
        progress.after, progress.seen = batch[-1], progress.seen + len(batch)
        if time.monotonic() > deadline:
            break
    progress.is_done = len(chosen) < MOST_AT_ONCE and (not chosen or progress.after == chosen[-1])
    return progress


def _change(batch: Sequence[int], change: ChangeClaims, progress: Progress) -> None:
    try:
        with transaction.atomic():
            progress.changed += change([Claim(pk=pk) for pk in batch])
        return
    except NotAllowed:
        raise
    except ClaimError:
        pass  # one of them cannot be changed: the others can
    for pk in batch:
        try:
            with transaction.atomic():
                progress.changed += change([Claim(pk=pk)])
        except NotAllowed:
            raise
        except ClaimError as error:
            progress.refused += 1
            if len(progress.errors) < MOST_NAMED:
                progress.errors.append(f"Claim {pk}: {error.message}")
