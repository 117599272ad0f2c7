"""Weak evidence about a bearer from the words around its names: person or institution, he or she.

Each hint is one vote or needs agreement, because none is sure: "its" may belong to another word, "he" to
another man. Do NOT let a hint overrule a title or a first name.
"""

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer, Directory
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.tokens import Words

_KIN = load("kin_male") | load("kin_female") | load("kin_either")
_BETWEEN = word_set("has have had also once now then still long currently previously formerly")
_IN_COURT = word_set("defending prosecuting")
_DEEDS = {
    verb: nouns.split()
    for verbs, nouns in (
        ("teaches taught", "teacher lecturer"),
        ("farms farmed grows grew", "farmer grower"),
        ("covers covered", "analyst reporter"),
        ("edits edited", "editor"),
        ("coaches coached", "coach"),
        ("manages managed", "manager"),
        ("chairs chaired", "chair"),
        ("leads led heads headed", "leader"),
        ("founded", "founder"),
        ("owns owned", "owner"),
        ("represents represented defends defended defending", "lawyer"),
        ("prosecutes prosecuted prosecuting", "prosecutor lawyer"),
        ("drives drove", "driver"),
        ("directed directs", "director"),
        ("reviewed reviews", "critic reviewer"),
        ("translated translates", "translator"),
        ("investigated investigates", "investigator"),
    )
    for verb in verbs.split()
}
"""By what somebody does, what papers call him; only where the verb leaves no choice."""
_SAME_OFFICE = {"counterpart": (), "successor": ("new", "incoming"), "predecessor": ("former", "old", "outgoing")}
"""Who has somebody's office too, with what tells them apart."""
_INSTITUTIONS = load("organisation_nouns")
_ARTICLES = word_set("the a an")
_MOST_BESIDE = 4
_LONGEST_APPOSITION = 8
_GENDERED = word_set("he him his himself she her herself")
_BESIDE_BODIES = word_set(
    "news agency reported reports reporter correspondent journalist spokesman spokeswoman spokesperson ceo executives "
    "shares users employees customers poll officials headquarters stock subsidiary announced"
)


def before_description(words: Words, name: Name, floor: int) -> int:
    """Returns the word before the description that leads into a name ("her brother, the vet Bo Lee": "brother").

    Args:
        words: The article.
        name: The name.
        floor: No word before this one is looked at.
    """
    before = name.outer - 1
    for at in range(before, max(floor, before - _MOST_BESIDE), -1):
        if words.gap(at) != " " or words.capital[at] or words.possessive[at]:
            return before
        if words.low[at] in _ARTICLES:
            return at - 1
    return before


def read_deed(words: Words, name: Name, bearer: Bearer) -> None:
    """Takes what somebody does for a role: "Ana Sol, who teaches Greek," is "the teacher" later on."""
    at = name.last + 1
    if at + 1 >= len(words) or words.gap(name.last).strip() != "," or words.sentence[at] != words.sentence[name.last]:
        return
    if words.low[at] in _ARTICLES:  # "Ana Sol, a former sprinter who has coached"
        end = min(len(words) - 1, at + _LONGEST_APPOSITION)
        at = next((i for i in range(at, end) if words.low[i] == "who" or words.gap(i).strip("'’sS ")), at)
    if words.low[at] == "who":
        at += 1
        while at + 1 < len(words) and words.low[at] in _BETWEEN:
            at += 1
    elif words.low[at] not in _IN_COURT:
        return
    deed = words.low[at]
    if deed in _DEEDS and bearer.type != "organisation":
        bearer.heads.update(_DEEDS[deed])
        bearer.votes["person"] = bearer.votes.get("person", 0) + 1


def read_age(words: Words, name: Name, bearer: Bearer) -> None:
    """Notes an age beside a name ("Ana Sol, 47,"), by which papers call her "the 47-year-old"."""
    at = name.last + 1
    if (
        at < len(words)
        and words.gap(name.last).strip("'’ ") == ","
        and words.low[at].isdecimal()
        and len(words.low[at]) < 4
    ):
        bearer.modifiers.add(words.low[at])


def read_counterpart(words: Words, name: Name, bearer: Bearer, other: Bearer | None) -> None:
    """Takes "his counterpart, Bo Lee," or "his successor" for one of the same office as the person named before."""
    before = before_description(words, name, max(0, name.outer - 8))
    if other is None or other is bearer or before < 0 or words.low[before] not in _SAME_OFFICE:
        return
    bearer.heads.update(other.heads - _KIN)
    bearer.modifiers.update(_SAME_OFFICE[words.low[before]])
    bearer.votes["person"] = bearer.votes.get("person", 0) + 1


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
