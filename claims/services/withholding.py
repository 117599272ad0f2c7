"""New articles about somebody whose data were erased: the claims are stored, the person is not.

Stands between the engine's output and everything that is written of it. Where a speaker's key is one that was erased,
the name is masked in the article before it is stored (a full-text index would keep the words of an earlier version),
and the speaker of the claim is left open. Only speakers are known again, by full names that the engine found; a name
that merely occurs in a text is not looked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from claims.extraction import ExtractedClaim, Extraction, RelayedClaim, SpeakerReference
from claims.extraction.identity import PlannedSpeaker, SpeakerPlan, alias_key, claim_status
from claims.services.erasure import erased_keys
from claims.services.masking import WITHHELD, NameMask, blank

_COLUMNS = ("headline", "byline")


@dataclass(frozen=True, slots=True)
class Withheld:
    """The erased persons who speak in one text.

    Attributes:
        names: Every form of their names that the text uses.
        keys: Alias keys of these forms.
        mentions: Where the text points at them in other words, such as "the miller".
    """

    names: NameMask
    keys: frozenset[str]
    mentions: tuple[tuple[int, int], ...]

    def masked(self, row: Any) -> dict[str, Any]:
        """The columns of an article, or of a parsed one, without the persons; offsets into the text stay true."""
        text = blank(row.text, [*self.names.places(row.text), *self.mentions])
        others = {name: self.names.mask(getattr(row, name)) for name in _COLUMNS}
        return {"text": text, "url": self.names.mask(row.url, by="x"), **others}


def withheld_in(extraction: Extraction) -> Withheld | None:
    """The erased persons who speak in the text, if any do; one query, none where nobody is named."""
    references = list(_references(extraction))
    named: dict[str, list[SpeakerReference]] = {}
    for one in references:
        for form in (one.name or "", *(alias for alias in one.aliases if " " in alias)):
            if form:
                named.setdefault(alias_key(form), []).append(one)
    gone = erased_keys(named)
    if not gone:
        return None
    forms = {form for key in gone for one in named[key] for form in (one.name or "", *one.aliases) if form}
    keys = frozenset(map(alias_key, forms))
    mentions = [
        (span.start, span.end)
        for claim in _claims(extraction)
        if claim.speaker and not claim.speaker.members and alias_key(claim.speaker.name or "") in keys
        for span in claim.mention
    ]
    return Withheld(NameMask(forms), keys, tuple(mentions))


def without(withheld: Withheld, extraction: Extraction, plan: SpeakerPlan) -> tuple[Extraction, SpeakerPlan]:
    """The extraction and its plan without these persons: no row, no link, no alias and no candidate of theirs."""
    return _masked_references(extraction, withheld.names), _reduced(plan, withheld.keys)


def _claims(extraction: Extraction) -> tuple[ExtractedClaim | RelayedClaim, ...]:
    return (*extraction.claims, *extraction.relayed)


def _references(extraction: Extraction) -> Iterator[SpeakerReference]:
    for claim in _claims(extraction):
        if claim.speaker:
            yield from claim.speaker.members or (claim.speaker,)


def _masked_references(extraction: Extraction, mask: NameMask) -> Extraction:
    """Candidates that were weighed for a mention may be the person too; descriptions may hold the name."""

    def masked(one: SpeakerReference | None) -> SpeakerReference | None:
        if one is None:
            return None
        candidates = tuple(each for each in one.candidates if not mask.places(each.name))
        members = tuple(member for member in map(masked, one.members) if member)
        roles = () if one.name and mask.places(one.name) else tuple(map(mask.mask, one.roles))
        return replace(one, candidates=candidates, members=members, roles=roles)

    return replace(
        extraction,
        text=mask.mask(extraction.text),
        claims=tuple(replace(claim, speaker=masked(claim.speaker)) for claim in extraction.claims),
        relayed=tuple(replace(claim, speaker=masked(claim.speaker)) for claim in extraction.relayed),
    )


def _reduced(plan: SpeakerPlan, keys: frozenset[str]) -> SpeakerPlan:
    staying = [number for number, one in enumerate(plan.new) if one.key not in keys]
    places = {old: number for number, old in enumerate(staying)}

    def kept(one: PlannedSpeaker) -> PlannedSpeaker:
        if (one.name and alias_key(one.name) in keys) or (one.new is not None and one.new not in places):
            return PlannedSpeaker(WITHHELD, None, "unnamed", confidence=one.confidence, reason="withheld")
        return one if one.new is None else replace(one, new=places[one.new])

    def each(members: Iterable[PlannedSpeaker]) -> tuple[PlannedSpeaker, ...]:
        return tuple(map(kept, members))

    claims, relayed = tuple(map(each, plan.claims)), tuple(map(each, plan.relayed))
    known = {one.known for members in (*claims, *relayed) for one in members}
    new = tuple(plan.new[number] for number in staying)
    met = tuple(one for one in plan.met if one.id in known)
    return SpeakerPlan(new, claims, tuple(map(claim_status, claims)), relayed, met)
