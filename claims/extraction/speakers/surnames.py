"""Who speaks where several bear the bare surname of a mention.

The rules of `sharing` for names in general come first; a mention adds what is said and who has spoken so far. A
statement is worth two namings, because the running speaker is whom a bare surname continues. Where nobody is ahead by a
factor of 2.5 (1.5 if nobody else speaks), two fit equally and both are kept.
"""

from collections import Counter
from collections.abc import Sequence

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.mentions import HE, SHE
from claims.extraction.speakers.pronouns import Range, first_word
from claims.extraction.speakers.scene import Answer, Ranked, Scene, named
from claims.extraction.speakers.sharing import first_met, holder_of, of_gender, prominence

_ELDERS = word_set("father mother uncle aunt grandfather grandmother")
_ELDER_WORDS, _YOUNGER_WORDS = word_set("elder senior older"), word_set("younger junior")
_RECENT = 60  # attributions back to which the other of the two was called the elder
_FURTHER = word_set("added continued recalled further")
_YOUNGER = word_set("son daughter nephew niece grandson granddaughter")


def resolve_shared(
    scene: Scene, mention: Mention, own: Sequence[Range], sharing: list[Bearer], spoke: Counter[int]
) -> Answer:
    """Resolves a surname that several bear.

    Args:
        scene: The article so far.
        mention: A mention of shape `name` whose name is a single word without a title.
        own: Word ranges of what is said.
        sharing: Those who bear it.
        spoke: How often each bearer, by number, has spoken so far.
    """
    words = scene.words
    name = scene.directory.names[mention.name]
    word = name.key[0]
    answer = _by_generation(scene, mention, sharing)
    begins = first_word(mention, own)
    if answer is None and begins < mention.first and words.quoted[begins]:
        newcomer = _introduced_before(scene, sharing, begins)
        answer = named([newcomer], "shared-name-introduced", 0.7) if newcomer else None
    if answer is None:
        fitting = of_gender(sharing, scene.directory.genders.get(word, ""))
        said = of_gender(fitting, _gender_said(scene, mention, own))
        if len(fitting) == 1 or len(said) == 1:
            answer = named(fitting if len(fitting) == 1 else said, "shared-name-gender", 0.8)
        else:
            answer = _by_habit(scene, fitting, word, mention.first, spoke)
    answer.words = " ".join(words.text[words.start[mention.first] : words.end[mention.last]].split())
    return answer


def _by_generation(scene: Scene, mention: Mention, sharing: Sequence[Bearer]) -> Answer | None:
    """Resolves "the elder Sol" to the one whom the article calls somebody's parent."""
    words = scene.words
    before = words.low[max(0, scene.directory.names[mention.name].first - 1)]
    if before == "other":  # "The other Sol", when one has just spoken
        heard = [said.answer.bearer for said in scene.last_said(mention.first) if said.answer.bearer in sharing][:1]
        rest = [one for one in sharing if one not in heard]
        return named(rest, "shared-name-other", 0.85) if heard and len(rest) == 1 else None
    wanted = _ELDERS if before in _ELDER_WORDS else _YOUNGER if before in _YOUNGER_WORDS else ()
    fitting = [one for one in sharing if wanted and not (one.heads.isdisjoint(wanted) and before not in one.modifiers)]
    if wanted and not fitting:  # "the elder Sol", where the text has told of a younger brother
        others = _YOUNGER | {"younger"} if wanted is _ELDERS else _ELDERS | {"elder", "older"}
        opposite = _YOUNGER_WORDS if wanted is _ELDERS else _ELDER_WORDS
        said = [one.answer for one in scene.said[-_RECENT:]]
        called = [one.bearer for one in said if not opposite.isdisjoint(one.words.lower().split())]
        fitting = [one for one in sharing if others.isdisjoint(one.heads | one.modifiers) and one not in called]
    return named(fitting, "shared-name-generation", 0.85) if len(fitting) == 1 else None


def _gender_said(scene: Scene, mention: Mention, own: Sequence[Range]) -> str:
    """Returns the gender of "he" or "she" where what is said begins with it ("Sol says he would pay").

    Such a pronoun mostly is the speaker. In a quotation it is somebody else.
    """
    words = scene.words
    for first, stop in own:
        opened = first + (first < stop and words.low[first] == "that")
        if mention.last < opened < min(stop, mention.last + 5) and not words.quoted[opened]:
            return "m" if words.low[opened] in HE else "f" if words.low[opened] in SHE else ""
    return ""


def _introduced_before(scene: Scene, sharing: Sequence[Bearer], begins: int) -> Bearer | None:
    """Returns the only one of these whom the sentence before a quotation introduces: it is he who is quoted then."""
    sentence = scene.words.sentence
    fresh = [one for one in sharing if sentence[begins] - sentence[one.introduced] == 1]
    return fresh[0] if len(fresh) == 1 else None


def _by_habit(scene: Scene, sharing: Sequence[Bearer], word: str, at: int, spoke: Counter[int]) -> Answer:
    """Resolves a surname by who has been introduced, who is called so, and who is named and heard most."""
    first = first_met(scene.directory, sharing, at)
    if first is not None:
        return named([first], "shared-name-first-met", 0.85)
    others = [one for one in sharing if not one.short.get(one.key[0]) or one.short.get(word)]
    if len(others) == 1 and others[0].short.get(word):
        return named(others, "shared-name-holder", 0.75)
    running = scene.running(at, sharing, sentences=2)
    if running is not None and not _FURTHER.isdisjoint(scene.words.low[at - 1 : at + 3]):
        return named([running], "shared-name-running", 0.8)
    ranked = sorted(
        (Ranked(one, prominence(one, word) + 2.0 * spoke[one.number], "shared-name") for one in sharing),
        key=lambda one: (-one.score, one.bearer.number),
    )
    answer = named([ranked[0].bearer], "shared-name", 0.85)
    answer.ranked = ranked
    alone = all(not spoke[one.bearer.number] for one in ranked[1:]) and spoke[ranked[0].bearer.number] > 0
    if ranked[0].score < (1.5 if alone else 2.5) * ranked[1].score:
        holder = holder_of(sharing, word)
        if holder is not None:
            return named([holder], "shared-name-holder", 0.75)
        return Answer("ambiguous", None, "shared-name", 0.4, ranked)
    return answer
