"""Evidence: adding it to a claim, using it for further ones, changing it, and asking what rests on it.

Addresses are checked and normalised as articles' are, and never fetched. Evidence is the desk's, not its author's:
whoever may change evidence may correct any of it, and the ledger of every claim that uses it says so. Nothing is
deleted: evidence that no claim uses any more stays and can be found again.
"""

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from claims.errors import Conflict, InvalidValue
from claims.models import Claim, Evidence, EvidenceLink, Verdict
from claims.models.evidence import KEY_LENGTH
from claims.services.history import choice, record_change, require
from sources.parsing import BadField, normalise_url

MOST_TITLE = 300
MOST_PASSAGE = 20_000
_FIELDS = ("url", "title", "passage", "archived_url", "accessed_on")
_RESTING = (Verdict.State.PROPOSED, Verdict.State.PUBLISHED, Verdict.State.WITHDRAWN, Verdict.State.SUPERSEDED)


def address_key(url: str) -> str:
    """The form of an address on which its spellings agree, at most `KEY_LENGTH` characters.

    Scheme, "www.", a slash at the end, tracking parameters and the fragment are set aside. A long one ends in a hash.

    Raises:
        InvalidValue: It is no http or https address.
    """
    key = _address(url, "url").partition("://")[2].removeprefix("www.").rstrip("/")
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: KEY_LENGTH - len(digest) - 1]}#{digest}"


@transaction.atomic
def add_evidence(
    claim: Claim,
    *,
    author: Any,
    url: str,
    title: str = "",
    passage: str = "",
    stance: str = EvidenceLink.Stance.CONTEXT,
    archived_url: str = "",
    accessed_on: date | None = None,
) -> EvidenceLink:
    """Stores evidence and uses it for a claim.

    Raises:
        NotAllowed: The author may not add evidence.
        InvalidValue: An address, the stance or the date is wrong.
    """
    require(author, "claims.add_evidence")
    values = _checked(url=url, title=title, passage=passage, archived_url=archived_url, accessed_on=accessed_on)
    stance = choice(stance, EvidenceLink.Stance, "stance")
    evidence = Evidence.objects.create(author=author, url_key=address_key(values["url"]), **values)
    record_change(evidence, "add_evidence", actor=author, after=_state(evidence), claim_id=claim.pk)
    return _link(evidence, claim, author, stance)


@transaction.atomic
def link_evidence(
    evidence: Evidence, *, claim: Claim, actor: Any, stance: str = EvidenceLink.Stance.CONTEXT
) -> EvidenceLink:
    """Uses stored evidence for a further claim.

    Raises:
        NotAllowed: The actor may not add evidence.
        InvalidValue: No such stance.
        Conflict: The claim uses it already.
    """
    require(actor, "claims.add_evidence")
    stance = choice(stance, EvidenceLink.Stance, "stance")
    if EvidenceLink.objects.filter(evidence=evidence, claim=claim).exists():
        raise Conflict("This claim uses that evidence already: change its stance there.")
    return _link(evidence, claim, actor, stance)


@transaction.atomic
def set_stance(link: EvidenceLink, *, actor: Any, stance: str) -> EvidenceLink:
    """Says anew what a piece of evidence does to one claim.

    Raises:
        NotAllowed: The actor may not change evidence.
        InvalidValue: No such stance.
    """
    require(actor, "claims.change_evidence")
    link = EvidenceLink.objects.select_for_update().get(pk=link.pk)
    before = _link_state(link)
    link.stance = choice(stance, EvidenceLink.Stance, "stance")
    after = _link_state(link)
    if after != before:
        link.save(update_fields=["stance", "modified_at"])
        record_change(link, "set_stance", actor=actor, before=before, after=after, claim_id=link.claim_id)
    return link


@transaction.atomic
def edit_evidence(evidence: Evidence, *, actor: Any, **values: Any) -> Evidence:
    """Changes `url`, `title`, `passage`, `archived_url` or `accessed_on`; what is not given stays.

    Raises:
        NotAllowed: The actor may not change evidence.
        InvalidValue: A wrong value, or a field that evidence does not have.
    """
    require(actor, "claims.change_evidence")
    if unknown := sorted(set(values) - set(_FIELDS)):
        raise InvalidValue(f"Evidence has no field {unknown[0]!r}; it has {', '.join(_FIELDS)}.", field=unknown[0])
    evidence = Evidence.objects.select_for_update().get(pk=evidence.pk)
    before = _state(evidence)
    for name, value in _checked(**values).items():
        setattr(evidence, name, value)
    after = _state(evidence)
    if after != before:
        evidence.url_key = address_key(evidence.url)
        evidence.save(update_fields=[*_FIELDS, "url_key", "modified_at"])
        record_change(evidence, "edit_evidence", actor=actor, before=before, after=after)
    return evidence


@transaction.atomic
def unlink_evidence(link: EvidenceLink, *, actor: Any, reason: str = "") -> None:
    """Takes evidence off one claim; it stays with the others, and can be found again.

    Raises:
        NotAllowed: The actor may not change evidence.
    """
    require(actor, "claims.change_evidence")
    link = EvidenceLink.objects.select_for_update().get(pk=link.pk)
    before = _link_state(link)
    record_change(link, "unlink_evidence", actor=actor, before=before, reason=reason.strip(), claim_id=link.claim_id)
    link.delete()


def verdicts_resting_on(url: str) -> QuerySet[Verdict]:
    """The verdicts of all claims that use evidence from this address, drafts aside, newest first.

    Raises:
        InvalidValue: It is no http or https address.
    """
    links = EvidenceLink.objects.filter(evidence__url_key=address_key(url))
    return Verdict.objects.filter(state__in=_RESTING, claim__in=links.values("claim")).order_by("-pk")


def _link(evidence: Evidence, claim: Claim, actor: Any, stance: str) -> EvidenceLink:
    link = EvidenceLink.objects.create(evidence=evidence, claim=claim, stance=stance, added_by=actor)
    record_change(link, "link_evidence", actor=actor, after=_link_state(link), claim_id=claim.pk)
    return link


def _state(evidence: Evidence) -> dict[str, Any]:
    day = evidence.accessed_on
    return {
        **{name: getattr(evidence, name) for name in _FIELDS},
        "accessed_on": day.isoformat() if day else None,
    }


def _link_state(link: EvidenceLink) -> dict[str, Any]:
    return {"evidence": link.evidence_id, "title": str(link.evidence), "stance": link.stance}


def _checked(**values: Any) -> dict[str, Any]:
    """The values as they are stored.

    Raises:
        InvalidValue: One of them cannot be.
    """
    if "url" in values:
        values["url"] = _address(values["url"], "url")
    if values.get("archived_url"):
        values["archived_url"] = _address(values["archived_url"], "archived_url")
    for name, most in (("title", MOST_TITLE), ("passage", MOST_PASSAGE)):
        if name in values:
            values[name] = values[name].strip()
            if len(values[name]) > most:
                raise InvalidValue(f"{name} has {len(values[name]):,} characters; at most {most:,}.", field=name)
    if (day := values.get("accessed_on")) and day > timezone.localdate():
        raise InvalidValue("The access date is not yet there: give the day on which it was read.", field="accessed_on")
    return values


def _address(url: str, field: str) -> str:
    try:
        return normalise_url(url)
    except BadField as error:
        raise InvalidValue(f"{str(error).replace('`url`', f'`{field}`')}.", field=field) from None
