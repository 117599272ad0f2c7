"""Storing what other desks found.

The only way in for ClaimReviews of others. Importing the same file again stores nothing; a review that has changed
replaces what was stored of it, and keeps its id.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import InvalidValue
from claims.formats.claimreview_reader import ForeignReview, UnreadableReview, read_reviews
from claims.models import ExternalReview
from sources.parsing import ParseError, decode

BATCH = 500
MAX_HOST = 253
_VALUES = [one.name for one in fields(ForeignReview) if one.name != "remarks"]


@dataclass(slots=True)
class ImportedReviews:
    """What became of one document's reviews.

    Attributes:
        stored: How many are new.
        changed: How many were there, and differ now.
        known: How many were there as they are.
        rejected: One line for each that cannot be stored.
        remarks: One line for each value that was left out of a stored one.
    """

    stored: int = 0
    changed: int = 0
    known: int = 0
    rejected: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def import_reviews(data: bytes, content_type: str = "") -> ImportedReviews:
    """Stores the ClaimReviews of a document, all that can be read or none; reading takes no lock.

    Args:
        data: JSON-LD, one JSON value a line, or an HTML page.
        content_type: As it came with the document; its charset is believed.

    Raises:
        InvalidValue: there is no ClaimReview in it, or it cannot be read at all.
    """
    result = ImportedReviews()
    reviews = iter(list(_readable(_text(data, content_type), result)))
    with transaction.atomic():
        while batch := {_key(review): review for review in islice(reviews, BATCH)}:
            _store(batch, result)
    return result


def _readable(text: str, result: ImportedReviews) -> Iterator[ForeignReview]:
    try:
        for review in read_reviews(text):
            if isinstance(review, UnreadableReview):
                result.rejected.append(str(review))
            elif len(review.site) > MAX_HOST:
                result.rejected.append(f"{review.url[:80]}: its host is longer than {MAX_HOST} characters")
            else:
                result.remarks += [f"{review.url}: {remark}; left out" for remark in review.remarks]
                yield review
    except UnreadableReview as error:
        raise InvalidValue(f"{error}.") from None


def _text(data: bytes, content_type: str) -> str:
    """The text of a document; JSON is UTF-8 by its standard, and a page may say that it is something else.

    Raises:
        InvalidValue: it is none.
    """
    if not data.strip():
        return ""
    try:
        return decode(data, content_type=content_type, html=True).text
    except ParseError as error:
        reason = error.message.partition(";")[0]
        raise InvalidValue(f"It is no text ({reason}); send JSON-LD or an HTML page, in UTF-8.") from None


def _store(batch: dict[str, ForeignReview], result: ImportedReviews) -> None:
    stored = ExternalReview.objects.select_for_update().in_bulk(list(batch), field_name="key")
    new, changed = [], []
    for key, review in batch.items():
        values = _values(review)
        row = stored.get(key)
        if row is None:
            new.append(ExternalReview(key=key, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.modified_at = timezone.now()
            changed.append(row)
        else:
            result.known += 1
    ExternalReview.objects.bulk_create(new)
    ExternalReview.objects.bulk_update(changed, [*_VALUES, "modified_at"])
    result.stored += len(new)
    result.changed += len(changed)


def _values(review: ForeignReview) -> dict[str, Any]:
    return {name: getattr(review, name) for name in _VALUES} | {"appearances": list(review.appearances)}


def _key(review: ForeignReview) -> str:
    """The same for one claim at one address, however it is spelt."""
    return hashlib.sha256(f"{review.url}\n{review.claim.casefold()}".encode()).hexdigest()
