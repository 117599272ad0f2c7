"""Weak evidence about a bearer from the words around its names: person or institution, he or she.

Each hint is one vote or needs agreement, because none is sure: "its" may belong to another word, "he" to
another man. Do NOT let a hint overrule a title or a first name.
"""

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer, Directory
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.tokens import Words

_INSTITUTIONS = load("organisation_nouns")
_GENDERED = word_set("he him his himself she her herself")
_BESIDE_BODIES = word_set(
    "news agency reported reports reporter correspondent journalist spokesman spokeswoman spokesperson ceo executives "
    "shares users employees customers poll officials headquarters stock subsidiary announced"
)


def read_genders(directory: Directory) -> None:
    """Gives persons without a telling name the gender of the pronouns that follow them, where these agree."""
    words = directory.words
    votes: dict[int, list[str]] = {}
    for place, (name, meant) in enumerate(zip(directory.names, directory.meant, strict=True)):
        if len(meant) != 1 or meant[0].gender or meant[0].place or meant[0].type == "organisation":
            continue
        stop = directory.names[place + 1].outer if place + 1 < len(directory.names) else len(words)
        stop = min(stop, name.last + 25)
        found = next((words.low[at] for at in range(name.last + 1, stop) if words.low[at] in _GENDERED), "")
        if found:
            votes.setdefault(meant[0].number, []).append("m" if found in ("he", "him", "his", "himself") else "f")
    for bearer in directory.bearers:
        cast = votes.get(bearer.number, [])
        for gender in ("m", "f"):
            if cast.count(gender) >= 2 and 4 * cast.count(gender) >= 3 * len(cast):
                bearer.gender = gender


def read_possessive(words: Words, name: Name, bearer: Bearer) -> None:
    """Takes "its" or "his" soon after a name as a hint at what bears it."""
    for at in range(name.last + 1, min(len(words), name.last + 7)):
        if words.sentence[at] != words.sentence[name.last]:
            return
        low = words.low[at]
        if low in ("its", "itself"):
            bearer.votes["organisation"] = bearer.votes.get("organisation", 0) + 1
            return
        if len(name.key) == 1:
            continue
        if low in ("his", "her", "he", "she", "himself", "herself", "who"):
            bearer.votes["person"] = bearer.votes.get("person", 0) + 1
            return


def read_company(words: Words, name: Name, bearer: Bearer) -> None:
    """Takes the words beside a bare name as a hint that it is a body ("Kestrel shares", "on Kestrel")."""
    after = name.last + 1
    beside = words.low[after] if after < len(words) and words.gap(name.last).strip("'’sS ") == "" else ""
    before = words.low[name.outer - 1] if name.outer else ""
    kind = before == "the" and beside in _INSTITUTIONS  # "the Kestrel brewery"
    if kind:
        bearer.heads.add(beside)
    if beside in _BESIDE_BODIES or kind or (len(name.key) == 1 and before in ("on", "via")):
        bearer.votes["organisation"] = bearer.votes.get("organisation", 0) + 1
