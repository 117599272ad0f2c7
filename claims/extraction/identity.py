"""Who is who across articles: exact keys, one look-up, a plan that the caller stores.

An article's own text decides what a mention means there (`speakers`); this module only decides whether two
articles mean the same one. It joins by the exact key of a full name and by nothing else: no similarity, no
surname, no initials matched to first names. A wrong join puts words into a real person's mouth on every
page of the site, while a missed join is one click of merging for an editor.

Which names may make or join a row:
  * a person's name of two words or more; a single word ("Ilyas", "Obama") never does, even if some known
    speaker carries it as an alias;
  * an organisation's name, single words and acronyms included ("Reuters", "NATO"), but a single word joins
    only a known organisation, never a person of that name.
Where nobody is known by the fullest name of an article, a shorter full form of it in the same article joins: the
article itself says that "Ann B. Carr" is "Ann Carr". Two known speakers with the key are `ambiguous`; both are kept
as candidates and no row is made. A role that the article gives to nobody ("the finance minister") may be one that
earlier articles gave to somebody; that is the caller's knowledge, asked for by `role_key`.

The database is a function passed in. Do NOT import a model here, do NOT look up names one by one, and do
NOT change `alias_key` lightly: keys are stored and indexed, so a change needs a migration that rewrites them.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from claims.extraction.lexicons import load
from claims.extraction.role_keys import role_key
from claims.extraction.values import Extraction, SpeakerReference, SpeakerStatus, SpeakerType

Lookup = Callable[[Collection[str]], Mapping[str, Sequence["KnownSpeaker"]]]
ROLE_REASON = "role-earlier"
ROLE_CONFIDENCE = 0.7
"""Below every rule that reads the article itself; not measured, since the corpora have no earlier articles."""

_HONORIFICS = load("honorifics")
_SHORT_TITLES = frozenset(title for title in _HONORIFICS if len(title) <= 4)
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
_FOLDABLE = re.compile(r"[A-Za-zͰ-Ͽ]")  # scripts whose marks are accents, not vowels or letters
_MAX_NAME = 400  # characters; a longer "name" is not one, and keys stay indexable


@dataclass(frozen=True, slots=True)
class KnownSpeaker:
    """A stored speaker as the look-up returns it; `id` is the caller's own and only handed back."""

    id: int
    name: str
    type: SpeakerType


@dataclass(frozen=True, slots=True)
class NewSpeaker:
    """A speaker that no known alias key matches.

    Attributes:
        name: The fullest name in the article.
        type: `person` or `organisation`.
        key: `alias_key(name)`; unique within one plan.
        aliases: Other forms met, without `name`; single words of a person are for display and search only.
    """

    name: str
    type: SpeakerType
    key: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MetAliases:
    """Forms of a known speaker's name that this article uses, the full name first."""

    id: int
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedSpeaker:
    """One speaker of one claim: a known row, a new one, or words alone.

    Attributes:
        words: The mention's words, or the member's own words of a joint mention.
        name: The name in the article; None where it has none.
        status: After the look-up; `resolved` if and only if one of `known` and `new` is set.
        known: Id of a known speaker.
        new: Index into `SpeakerPlan.new`.
        candidates: The known speakers that share the key, where `ambiguous` across articles.
        confidence: Of the reference within the article, in [0, 1].
        reason: The rule's slug of the reference, or `shared-key`.
    """

    words: str
    name: str | None
    status: SpeakerStatus
    known: int | None = None
    new: int | None = None
    candidates: tuple[KnownSpeaker, ...] = ()
    confidence: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerPlan:
    """What to store for the speakers of one extraction.

    Attributes:
        new: Rows to create, each once per article.
        claims: For each claim of the extraction its speakers in text order; empty where it has no source.
        statuses: For each claim its speaker_status: the least certain one of its named members.
        relayed: The same as `claims` for `Extraction.relayed`.
        met: Aliases to add to known speakers.
    """

    new: tuple[NewSpeaker, ...]
    claims: tuple[tuple[PlannedSpeaker, ...], ...]
    statuses: tuple[SpeakerStatus, ...]
    relayed: tuple[tuple[PlannedSpeaker, ...], ...] = ()
    met: tuple[MetAliases, ...] = ()


def alias_key(name: str) -> str:
    """Returns the key under which a name is stored and joined; empty only for a name without content.

    Folds width and compatibility forms (NFKC), case, accents of Latin and Greek letters, punctuation,
    repeated space, a leading article and leading titles. Apostrophes vanish ("O'Neil", "ONeil"), single
    letters close up ("J. K.", "J.K."). Marks of other scripts are letters and stay. Full-word titles fall
    only while two words remain, so that "Minister" and "Mayor Group" keep a key of their own.
    """
    folded = unicodedata.normalize("NFKC", name[:_MAX_NAME]).casefold()
    words = "".join(_fold_characters(folded)).split()
    words = _without_titles(words)
    key = unicodedata.normalize("NFC", " ".join(_close_initials(words)))
    return key or " ".join(folded.split())


def _fold_characters(folded: str) -> Iterator[str]:
    base_is_foldable = False
    for char in unicodedata.normalize("NFKD", folded):
        category = unicodedata.category(char)
        if category[0] == "M":
            if not base_is_foldable:
                yield char
        elif category[0] in "LN":
            base_is_foldable = bool(_FOLDABLE.match(char))
            yield _LETTERS.get(char, char)
        elif char in "'’‘ʼ`´" or category == "Cf":
            continue
        elif char == "&":
            yield " and "
        else:
            base_is_foldable = False
            yield " "


def _without_titles(words: list[str]) -> list[str]:
    while len(words) > 1:
        if words[0] == "the":
            words = words[1:]
        elif " ".join(words[:2]) in _HONORIFICS and len(words) > 3:
            words = words[2:]
        elif words[0] in _HONORIFICS and (words[0] in _SHORT_TITLES or len(words) > 2):
            words = words[1:]
        else:
            break
    return words


def _close_initials(words: Sequence[str]) -> Iterator[str]:
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            yield run
            run = ""
        yield word
    if run:
        yield run


def resolve_speakers(extraction: Extraction, *, lookup: Lookup, roles: Lookup | None = None) -> SpeakerPlan:
    """Joins an article's named speakers to known ones, or plans new ones.

    Args:
        extraction: The engine's output; only its references are read.
        lookup: Given alias keys, returns for each key the known speakers that carry it (missing keys: none).
            Called once, and not at all where no name can join.
        roles: Given role keys, likewise returns who held them at the time, as earlier articles tell.

    Returns:
        A plan that names every row to make and every link to store; it refers to claims by position.
    """
    references = [claim.speaker for claim in extraction.claims]
    relayed = [claim.speaker for claim in extraction.relayed]
    keys = {key for one in [*references, *relayed] for member in _members(one) for key in _join_keys(member)}
    held = {_role_key(member) for one in [*references, *relayed] for member in _members(one)} - {""}
    book = _Book(lookup(frozenset(keys)) if keys else {}, roles(frozenset(held)) if roles and held else {})
    claims = tuple(tuple(book.plan(member) for member in _members(one)) for one in references)
    within = tuple(tuple(book.plan(member) for member in _members(one)) for one in relayed)
    return SpeakerPlan(
        new=book.new_speakers(),
        claims=claims,
        statuses=tuple(claim_status(members) for members in claims),
        relayed=within,
        met=book.met_aliases(),
    )


def _members(reference: SpeakerReference | None) -> tuple[SpeakerReference, ...]:
    if reference is None:
        return ()
    return reference.members or (reference,)


def _join_key(reference: SpeakerReference) -> str:
    """Returns the key by which this reference may make or join a row; empty where it may not."""
    if reference.status != "resolved" or not reference.name:
        return ""
    if reference.type not in ("person", "organisation"):
        return ""
    key = alias_key(reference.name)
    if reference.type == "person" and not _is_full(key):
        return ""
    return key


def _join_keys(reference: SpeakerReference) -> list[str]:
    """Returns the name's key, then those of its shorter full forms; empty where the reference may not join."""
    key = _join_key(reference)
    if not key:
        return []
    words = set(key.split())
    shorter = (alias_key(alias) for alias in reference.aliases)
    return [key, *(one for one in shorter if " " in one and set(one.split()) < words)]


def _role_key(reference: SpeakerReference) -> str:
    """Returns the key of a role that the article gives to nobody; empty for any other reference."""
    is_unknown = reference.status == "unnamed" and reference.reason == "role-unknown"
    return role_key(reference.words, definite=True) if is_unknown else ""


def _is_full(key: str) -> bool:
    """Two words, or a name in a script that is written without spaces between them."""
    return " " in key or bool(key and not key.isascii() and _is_unspaced(key))


def _is_unspaced(key: str) -> bool:
    return len(key) > 1 and all("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in key)


def claim_status(members: Sequence[PlannedSpeaker]) -> SpeakerStatus:
    """The least certain status of a claim's speakers; `none` without any."""
    order: tuple[SpeakerStatus, ...] = ("ambiguous", "unresolved", "resolved", "unnamed")
    met = {member.status for member in members}
    return next((status for status in order if status in met), "none")


@dataclass(slots=True)
class _Book:
    """Collects new speakers and met aliases while references are planned."""

    known: Mapping[str, Sequence[KnownSpeaker]]
    held: Mapping[str, Sequence[KnownSpeaker]] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    drafts: list[tuple[str, SpeakerType, dict[str, None]]] = field(default_factory=list)
    met: dict[int, dict[str, None]] = field(default_factory=dict)

    def plan(self, reference: SpeakerReference) -> PlannedSpeaker:
        keys = _join_keys(reference)
        if not keys:
            return self._by_role(reference) or self._without_row(reference, _status_without_row(reference))
        key, *shorter = keys
        fitting = _fitting(reference, key, self.known.get(key, ()))
        if not fitting and key not in self.positions:
            fitting = _fitting(
                reference, " ".join(shorter), [one for form in shorter for one in self.known.get(form, ())]
            )
        if len(fitting) > 1:
            return self._without_row(reference, "ambiguous", fitting)
        assert reference.name is not None  # noqa: S101  (a key comes from a name)
        if fitting:
            names = self.met.setdefault(fitting[0].id, {})
            names.update(dict.fromkeys((reference.name, *reference.aliases)))
            return self._with_row(reference, known=fitting[0].id)
        position = self.positions.setdefault(key, len(self.drafts))
        if position == len(self.drafts):
            self.drafts.append((reference.name, reference.type, {}))
        self.drafts[position][2].update(dict.fromkeys((reference.name, *reference.aliases)))
        return self._with_row(reference, new=position)

    def _by_role(self, reference: SpeakerReference) -> PlannedSpeaker | None:
        holders = tuple(self.held.get(_role_key(reference), ()))
        if not holders:
            return None
        known = holders[0].id if len(holders) == 1 else None
        status: SpeakerStatus = "resolved" if len(holders) == 1 else "ambiguous"
        candidates = holders if len(holders) > 1 else ()
        return PlannedSpeaker(
            reference.words, None, status, known, None, candidates, ROLE_CONFIDENCE / len(holders), ROLE_REASON
        )

    @staticmethod
    def _with_row(reference: SpeakerReference, *, known: int | None = None, new: int | None = None) -> PlannedSpeaker:
        return PlannedSpeaker(
            reference.words,
            reference.name,
            "resolved",
            known,
            new,
            (),
            reference.confidence,
            reference.reason,
        )

    @staticmethod
    def _without_row(
        reference: SpeakerReference, status: SpeakerStatus, candidates: tuple[KnownSpeaker, ...] = ()
    ) -> PlannedSpeaker:
        reason = "shared-key" if candidates else reference.reason
        return PlannedSpeaker(
            reference.words, reference.name, status, None, None, candidates, reference.confidence, reason
        )

    def new_speakers(self) -> tuple[NewSpeaker, ...]:
        return tuple(
            NewSpeaker(name, kind, alias_key(name), tuple(alias for alias in aliases if alias != name))
            for name, kind, aliases in self.drafts
        )

    def met_aliases(self) -> tuple[MetAliases, ...]:
        return tuple(MetAliases(row, tuple(aliases)) for row, aliases in self.met.items())


def _status_without_row(reference: SpeakerReference) -> SpeakerStatus:
    """A person's single word, though resolved in its article, is `unresolved` across; a document is `unnamed`."""
    if reference.status != "resolved":
        return reference.status
    return "unresolved" if reference.name and reference.type == "person" else "unnamed"


def _fitting(reference: SpeakerReference, key: str, known: Sequence[KnownSpeaker]) -> tuple[KnownSpeaker, ...]:
    """Known speakers that the key may join, one each; a single word joins only its own type.

    Where several carry a full name, those of the reference's type come before the others.
    """
    once = tuple({one.id: one for one in known}.values())
    same = tuple(one for one in once if one.type == reference.type)
    return same if same or " " not in key else once
