"""Whom an editor names as the speakers of a claim.

An editor knows what the engine may not guess: that a bare surname is this person, or that a name nobody met is a new
speaker. But even an editor's typed name makes no second row beside one of the same name: an exact full name is that
speaker, and a name that others bear too is refused with them named, so that somebody chooses. Do not create a Speaker
for a claim anywhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claims.errors import InvalidValue
from claims.extraction.identity import alias_key
from claims.models import Claim, Speaker, SpeakerAlias
from claims.services.corrected_values import survivors_of
from sources.services import free_slug, slug_of, taken_slugs

MOST_SPEAKERS = 12
BY_EDITOR = "editor"
"""`speaker_reason` of a claim whose speaker an editor named."""


@dataclass(frozen=True, slots=True)
class SpeakerChoice:
    """One speaker of a claim, as an editor gives it.

    Attributes:
        speaker: A stored speaker; one that was merged stands for its survivor.
        name: Else the name of one who is found by it or made new.
        kind: What a new one is: person, organisation or unknown.
        words: How the text calls the speaker; empty takes the mention. Alone, it makes an unnamed source.
    """

    speaker: Speaker | None = None
    name: str = ""
    kind: str = Speaker.Kind.PERSON
    words: str = ""


def speaker_value(claim: Claim, choices: Sequence[SpeakerChoice]) -> dict[str, Any]:
    """The choices as the value of the field `speaker`; makes new speakers where needed.

    Raises:
        InvalidValue: too many, one twice, a choice that says nothing, or a name that several may bear.
    """
    if len(choices) > MOST_SPEAKERS:
        raise InvalidValue(f"A claim has {MOST_SPEAKERS} speakers at most, got {len(choices)}.", field="speakers")
    words_before = {link.speaker_id: link.words for link in claim.links.all()} if claim.pk else {}
    links: list[dict[str, Any]] = []
    for choice in choices:
        speaker = _speaker(choice)
        if speaker is None and not choice.words.strip():
            raise InvalidValue("A speaker needs a row, a name, or the words of the text for them.", field="speakers")
        if speaker and any(link["speaker_id"] == speaker.pk for link in links):
            raise InvalidValue(f"{speaker.name} is named twice.", field="speakers")
        known = words_before.get(speaker.pk if speaker else None, "")
        name = speaker.name if speaker else ""
        links.append(
            {
                "speaker_id": speaker.pk if speaker else None,
                "words": choice.words.strip() or known or claim.mention_text or name,
                "name": name,
                "key": alias_key(name)[:300] if name else "",
                "position": len(links),
                "candidates": [],
            }
        )
    status = Claim.SpeakerStatus.NONE
    if links:
        named = any(link["speaker_id"] for link in links)
        status = Claim.SpeakerStatus.RESOLVED if named else Claim.SpeakerStatus.UNNAMED
    return {"status": str(status), "confidence": 1.0, "reason": BY_EDITOR, "links": links}


def _speaker(choice: SpeakerChoice) -> Speaker | None:
    if choice.speaker is not None:
        survivor = survivors_of([choice.speaker.pk])[choice.speaker.pk]
        return Speaker.objects.get(pk=survivor)
    name = " ".join(choice.name.split())[:300]
    return _find_or_make(name, choice.kind) if name else None


def _find_or_make(name: str, kind: str) -> Speaker:
    key = alias_key(name)[:300]
    if not any(char.isalnum() for char in name):
        raise InvalidValue(f"“{name}” is no name: it has neither letters nor digits.", field="speakers")
    if kind not in Speaker.Kind.values:
        raise InvalidValue(f"kind must be one of {', '.join(Speaker.Kind.values)}, got {kind!r}.", field="speakers")
    aliases = list(SpeakerAlias.objects.filter(key=key).select_related("speaker").order_by("speaker_id"))
    if identified := next((alias.speaker for alias in aliases if alias.is_identifying), None):
        return identified
    if aliases:
        bearers = ", ".join(f"{alias.speaker.name} (no. {alias.speaker_id})" for alias in aliases[:5])
        raise InvalidValue(
            f"“{name}” is a name of {bearers}: choose the speaker, or give a fuller name.", field="speakers"
        )
    base = slug_of(key)
    slug = free_slug(base, taken_slugs(Speaker, [base]))
    speaker = Speaker.objects.create(name=name, slug=slug, kind=kind)
    # A single word never identifies a person: the next article's bearer of it may be somebody else.
    is_full = " " in key or kind == Speaker.Kind.ORGANISATION
    SpeakerAlias.objects.create(
        speaker=speaker, name=name, key=key, is_identifying=is_full, origin=SpeakerAlias.Origin.EDITOR
    )
    return speaker
