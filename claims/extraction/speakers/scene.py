"""The state of one article while its mentions are resolved in text order: who is known, who spoke."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from claims.extraction.speakers.bearers import Bearer, Directory
from claims.extraction.speakers.mention import NameIndex
from claims.extraction.speakers.roles import Relation
from claims.extraction.speakers.tokens import Words

Outcome = Literal["named", "ambiguous", "unnamed", "document", "lost"]


@dataclass(slots=True)
class Ranked:
    """One bearer with its score for a mention."""

    bearer: Bearer
    score: float
    reason: str


@dataclass(slots=True)
class Answer:
    """Whom a mention means.

    Attributes:
        outcome: `named` (one bearer), `ambiguous` (several fit), `unnamed`, `document`, or `lost` (a pronoun
            or surname that leads nowhere).
        bearer: The one meant, where `named`.
        reason: Slug of the rule that decided.
        confidence: How often that rule is right, in [0, 1].
        ranked: Candidates, best first.
        parts: The members of a joint speaker; the other fields then describe the whole.
        words: The mention's words where no bearer is.
        examples: Persons named as some of an unnamed group ("critics like Ana Sol and Bo Lee").
    """

    outcome: Outcome
    bearer: Bearer | None = None
    reason: str = ""
    confidence: float = 0.0
    ranked: list[Ranked] = field(default_factory=list)
    parts: list["Answer"] = field(default_factory=list)
    words: str = ""
    examples: list["Answer"] = field(default_factory=list)


@dataclass(slots=True)
class Said:
    """That the speaker of one attribution was named by the word at `at`; `relative` for "who", an aside."""

    at: int
    answer: Answer
    relative: bool = False


@dataclass(slots=True)
class Scene:
    """Everything a rule may look at; `said` grows in text order.

    Attributes:
        words, directory, index, relations: What the text says, read once.
        by_head: Bearers by the nouns of their roles.
        by_word: Institutions of several words by each of their words.
        persons: Persons, the most often named first.
        attached: Institutions without a name of their own, by lower-cased name.
        said: Attributions resolved so far.
        author: Who wrote the article, where the byline tells one person.
        letters: Word ranges of signed letters, with the person who signed.
        quoting: Bearers, by number, inside whose quotation the mention at hand stands: they would say "I",
            as the writer does outside of quotations.
    """

    words: Words
    directory: Directory
    index: NameIndex
    relations: list[Relation]
    by_head: dict[str, list[Bearer]]
    by_word: dict[str, list[Bearer]]
    persons: list[Bearer]
    attached: dict[str, Bearer] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    author: Bearer | None = None
    letters: list[tuple[int, int, Bearer]] = field(default_factory=list)
    quoting: frozenset[int] = frozenset()

    def bearers_at(self, position: int) -> list[Bearer]:
        """Returns whom the name at a position of the directory may mean."""
        return self.directory.meant[position]

    def note(self, at: int, answer: Answer, *, relative: bool = False) -> None:
        """Records a speaker, keeping `said` in text order."""
        where = bisect_right([one.at for one in self.said[-8:]], at)
        self.said.insert(max(0, len(self.said) - 8) + where, Said(at, answer, relative))

    def last_said(self, at: int) -> list[Said]:
        """Returns up to six attributions that were named before word `at`, the latest first."""
        found = []
        for one in reversed(self.said):
            if one.at < at:
                found.append(one)
                if len(found) == 6:
                    break
        return found

    def running(self, at: int, among: Sequence[Bearer], *, sentences: int, paragraphs: int = 0) -> Bearer | None:
        """Returns who spoke last before a word if it is one of these, at most so many sentences and paragraphs back."""
        words = self.words
        for said in self.last_said(at)[:1]:
            near = words.paragraph[at] - words.paragraph[said.at] <= paragraphs
            near &= words.sentence[at] - words.sentence[said.at] <= sentences
            return next((one for one in among if near and one is said.answer.bearer), None)
        return None


def attach(scene: Scene, name: str, owner: Bearer | None) -> Bearer:
    """Returns the bearer of an institution named after another ("Sol campaign"), made at its first mention."""
    bearer = scene.attached.get(name.lower())
    if bearer is None:
        bearer = Bearer(len(scene.directory.bearers), name, tuple(name.lower().split()))
        bearer.votes["organisation"] = 3
        bearer.forms[name] = None
        if owner is not None:
            bearer.modifiers.update(owner.key)
        bearer.heads.add(bearer.key[-1])
        scene.directory.bearers.append(bearer)
        scene.attached[name.lower()] = bearer
    return bearer


def named(bearers: Sequence[Bearer], reason: str, confidence: float = 0.95) -> Answer:
    """Returns the one bearer, `ambiguous` for several, `lost` for none."""
    if len(bearers) == 1:
        return Answer("named", bearers[0], reason, confidence, [Ranked(bearers[0], 1.0, reason)])
    ranked = [Ranked(bearer, 1.0 / (1 + place), reason) for place, bearer in enumerate(bearers)]
    return Answer("ambiguous" if bearers else "lost", None, f"{reason}-shared", 0.4, ranked)
