"""Whose something is: the possessor in "Sol's lawyer", "his campaign", "the latter's father"."""

from collections.abc import Sequence

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.pronouns import Range, decide, gender_of, rank_persons
from claims.extraction.speakers.scene import Answer, Scene, named

PRONOUNS = word_set("his her its their")


def owns(scene: Scene, at: int) -> bool:
    """Whether the word at `at` is a possessor rather than a modifier ("Sol's", "his"; not "New York")."""
    return at >= 0 and (scene.words.possessive[at] or scene.words.low[at] in PRONOUNS)


def owner_of(scene: Scene, at: int, own: Sequence[Range]) -> Answer:
    """Resolves the owner of a nominal: a name, "his", "the latter's", or another word (`lost`)."""
    position = scene.index.covering(at)
    if position >= 0:
        return named(scene.bearers_at(position), "owner")
    low = scene.words.low[at]
    gender = gender_of(low)
    if gender or low == "latter":
        return decide(rank_persons(scene, at, gender, own), "owner")
    return Answer("lost", reason="owner-unknown")
