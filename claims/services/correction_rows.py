"""The rows under a correction: locks, columns, speakers' links, and the two records of who did what.

`claims.services.corrections` says what editors may do; this says how it is written. The caller holds the transaction.
"""

from typing import Any

from django.db.models import QuerySet

from claims.errors import Conflict, InvalidValue
from claims.models import Claim, ClaimSpeaker, Correction, Verdict
from claims.services.corrected_values import columns_of, engine_value_of, kind_of, links_of, spans_of, value_of
from claims.services.history import record_change, require
from sources.models import Article

PERMISSION = "claims.correct_claim"
Field = Correction.Field
_NEED_TEXT = (Field.SPAN, Field.CUE, Field.MENTION)
_ACTIONS: dict[str, str] = {
    Field.ADDED: "add_claim",
    Field.REJECTED: "reject_claim",
    Field.ACCEPTED: "accept_claim",
    Field.UNDONE: "undo_correction",
}


def correction_version(claim: Claim) -> str:
    """What an editor's page was made from; a service given an older one refuses instead of overwriting."""
    newest = claim.corrections.order_by("-id").values_list("id", flat=True).first()
    return version_of(claim, newest)


def version_of(claim: Claim, newest_correction_id: int | None) -> str:
    """The same for one who has the id of the claim's newest correction at hand."""
    return f"{newest_correction_id or 0}.{claim.run_id or 0}"


def standing_corrections(claim: Claim) -> QuerySet[Correction]:
    """Those that count, newest first."""
    return claim.corrections.filter(is_undone=False, undoes=None).order_by("-id")


def lock_claim(claim: Claim, actor: Any, seen: str) -> Claim:
    """The claim as it stands, its article locked.

    Raises:
        NotAllowed: the actor may not correct claims.
        Conflict: it was corrected since `seen`.
    """
    require(actor, PERMISSION)
    article = Article.objects.select_for_update().get(pk=claim.article_id)
    claim = Claim.objects.prefetch_related("links").get(pk=claim.pk)
    claim.article = article
    if seen and seen != correction_version(claim):
        raise Conflict(
            "Somebody corrected this claim while your page was open. Yours is kept: look at theirs, and save again if "
            "yours should count."
        )
    return claim


def put_correction(claim: Claim, field: str, value: Any, actor: Any, reason: str) -> Correction | None:
    """Makes a value the one that counts, keeps the engine's, and signs it; None where it is that already."""
    before = value_of(claim, field)
    if _is_same(field, before, value):
        return None
    require_reason_if_published(claim, field, reason)
    if field in _NEED_TEXT:
        need_text(claim.article)
    kept = dict(claim.engine_values or {})
    kept.setdefault(str(field), engine_value_of(claim, field))
    if field == Field.SPAN:
        kept[str(field)] = kept[str(field)] and {**kept[str(field)], "kind": engine_value_of(claim, Field.KIND)}
        if _has_own_kind(claim):
            value = {**value, "kind": claim.kind}
    claim.engine_values = kept
    _put(claim, field, value)
    return record_correction(claim, field, {str(field): before}, {str(field): value}, actor, reason)


def _is_same(field: str, before: Any, value: Any) -> bool:
    if field == Field.SPAN:
        return bool(before["spans"] == value["spans"])
    if field == Field.SPEAKER:
        # Confirming what the engine was sure of is no correction, but naming one of whom it was not sure is.
        same = [[(link["speaker_id"], link["words"]) for link in one["links"]] for one in (before, value)]
        return bool(same[0] == same[1] and before["status"] == value["status"])
    return bool(before == value)


def _has_own_kind(claim: Claim) -> bool:
    """Whether an editor set the kind itself, so that it does not follow the words."""
    return standing_corrections(claim).filter(field=Field.KIND).exists()


def _put(claim: Claim, field: str, value: Any) -> None:
    """Makes a value the one that counts, in the database too."""
    if field == Field.SPEAKER:
        put_speakers(claim, value)
        return
    columns = columns_of(claim.article, field, value)
    if field == Field.SPAN:
        _make_room(claim, columns["span_key"])
    for name, one in columns.items():
        setattr(claim, name, one)
    claim.save(update_fields=[*columns, "engine_values", "modified_at"])


def put_speakers(claim: Claim, value: dict[str, Any]) -> None:
    """Makes these the claim's speakers."""
    columns = columns_of(claim.article, Field.SPEAKER, value)
    for name, one in columns.items():
        setattr(claim, name, one)
    claim.save(update_fields=[*columns, "engine_values", "modified_at"])
    claim.links.all().delete()
    ClaimSpeaker.objects.bulk_create(links_of(claim, value))
    getattr(claim, "_prefetched_objects_cache", {}).pop("links", None)


def _make_room(claim: Claim, key: str) -> None:
    """Two claims of one article never have the same words; one that is in no list gives way."""
    other = claim.article.claims.filter(depth=claim.depth, span_key=key).exclude(pk=claim.pk).first()
    if other is None:
        return
    if other.is_current:
        raise Conflict(f"Claim {other.pk} has these very words already: reject one of the two.", field="content")
    Claim.objects.filter(pk=other.pk).update(span_key=f"gave way {other.pk}")


def restore_value(claim: Claim, field: str) -> None:
    """Gives a field the value that counts once its newest correction is undone."""
    if field in _NEED_TEXT:
        need_text(claim.article)
    kept = dict(claim.engine_values or {})
    earlier = standing_corrections(claim).filter(field__in=[field, Field.ADDED]).first()
    value = earlier.after[field] if earlier else kept.pop(field, None)
    if field == Field.KIND and Field.SPAN in kept and not earlier:
        value = kind_of(claim.article, spans_of(value_of(claim, Field.SPAN)["spans"]))
    if field == Field.SPAN and _has_own_kind(claim):
        value = {**value, "kind": claim.kind}
    claim.engine_values = kept or None
    _put(claim, field, value)


def record_correction(
    claim: Claim,
    field: str,
    before: dict[str, Any],
    after: dict[str, Any],
    actor: Any,
    reason: str,
    undoes: Correction | None = None,
) -> Correction:
    """Signs a correction, in the claim's own rows and in the ledger."""
    reason = reason.strip()
    correction = Correction.objects.create(
        claim=claim, field=field, before=before, after=after, reason=reason, author=actor, undoes=undoes
    )
    if field not in (Field.REJECTED, Field.ACCEPTED):  # those moved the status, or moved nothing
        claim.save(update_fields=["modified_at"])
    action = _ACTIONS.get(field, f"correct_{field}")
    decides = field in (Field.REJECTED, Field.ACCEPTED)  # the status has a line of its own
    readable = [{} if decides else _readable(claim, values) for values in (before, after)]
    record_change(claim, action, actor=actor, before=readable[0], after=readable[1], reason=reason, claim_id=claim.pk)
    return correction


def _readable(claim: Claim, values: dict[str, Any]) -> dict[str, Any]:
    """Values for the ledger, which people read: words instead of offsets."""
    return {name: _words(claim, name, value) for name, value in values.items()}


def _words(claim: Claim, field: str, value: Any) -> Any:
    text = claim.article.text
    if field == Field.SPAN:
        value = value["spans"]
    if field in (Field.SPAN, Field.CUE, Field.MENTION):
        return " … ".join(text[start:end] for start, end in value)
    if field == Field.SPEAKER:
        return ", ".join(link["name"] or link["words"] for link in value["links"]) or value["status"]
    return value


def require_reason_if_published(claim: Claim, field: str, reason: str) -> None:
    """Stops where a published verdict would silently come to rest on other words or another speaker."""
    if field in (Field.SPAN, Field.SPEAKER) and not reason.strip() and is_published(claim):
        raise InvalidValue("A published verdict rests on this claim: say why it is corrected.", field="reason")


def need_text(article: Article) -> None:
    """Stops where there is no text to correct against."""
    if not article.text:
        raise Conflict("The article's text was taken down: its words cannot be corrected any more.")


def is_published(claim: Claim) -> bool:
    """Whether readers see a verdict on it."""
    return claim.verdicts.filter(state=Verdict.State.PUBLISHED).exists()
