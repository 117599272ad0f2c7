"""Moving what belongs to a speaker to another one so that it can be moved back: rows as JSON, for merges and splits.

What moves keeps its id. What the other speaker has already is taken out and kept whole, to be put back under its old
id. No row is stamped as modified.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

from claims.models import Claim, ClaimSpeaker, Speaker


def move_rows(rows: QuerySet, into: Speaker, held: QuerySet) -> dict[str, Any]:
    """Gives `rows` to another speaker, except `held`, those of them that it has already: they are taken out.

    Returns:
        What `return_rows` needs.
    """
    dropped = take_out(held)
    ids = list(rows.values_list("pk", flat=True))
    rows.model._default_manager.filter(pk__in=ids).update(speaker=into)
    return {"ids": ids, "dropped": dropped}


def return_rows(model: type[Model], moved: dict[str, Any], owner: Speaker) -> None:
    """Gives the moved rows back to their owner and restores those that were taken out."""
    model._default_manager.filter(pk__in=moved["ids"]).update(speaker=owner)
    put_back(model, moved["dropped"])


def return_links(moved: dict[str, Any], newer: QuerySet[ClaimSpeaker], owner: Speaker) -> None:
    """Gives links back, with those that came since; re-extraction may have replaced some: what is gone stays gone."""
    back = set(moved["ids"]) | set(newer.values_list("pk", flat=True))
    twice = owner.links.values("claim")
    ClaimSpeaker.objects.filter(pk__in=back).exclude(claim__in=twice).update(speaker=owner)
    dropped = {(row["claim_id"], row["position"]): row for row in moved["dropped"]}
    present = set(Claim.objects.filter(pk__in={claim for claim, _ in dropped}).values_list("pk", flat=True))
    taken = set(ClaimSpeaker.objects.filter(claim__in=present).values_list("claim_id", "position"))
    put_back(ClaimSpeaker, [row for place, row in dropped.items() if place[0] in present and place not in taken])


def take_out(rows: QuerySet) -> list[dict[str, Any]]:
    """Deletes rows, and gives all that is needed to restore them."""
    kept = [_as_json(row) for row in rows]
    rows.model._default_manager.filter(pk__in=[row["id"] for row in kept]).delete()
    return kept


def put_back(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Restores rows under their old ids; `created_at` separately, since inserting stamps it anew."""
    model._default_manager.bulk_create(model(**row) for row in rows)
    for row in rows:
        if "created_at" in row:
            model._default_manager.filter(pk=row["id"]).update(created_at=row["created_at"])


def _as_json(row: Model) -> dict[str, Any]:
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
