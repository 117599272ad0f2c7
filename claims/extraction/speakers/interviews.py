"""Who answers in an interview whose turns are only "Q" and "A": the person whom the text introduces before them."""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.scene import Answer, Scene, named

_ANSWERS = word_set("a answer")
_ASKS = word_set("q question")
_LABELS = _ANSWERS | _ASKS
_MOST_PERSONS = 40


def resolve_turn(scene: Scene, mention: Mention) -> Answer | None:
    """Resolves the labels "Q" and "A" of turns; None for any other mention.

    Who answers is the one most often named before the first turn; of two named equally often, neither.
    """
    words = scene.words
    label = words.low[mention.first]
    if mention.first != mention.last or not _is_label(scene, mention.first):
        return None
    if label in _ASKS:
        return Answer("unnamed", reason="interviewer", confidence=0.9)
    first = next(at for at in range(mention.first + 1) if _is_label(scene, at))
    met = [(sum(at < first for at in one.places), one) for one in scene.persons[:_MOST_PERSONS]]
    most = max((times for times, _ in met), default=0)
    answering: list[Bearer] = [one for times, one in met if most and times == most]
    return named(answering, "interviewee", 0.8) if answering else Answer("unnamed", reason="interviewee-unknown")


def _is_label(scene: Scene, at: int) -> bool:
    """Whether a paragraph or line begins with "Q:", "A." or "Answer:" at this word."""
    words = scene.words
    if words.low[at] not in _LABELS or words.gap(at).strip() not in (":", "."):
        return False
    return at == 0 or "\n" in words.gap(at - 1)
