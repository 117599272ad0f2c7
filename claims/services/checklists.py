"""The desk's checklist: its items, and ticking them for a claim.

An item's wording may be mended while nobody ticked it; afterwards it is retired and a new one made, since a tick must
go on saying what was checked.
"""

from typing import Any

from django.db import transaction

from claims.errors import Conflict, InvalidValue
from claims.models import ChecklistItem, ChecklistTick, Claim
from claims.services.history import record_change, require

MOST_TEXT = 200


@transaction.atomic
def add_item(text: str, *, actor: Any, order: int = 0) -> ChecklistItem:
    """Adds a question to the checklist of every claim.

    Raises:
        NotAllowed: The actor may not change the checklist.
        InvalidValue: No text, or one too long.
        Conflict: The checklist has it.
    """
    require(actor, "claims.add_checklistitem")
    item = ChecklistItem.objects.create(text=_text(text), order=order)
    record_change(item, "add_item", actor=actor, after=_state(item))
    return item


@transaction.atomic
def edit_item(
    item: ChecklistItem,
    *,
    actor: Any,
    text: str | None = None,
    order: int | None = None,
    is_active: bool | None = None,
) -> ChecklistItem:
    """Moves, retires or brings back an item, or rewords one that nobody ticked. None leaves a value as it is.

    Raises:
        NotAllowed: The actor may not change the checklist.
        InvalidValue: No text, or one too long.
        Conflict: It was ticked and cannot be reworded, or another item says the same.
    """
    require(actor, "claims.change_checklistitem")
    item = ChecklistItem.objects.select_for_update().get(pk=item.pk)
    before = _state(item)
    if text is not None and text.strip() != item.text:
        if item.ticks.exists():
            raise Conflict("This item was ticked for claims: retire it and add a new one.", field="text")
        item.text = _text(text)
    item.order = item.order if order is None else order
    item.is_active = item.is_active if is_active is None else is_active
    after = _state(item)
    if after != before:
        item.save(update_fields=["text", "order", "is_active"])
        record_change(item, "edit_item", actor=actor, before=before, after=after)
    return item


@transaction.atomic
def tick(claim: Claim, *, actor: Any, item: ChecklistItem) -> ChecklistTick:
    """Says that an item is done for a claim; a second time changes nothing, and the first name stays.

    Raises:
        NotAllowed: The actor may not review claims.
        Conflict: The item is retired.
    """
    require(actor, "claims.review_claim")
    if not item.is_active:
        raise Conflict("This item is no longer on the checklist.")
    row, is_new = ChecklistTick.objects.get_or_create(claim=claim, item=item, defaults={"done_by": actor})
    if is_new:
        record_change(row, "tick", actor=actor, after={"item": item.text}, claim_id=claim.pk)
    return row


@transaction.atomic
def untick(claim: Claim, *, actor: Any, item: ChecklistItem) -> None:
    """Takes a tick back.

    Raises:
        NotAllowed: The actor may not review claims.
    """
    require(actor, "claims.review_claim")
    row = ChecklistTick.objects.select_for_update().filter(claim=claim, item=item).first()
    if row is not None:
        record_change(row, "untick", actor=actor, before={"item": item.text}, claim_id=claim.pk)
        row.delete()


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidValue("An item of the checklist needs a text.", field="text")
    if len(text) > MOST_TEXT:
        raise InvalidValue(f"An item of the checklist has at most {MOST_TEXT} characters.", field="text")
    if ChecklistItem.objects.filter(text=text).exists():
        raise Conflict("The checklist has this item already; it may be retired.", field="text")
    return text


def _state(item: ChecklistItem) -> dict[str, Any]:
    return {"text": item.text, "order": item.order, "is_active": item.is_active}
