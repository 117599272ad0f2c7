"""`fields=`, `omit=` and `expand=`: what of each row an answer holds.

A field that is left out is neither read from the database nor computed. Names are checked like everything else that a
reader sends: an unknown one is refused with the nearest that exists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError

from sources.api.strict import SuggestingCode, nearest

PARAMETERS = ("fields", "omit", "expand")
_HELP = {
    "fields": "Only these fields.",
    "omit": "All fields but these.",
    "expand": "What to show in full where otherwise only its main fields stand, or nothing.",
}


@dataclass(frozen=True, slots=True)
class AnswerField:
    """How one field of an answer is had from a row.

    Attributes:
        columns: Paths that are read.
        make: Name of the shape's method that makes the value of them; empty where the first column is the value.
        needs: What the shape must gather for the whole page before, if anything.
    """

    columns: tuple[str, ...]
    make: str = ""
    needs: str = ""


def field(*columns: str, make: str = "", needs: str = "") -> AnswerField:
    """A field of these columns."""
    return AnswerField(columns, make, needs)


@dataclass(frozen=True, slots=True)
class Selection:
    """The fields of an answer, in their order, and what is expanded in them."""

    names: tuple[str, ...]
    expanded: frozenset[str] = frozenset()


def selection_of(
    params: QueryDict, fields: Collection[str], expansions: Mapping[str, str], omitted: Collection[str] = ()
) -> Selection:
    """What the parameters select.

    Args:
        params: The request's parameters.
        fields: All fields.
        expansions: For each expansion the field that it fills; it is selected with it.
        omitted: Fields that are shown only where an expansion asks for them.

    Raises:
        ValidationError: an unknown name, or `fields` and `omit` together.
    """
    shown = [name for name in fields if name not in omitted]
    only, without = (_names(params, name, shown) for name in ("fields", "omit"))
    if only and without:
        raise ValidationError({"omit": [ErrorDetail("Give either fields or omit, not both.", "conflict")]})
    expanded = frozenset(_with_parents(_names(params, "expand", expansions)))
    if clash := sorted(name for name in expanded if expansions[name] in without):
        message = f"“{expansions[clash[0]]}” cannot be both left out and expanded."
        raise ValidationError({"omit": [ErrorDetail(message, "conflict")]})
    wanted = {*(only or shown)} - {*without} | {expansions[name] for name in expanded}
    return Selection(tuple(name for name in fields if name in wanted), expanded)


def described(fields: Collection[str], expansions: Collection[str]) -> list[OpenApiParameter]:
    """The parameters, for the API's description."""
    valid = {"fields": fields, "omit": fields, "expand": expansions}
    return [
        OpenApiParameter(
            name,
            {"type": "array", "items": {"type": "string", "enum": list(names)}},
            description=_HELP[name],
            style="form",
            explode=False,
        )
        for name, names in valid.items()
        if names
    ]


def below(expanded: Iterable[str], name: str) -> frozenset[str]:
    """What is expanded within an expansion: of `article`, the `source` of `article.source`."""
    return frozenset(one.removeprefix(f"{name}.") for one in expanded if one.startswith(f"{name}."))


def _names(params: QueryDict, parameter: str, valid: Collection[str]) -> list[str]:
    names = [name.strip() for value in params.getlist(parameter) for name in value.split(",")]
    problems = [_unknown(name, valid) for name in names if name not in valid]
    if problems:
        raise ValidationError({parameter: problems[:20]})
    return names


def _unknown(name: str, valid: Collection[str]) -> ErrorDetail:
    suggestion = nearest(name, valid)
    message = f"“{name[:100]}” is not one of {', '.join(valid)}." if valid else "Nothing can be expanded here."
    return ErrorDetail(message, SuggestingCode("invalid_choice", suggestion))


def _with_parents(names: Iterable[str]) -> Iterable[str]:
    """`article.source` expands `article` too."""
    for name in names:
        parts = name.split(".")
        yield from (".".join(parts[: number + 1]) for number in range(len(parts)))
