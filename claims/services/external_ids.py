"""A speaker's names elsewhere: Wikidata items and pages about them.

One id is one entity: two speakers with the same one are probably one and are shown as possible duplicates, but they are
not refused, since merging is a decision of its own. Nothing is fetched: whether the item exists is for the editor to
see.
"""

import re
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import IntegrityError, transaction

from claims.errors import Conflict, InvalidValue
from claims.models import Speaker, SpeakerExternalId
from claims.services.history import record_change, require

_ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
_WIKIDATA_HOSTS = frozenset({"wikidata.org", "www.wikidata.org", "m.wikidata.org"})
MOST_URL = 500


def read_external_id(value: str) -> tuple[str, str]:
    """Scheme and normal form of what an editor typed or pasted.

    A Q-number in any case, the address of a Wikidata item, or another http(s) address.

    Raises:
        InvalidValue: it is none of these.
    """
    value = value.strip()
    if _ITEM.fullmatch(value.upper()):
        return SpeakerExternalId.Scheme.WIKIDATA, value.upper()
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"} or "." not in host or any(char.isspace() for char in value):
        raise InvalidValue(
            "Give a Wikidata number such as Q42, or an address that begins with https://.", field="value"
        )
    if host in _WIKIDATA_HOSTS:
        item = parts.path.rstrip("/").rpartition("/")[2].upper()
        if not _ITEM.fullmatch(item):
            raise InvalidValue("That page of Wikidata is no item: its address ends with Q and a number.", field="value")
        return SpeakerExternalId.Scheme.WIKIDATA, item
    if parts.username or parts.password:
        raise InvalidValue("An address with a password in it is not kept.", field="value")
    address = urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))
    if len(address) > MOST_URL:
        raise InvalidValue(f"An address has at most {MOST_URL} characters.", field="value")
    return SpeakerExternalId.Scheme.SAME_AS, address


@transaction.atomic
def add_external_id(speaker: Speaker, *, actor: Any, value: str) -> SpeakerExternalId:
    """Notes where the speaker is known elsewhere.

    Raises:
        NotAllowed: the actor may not change speakers.
        InvalidValue: neither a Wikidata item nor an address; or a second Wikidata item.
        Conflict: the speaker has it already, or is merged into another.
    """
    require(actor, "claims.change_speaker")
    scheme, normal = read_external_id(value)
    speaker = Speaker.objects.select_for_update().get(pk=speaker.pk)
    if speaker.merged_into_id:
        raise Conflict(f"{speaker.name} is merged into speaker {speaker.merged_into_id}: edit that one.")
    held = speaker.external_ids.filter(scheme=SpeakerExternalId.Scheme.WIKIDATA).exclude(value=normal).first()
    if scheme == SpeakerExternalId.Scheme.WIKIDATA and held:
        raise Conflict(f"{speaker.name} is {held.value} already: take that off first.", field="value")
    try:
        with transaction.atomic():
            row = SpeakerExternalId.objects.create(speaker=speaker, scheme=scheme, value=normal)
    except IntegrityError:
        raise Conflict(f"{speaker.name} has {normal} already.", field="value") from None
    speaker.save(update_fields=["modified_at"])
    after = {"scheme": str(scheme), "external_id": normal}
    record_change(speaker, "add_external_id", actor=actor, after=after)
    return row


@transaction.atomic
def remove_external_id(row: SpeakerExternalId, *, actor: Any) -> None:
    """Takes an external id off a speaker.

    Raises:
        NotAllowed: the actor may not change speakers.
    """
    require(actor, "claims.change_speaker")
    before = {"scheme": row.scheme, "external_id": row.value}
    record_change(row.speaker, "remove_external_id", actor=actor, before=before)
    row.speaker.save(update_fields=["modified_at"])
    row.delete()
