"""What a parameter may hold: one class a kind of value, which checks it, converts it and describes it.

A value says what is wrong with a text and what would be right; it knows nothing of columns or look-ups. Values that
mean rows by name or number (`Word`, `Number`) are only checked for their form here: whether such a row is there is no
question of form, and one that is not there finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError

from sources.api.strict import nearest
from sources.parsing import ParseError, parse_published

MAX_ID = 2**63 - 1
MAX_TEXT = 2_000
_NUMBER = re.compile(r"[0-9]{1,40}", re.ASCII)
_ID_OR_SLUG = re.compile(r"[\w-]{1,320}")
_FRACTION = re.compile(r"[0-9]{0,9}\.?[0-9]{1,18}|[0-9]{1,9}\.", re.ASCII)
_DAY_LENGTH = len("2026-01-31")
RANGE = ("gt", "gte", "lt", "lte")


class Value:
    """Any text.

    Attributes:
        schema: What the API's description says of one value.
        lookups: Look-ups that make sense for such a value, beside equality.
    """

    schema: dict[str, Any] = {"type": "string"}
    lookups: tuple[str, ...] = ("in",)

    def clean(self, text: str) -> Any:
        """The value that a text stands for.

        Raises:
            ValidationError: it stands for none; the message says what would be right.
        """
        if "\x00" in text:
            raise ValidationError("Null characters are not allowed.", code="null_characters_not_allowed")
        if len(text) > MAX_TEXT:
            raise ValidationError(f"At most {MAX_TEXT} characters, got {len(text)}.", code="max_length")
        return text.strip()

    def clean_all(self, texts: list[str]) -> list[Any]:
        """The values that several texts stand for."""
        return [self.clean(text) for text in texts]

    def as_json(self, value: Any) -> Any:
        """What `clean` or `clean_all` gave, as `explain=true` shows it."""
        return value


class Text(Value):
    """Text that may also be asked for by how it begins."""

    lookups = ("in", "startswith")


class Choice(Value):
    """One value of an enumeration.

    Args:
        valid: The values; or, where they are data, a function that reads them.
        name: What to call them in the description where they are data.
    """

    def __init__(self, valid: Iterable[str] | Callable[[], Iterable[str]], name: str = "") -> None:
        self._valid = valid if callable(valid) else list(valid)
        self.schema = {"type": "string"} if callable(self._valid) else {"type": "string", "enum": self._valid}
        if name:
            self.schema["title"] = name

    def clean(self, text: str) -> str:
        return self.clean_all([text])[0]

    def clean_all(self, texts: list[str]) -> list[str]:
        valid = list(self._valid()) if callable(self._valid) else self._valid
        return [one_of(text, valid) for text in texts]


class Number(Value):
    """A whole number, not negative; one beyond all ids is the greatest of them, which no row has."""

    schema = {"type": "integer", "minimum": 0}
    lookups = ("in", *RANGE)

    def clean(self, text: str) -> int:
        if not _NUMBER.fullmatch(text.strip()):
            raise ValidationError(f"“{text[:40]}” is not a whole number.", code="invalid")
        return min(int(text), MAX_ID)


class RowId(Number):
    """The id of a row elsewhere, which is either that row's or not: ids have no order that means anything."""

    lookups = ("in",)


class Fraction(Value):
    """A number from 0 to 1."""

    schema = {"type": "number", "minimum": 0, "maximum": 1}
    lookups = RANGE

    def clean(self, text: str) -> float:
        if not _FRACTION.fullmatch(text.strip()):
            raise ValidationError(f"“{text[:40]}” is no number from 0 to 1, such as 0.9.", code="invalid")
        value = float(text)
        if value > 1:
            raise ValidationError(f"{text[:40]} is more than 1; give a number from 0 to 1.", code="max_value")
        return value


class Day(Value):
    """A day, written 2026-01-31."""

    schema = {"type": "string", "format": "date"}
    lookups = ("in", *RANGE)

    def clean(self, text: str) -> date:
        try:
            day, _ = parse_published(text)
        except ParseError:
            day = None
        if day is None or len(text.strip()) != _DAY_LENGTH:
            raise ValidationError("This is no day; write it as 2026-01-31.", code="invalid")
        return day


class Moment(Value):
    """A moment, written 2026-01-31T09:30:00Z; a day alone is its beginning in UTC."""

    schema = {"type": "string", "description": "2026-01-31T09:30:00Z, or a day, which means its beginning in UTC."}
    lookups = RANGE

    def clean(self, text: str) -> datetime:
        try:
            # The + of a zone arrives as a blank where it was not escaped.
            day, moment = parse_published(text.replace(" ", "+") if "T" in text else text)
        except ParseError:
            day = moment = None
        if moment is not None:
            return moment
        if day is None or len(text.strip()) != _DAY_LENGTH:
            message = "This is no moment; write it as 2026-01-31T09:30:00Z, or as a day, 2026-01-31."
            raise ValidationError(message, code="invalid")
        return datetime(day.year, day.month, day.day, tzinfo=UTC)


class Flag(Value):
    """Yes or no, written true or false."""

    schema = {"type": "boolean"}
    lookups = ()

    def clean(self, text: str) -> bool:
        return one_of(text.strip(), ["true", "false"]) == "true"


class IdOrSlug(Value):
    """The id or the slug of a row; never a name."""

    def clean(self, text: str) -> str:
        if not _ID_OR_SLUG.fullmatch(text):
            message = f"“{text[:100]}” is neither an id nor a slug; names have a filter of their own."
            raise ValidationError(message, code="invalid")
        return text


class Sought(Protocol):
    """What was looked up for a condition of a kind of its own.

    Attributes:
        shape: What its statement depends on, the values aside.
        values: The values.
    """

    @property
    def shape(self) -> Hashable: ...

    @property
    def values(self) -> tuple[Any, ...]: ...

    def with_values(self, values: Iterable[Any]) -> Sought:
        """The same with others in the values' places."""


def one_of(value: str, valid: list[str]) -> str:
    """The value itself.

    Raises:
        ValidationError: it is not valid; its parameters carry the nearest that is.
    """
    if value in valid:
        return value
    # Given as a parameter of the message: Django would take a message that has parameters (“100%”) as its format.
    message = f"“{value[:100]}” is not one of {', '.join(valid)}."
    params = {"message": message, "suggestion": nearest(value, valid)}
    raise ValidationError("%(message)s", code="invalid_choice", params=params)


def ids_among(words: Iterable[str]) -> list[int]:
    """Those words that may be ids, as numbers."""
    return [int(word) for word in words if _NUMBER.fullmatch(word) and int(word) <= MAX_ID]
