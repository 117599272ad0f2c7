"""New articles about somebody whose data were erased: the claims are stored, the person is not.

Runs between the engine's plan and the rows made of it. Where a speaker's key is one that was erased, the name is
masked in the article's text (and headline, byline and address), and the speaker of the claim is left open. Only
speakers are known again, by full names that the engine found; a name that merely occurs in a text is not looked for.
"""

from collections.abc import Iterable
from dataclasses import replace

from claims.extraction import Extraction, SpeakerReference
from claims.extraction.identity import MetAliases, NewSpeaker, PlannedSpeaker, SpeakerPlan, alias_key, claim_status
from claims.services.erasure import erased_keys
from claims.services.masking import WITHHELD, NameMask, blank
from sources.models import Article

_COLUMNS = ("headline", "byline")


def withhold_erased(
    article: Article, extraction: Extraction, plan: SpeakerPlan, *, save: bool = True
) -> tuple[Extraction, SpeakerPlan]:
    """The extraction and the plan without erased persons; the article's own columns are masked with them.

    Args:
        article: The article at hand.
        extraction: The engine's output over its text.
        plan: Its speakers across articles.
        save: Whether to store the masked columns, inside the caller's transaction; else they change in memory only.
    """
    references = [
        member
        for claim in (*extraction.claims, *extraction.relayed)
        if claim.speaker
        for member in (claim.speaker.members or (claim.speaker,))
    ]
    named: dict[str, list[SpeakerReference]] = {}
    for one in references:
        for form in dict.fromkeys((one.name or "", *(alias for alias in one.aliases if " " in alias))):
            if form:
                named.setdefault(alias_key(form), []).append(one)
    gone = erased_keys(named)
    if not gone:
        return extraction, plan
    forms = {form for key in gone for one in named[key] for form in (one.name or "", *one.aliases)}
    mask = NameMask(forms)
    keys = {alias_key(form) for form in forms if form}
    _mask_article(article, mask, extraction, keys)
    if save:
        article.save(update_fields=["text", "url", *_COLUMNS, "modified_at"])
    return _masked_references(extraction, mask), _without(plan, keys)


def _mask_article(article: Article, mask: NameMask, extraction: Extraction, keys: set[str]) -> None:
    places = mask.places(article.text)
    for claim in (*extraction.claims, *extraction.relayed):
        speaker = claim.speaker
        if speaker and not speaker.members and speaker.name and alias_key(speaker.name) in keys:
            places += [(span.start, span.end) for span in claim.mention]
    article.text = blank(article.text, places)
    article.url = mask.mask(article.url, by="x")
    for name in _COLUMNS:
        setattr(article, name, mask.mask(getattr(article, name)))


def _masked_references(extraction: Extraction, mask: NameMask) -> Extraction:
    """Candidates that were weighed for a mention may be the person too."""

    def masked(one: SpeakerReference | None) -> SpeakerReference | None:
        if one is None:
            return None
        candidates = tuple(each for each in one.candidates if not mask.places(each.name))
        members = tuple(member for member in map(masked, one.members) if member)
        return replace(one, candidates=candidates, members=members)

    return replace(
        extraction,
        text=mask.mask(extraction.text),
        claims=tuple(replace(claim, speaker=masked(claim.speaker)) for claim in extraction.claims),
        relayed=tuple(replace(claim, speaker=masked(claim.speaker)) for claim in extraction.relayed),
    )


def _without(plan: SpeakerPlan, keys: set[str]) -> SpeakerPlan:
    """The plan without rows, links and aliases of these keys."""
    staying = [number for number, one in enumerate(plan.new) if one.key not in keys]
    places = {old: number for number, old in enumerate(staying)}

    def kept(one: PlannedSpeaker) -> PlannedSpeaker:
        if (one.name and alias_key(one.name) in keys) or (one.new is not None and one.new not in places):
            return PlannedSpeaker(WITHHELD, None, "unnamed", confidence=one.confidence, reason="withheld")
        return one if one.new is None else replace(one, new=places[one.new])

    def each(members: Iterable[PlannedSpeaker]) -> tuple[PlannedSpeaker, ...]:
        return tuple(map(kept, members))

    claims = tuple(map(each, plan.claims))
    known = {one.known for members in (*claims, *map(each, plan.relayed)) for one in members}
    new: tuple[NewSpeaker, ...] = tuple(plan.new[number] for number in staying)
    met: tuple[MetAliases, ...] = tuple(one for one in plan.met if one.id in known)
    return SpeakerPlan(new, claims, tuple(map(claim_status, claims)), tuple(map(each, plan.relayed)), met)
