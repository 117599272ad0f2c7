"""What an editor changes about a speaker's row, merging aside: name, kind, visibility, aliases.

Aliases met in articles are evidence and could be met again; an editor may take one off nevertheless, where it was a
mistake. A slug never changes with the name: it is in links that others keep.
"""

from typing import Any

from django.db import IntegrityError, transaction

from claims.errors import Conflict, InvalidValue
from claims.extraction.identity import alias_key
from claims.models import Speaker, SpeakerAlias
from claims.services.history import record_change, require

_EDITABLE = ("name", "kind", "is_hidden")


@transaction.atomic
def edit_speaker(speaker: Speaker, *, actor: Any, reason: str = "", **values: Any) -> Speaker:
    """Changes `name`, `kind` or `is_hidden`; what is not given stays.

    Raises:
        NotAllowed: the actor may not change speakers.
        InvalidValue: another field, an empty name, or no such kind.
        Conflict: the speaker is merged into another.
    """
    require(actor, "claims.change_speaker")
    if unknown := sorted(set(values) - set(_EDITABLE)):
        raise InvalidValue(f"Of a speaker one may change {', '.join(_EDITABLE)}; got {', '.join(unknown)}.")
    if not str(values.get("name", "x")).strip():
        raise InvalidValue("A speaker needs a name.", field="name")
    if values.get("kind", Speaker.Kind.UNKNOWN) not in Speaker.Kind.values:
        raise InvalidValue(f"kind must be one of {', '.join(Speaker.Kind.values)}.", field="kind")
    speaker = _locked(speaker)
    before = {name: getattr(speaker, name) for name in values if getattr(speaker, name) != values[name]}
    if before:
        after = {name: values[name] for name in before}
        for name, value in after.items():
            setattr(speaker, name, value)
        speaker.save(update_fields=[*after, "modified_at"])
        if "name" in after:
            _keep_findable(speaker)
        record_change(speaker, "edit_speaker", actor=actor, before=before, after=after, reason=reason.strip())
    return speaker


def _keep_findable(speaker: Speaker) -> None:
    """Makes a new name an alias too: readers look a speaker up by the name they see.

    It does not identify: which articles are joined to the row is a decision of its own.
    """
    if any(char.isalnum() for char in speaker.name):
        SpeakerAlias.objects.get_or_create(
            speaker=speaker,
            key=alias_key(speaker.name)[:300],
            defaults={"name": speaker.name, "origin": SpeakerAlias.Origin.EDITOR, "is_identifying": False},
        )


@transaction.atomic
def add_alias(speaker: Speaker, *, actor: Any, name: str, is_identifying: bool = False) -> SpeakerAlias:
    """Adds a name under which a speaker is looked up and, where it identifies, met in new articles.

    Raises:
        NotAllowed: the actor may not add aliases.
        InvalidValue: the name is empty.
        Conflict: the speaker has it already, or it identifies another one.
    """
    require(actor, "claims.add_speakeralias")
    name = " ".join(name.split())[:300]
    key = alias_key(name)[:300]
    if not any(char.isalnum() for char in name):
        raise InvalidValue("An alias needs a name with letters or digits in it.", field="name")
    speaker = _locked(speaker)
    try:
        with transaction.atomic():
            alias = SpeakerAlias.objects.create(
                speaker=speaker, name=name, key=key, is_identifying=is_identifying, origin=SpeakerAlias.Origin.EDITOR
            )
    except IntegrityError:
        raise Conflict(_why_taken(speaker, name, key), field="name") from None
    after = {"alias": name, "is_identifying": is_identifying}
    record_change(speaker, "add_alias", actor=actor, after=after)
    return alias


@transaction.atomic
def remove_alias(alias: SpeakerAlias, *, actor: Any) -> None:
    """Takes a name off a speaker; claims stored under it stay where they are.

    Raises:
        NotAllowed: the actor may not remove aliases.
    """
    require(actor, "claims.delete_speakeralias")
    before = {"alias": alias.name, "is_identifying": alias.is_identifying, "origin": alias.origin}
    record_change(alias.speaker, "remove_alias", actor=actor, before=before)
    alias.delete()


def _locked(speaker: Speaker) -> Speaker:
    speaker = Speaker.objects.select_for_update().get(pk=speaker.pk)
    if speaker.merged_into_id:
        raise Conflict(f"{speaker.name} is merged into speaker {speaker.merged_into_id}: edit that one.")
    return speaker


def _why_taken(speaker: Speaker, name: str, key: str) -> str:
    if speaker.aliases.filter(key=key).exists():
        return f"{speaker.name} has the alias “{name}” already, case and accents aside."
    other = Speaker.objects.filter(aliases__key=key, aliases__is_identifying=True).first()
    return f"“{name}” already identifies {other}: merge the two, or add it without “identifying”."
