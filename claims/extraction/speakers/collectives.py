"""Whom "it" and "they" mean: an institution, those who spoke together, or an unnamed group.

Who spoke last comes before who opens the sentence, and "they" is never one person.
"""

from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.scene import Answer, Ranked, Said, Scene, named

_FAR = 5  # sentences back to which an organisation that spoke may be "it", where nothing nearer can be


def organisation_before(scene: Scene, at: int) -> Answer:
    """Resolves "it": an organisation that just spoke, else one that opens this sentence or the one before."""
    words = scene.words
    for said in _main_line(scene, at):
        bearer = said.answer.bearer
        if words.sentence[at] - words.sentence[said.at] > 2:
            continue
        unknown = bearer is not None and bearer.type == "unknown" and not bearer.place and not bearer.gender
        if bearer is not None and (_is_body(bearer) or unknown):
            return Answer("named", bearer, "it-last-speaker", 0.8, [Ranked(bearer, 1.0, "it-last-speaker")])
        if said.answer.outcome == "document":
            return Answer("document", reason="it-document", words=said.answer.words)
    subject = _organisation_subject(scene, at)
    if subject is not None:
        return Answer("named", subject, "it-subject", 0.7, [Ranked(subject, 1.0, "it-subject")])
    for said in scene.last_said(at):
        bearer = said.answer.bearer
        if (
            bearer is not None
            and bearer.type == "organisation"
            and words.sentence[at] - words.sentence[said.at] <= _FAR
        ):
            return Answer("named", bearer, "it-speaker-before", 0.6, [Ranked(bearer, 1.0, "it-speaker-before")])
    return Answer("lost", reason="it-without-antecedent")


def _is_body(bearer: Bearer) -> bool:
    """Whether "it" may mean a bearer: an institution, or a single word that nothing calls a person."""
    if bearer.type == "unknown":
        return len(bearer.key) == 1 and not bearer.gender
    return bearer.type == "organisation"


def _main_line(scene: Scene, at: int) -> list[Said]:
    """Returns the last two attributions that are no asides ("which", "who"); asides only for want of others."""
    said = scene.last_said(at)
    return [one for one in said if not one.relative][:2] or said[:2]


def _organisation_subject(scene: Scene, at: int) -> Bearer | None:
    """Returns the institution that opens this sentence or the one before, the nearest first."""
    words = scene.words
    position = scene.index.next_after(at - 1) - 1
    looked = 0
    while position >= 0 and looked < 12:
        name = scene.directory.names[position]
        if words.sentence[at] - words.sentence[name.first] > 1:
            return None
        meant = scene.bearers_at(position)
        if len(meant) == 1 and _is_body(meant[0]) and not meant[0].place and not words.quoted[name.first]:
            opens = words.first[name.outer] or (name.outer > 0 and words.first[name.outer - 1])
            opens = opens or _is_apposed_subject(scene, name.outer)
            if opens and not words.possessive[name.last]:
                return meant[0]
        position, looked = position - 1, looked + 1
    return None


def _is_apposed_subject(scene: Scene, at: int) -> bool:
    """Whether the name at a word explains the phrase that opens its sentence ("The dam's owner, Nile Power,")."""
    words = scene.words
    opening = next((i for i in range(at - 1, max(-1, at - 7), -1) if words.first[i]), -1)
    return opening >= 0 and words.gap(at - 1).strip("'’s ") == "," and words.low[opening] in ("the", "its", "a", "an")


_BOTH_WITHIN = 5  # sentences back in which "both" have spoken


def _two_heard(scene: Scene, at: int) -> list[Bearer]:
    """Returns the only two persons among the last speakers, in text order; none if they are more or fewer."""
    found: list[Bearer] = []
    for said in scene.last_said(at):
        bearer = said.answer.bearer
        near = scene.words.sentence[at] - scene.words.sentence[said.at] <= _BOTH_WITHIN
        if near and bearer is not None and bearer.may_be_person and bearer not in found:
            found.append(bearer)
    return sorted(found, key=lambda one: one.introduced) if len(found) == 2 else []


def group_before(scene: Scene, at: int) -> Answer:
    """Resolves "they": joint speakers or an organisation that just spoke; any other group is unnamed."""
    words = scene.words
    if words.low[at] == "both":
        pair = _two_heard(scene, at)
        if pair:
            return Answer("named", None, "both", 0.7, parts=[named([one], "both", 0.7) for one in pair])
    for said in _main_line(scene, at):
        if words.sentence[at] - words.sentence[said.at] > 3:
            break
        answer = said.answer
        if answer.parts:
            return Answer("named", None, "they-joint", 0.75, parts=answer.parts)
        if answer.examples:
            return Answer("named", None, "they-examples", 0.65, parts=answer.examples)
        if answer.outcome == "unnamed":
            return Answer("unnamed", reason="they-group", words=answer.words)
        if answer.bearer is not None and _is_body(answer.bearer):
            return Answer("named", answer.bearer, "they-organisation", 0.6, [Ranked(answer.bearer, 1.0, "they")])
    subject = _organisation_subject(scene, at)
    if subject is not None:
        return Answer("named", subject, "they-subject", 0.6, [Ranked(subject, 1.0, "they-subject")])
    return Answer("unnamed", reason="they")
