"""Tags, and putting them on claims: one claim or many, each with its line in the ledger.

A tag that stands on claims is not deleted; one that no claim bears may be.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.errors import Conflict, InvalidValue
from claims.models import Claim, ClaimTag, Tag
from claims.services.history import record_change, require

MOST_NAME = 60
DEFAULT_COLOUR = "#57606a"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def tag_key(name: str) -> str:
    """The form of a tag's name on which its spellings agree: case, width and blanks set aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@transaction.atomic
def make_tag(name: str, *, actor: Any, colour: str = DEFAULT_COLOUR) -> Tag:
    """Makes a tag.

    Raises:
        NotAllowed: The actor may not make tags.
        InvalidValue: No name, one too long, or no colour of the form #rrggbb.
        Conflict: There is a tag of that name.
    """
    require(actor, "claims.add_tag")
    tag = Tag.objects.create(**_named(name), colour=_colour(colour))
    record_change(tag, "make_tag", actor=actor, after={"name": tag.name, "colour": tag.colour})
    return tag


@transaction.atomic
def edit_tag(tag: Tag, *, actor: Any, name: str | None = None, colour: str | None = None) -> Tag:
    """Renames or recolours a tag, on all claims that bear it. None leaves a value as it is.

    Raises:
        NotAllowed: The actor may not change tags.
        InvalidValue: As for a new one.
        Conflict: Another tag has that name.
    """
    require(actor, "claims.change_tag")
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    before = {"name": tag.name, "colour": tag.colour}
    if name is not None:
        for field, value in _named(name, besides=tag.pk).items():
            setattr(tag, field, value)
    tag.colour = tag.colour if colour is None else _colour(colour)
    after = {"name": tag.name, "colour": tag.colour}
    if after != before:
        tag.save(update_fields=["name", "key", "colour"])
        record_change(tag, "edit_tag", actor=actor, before=before, after=after)
    return tag


@transaction.atomic
def delete_tag(tag: Tag, *, actor: Any) -> None:
    """Deletes a tag that no claim bears.

    Raises:
        NotAllowed: The actor may not delete tags.
        Conflict: A claim bears it.
    """
    require(actor, "claims.delete_tag")
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    if borne := tag.links.count():
        raise Conflict(f"“{tag}” stands on {borne:,} claims: take it off them first.")
    record_change(tag, "delete_tag", actor=actor, before={"name": tag.name, "colour": tag.colour})
    tag.delete()


@transaction.atomic
def tag_claims(claims: Sequence[Claim], *, actor: Any, tags: Sequence[Tag]) -> int:
    """Puts tags on claims; one that is there already stays.

    Returns:
        How many claims changed.

    Raises:
        NotAllowed: The actor may not review claims.
    """
    require(actor, "claims.review_claim")
    return _change(claims, actor, "tag", lambda has: {tag.pk: tag for tag in tags if tag.pk not in has}, adds=True)


@transaction.atomic
def untag_claims(claims: Sequence[Claim], *, actor: Any, tags: Sequence[Tag]) -> int:
    """Takes tags off claims.

    Returns:
        How many claims changed.

    Raises:
        NotAllowed: The actor may not review claims.
    """
    require(actor, "claims.review_claim")
    return _change(claims, actor, "untag", lambda has: {tag.pk: tag for tag in tags if tag.pk in has}, adds=False)


def _change(claims: Sequence[Claim], actor: Any, action: str, wanted: Any, *, adds: bool) -> int:
    """Adds or removes, claim by claim, what `wanted` makes of the tags that a claim has."""
    changed = 0
    rows = Claim.objects.select_for_update().filter(pk__in=[claim.pk for claim in claims]).order_by("pk")
    for claim in rows.only("pk").prefetch_related("tags"):
        has = {tag.pk: tag for tag in claim.tags.all()}
        moved = wanted(has)
        if not moved:
            continue
        if adds:
            ClaimTag.objects.bulk_create(ClaimTag(claim=claim, tag=tag, added_by=actor) for tag in moved.values())
        else:
            claim.tag_links.filter(tag__in=moved).delete()
        left = has | moved if adds else {pk: tag for pk, tag in has.items() if pk not in moved}
        before, after = ({"tags": sorted(tag.name for tag in each.values())} for each in (has, left))
        record_change(claim, action, actor=actor, before=before, after=after, claim_id=claim.pk)
        Claim.objects.filter(pk=claim.pk).update(modified_at=timezone.now())
        changed += 1
    return changed


def _named(name: str, besides: int = 0) -> dict[str, str]:
    name = " ".join(name.split())
    key = tag_key(name)
    if not key:
        raise InvalidValue("A tag needs a name.", field="name")
    if max(len(name), len(key)) > MOST_NAME:
        raise InvalidValue(f"A tag's name has at most {MOST_NAME} characters.", field="name")
    if other := Tag.objects.filter(key=key).exclude(pk=besides).first():
        raise Conflict(f"There is a tag “{other}” already.", field="name")
    return {"name": name, "key": key}


def _colour(colour: str) -> str:
    if not _COLOUR.fullmatch(colour):
        raise InvalidValue("A colour is written #rrggbb, for example #1a7f37.", field="colour")
    return colour.lower()
