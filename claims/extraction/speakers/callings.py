"""Roles that a text tells without their noun: by what somebody does, by his age, by whose counterpart he is.

Papers take them up later by the noun ("Ana Sol, who teaches Greek" is "the teacher"). What stands beside the name
counts, up to the end of its apposition, and nothing farther off.
"""

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer
from claims.extraction.speakers.mention import NameIndex
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import DEMONYMS, FUNCTION

_PEOPLE = load("role_nouns")
_KIN = load("kin_male") | load("kin_female") | load("kin_either")
_BETWEEN = word_set("was is has have had also once now then still long currently previously formerly")
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
        ("drives drove driving", "driver"),
        ("operates operated operating", "operator"),
        ("flies flew flying", "pilot"),
        ("guards guarded guarding", "guard"),
        ("cleans cleaned cleaning", "cleaner"),
        ("organises organised organizes organized", "organiser organizer"),
        ("sells sold selling", "seller vendor trader"),
        ("directed directs", "director"),
        ("reviewed reviews", "critic reviewer"),
        ("translated translates", "translator"),
        ("investigated investigates", "investigator"),
    )
    for verb in verbs.split()
}
"""By what somebody does, what papers call him; only where the verb leaves no choice."""
_LEFT = {
    "husband": ("widow",), "wife": ("widower",),
    **dict.fromkeys(("son", "daughter", "child"), ("parent",)),
}  # fmt: skip
_INVERSE = {
    **{(low, "f"): "sister" for low in ("brother", "sister")},
    **{(low, "m"): "brother" for low in ("brother", "sister")},
    **{(low, "f"): "mother" for low in ("son", "daughter", "child")},
    **{(low, "m"): "father" for low in ("son", "daughter", "child")},
}
"""What one is of whom his sentence calls so, by his own gender: "Ana Sol, whose brother …" is the sister."""
_LOST = word_set("died dies killed drowned dead murdered perished missing disappeared")
_LONGEST_LOSS = 12
_SAME_OFFICE = {
    "counterpart": (),
    "colleague": (),
    "teammate": (),
    "successor": ("new", "incoming"),
    "predecessor": ("former", "old", "outgoing"),
}
"""Who has somebody's office too, with what tells them apart."""
_ARTICLES = word_set("the a an")
_NAMING = word_set("name names named identified identify known introduced")
_CALLED = word_set("called named nicknamed")
_SELVES = word_set("himself herself itself themselves")
_LEADS_IN = _CALLED | _SELVES | word_set("as")
_LONGEST_LEAD = 9
_MOST_BESIDE = 4
_LONGEST_APPOSITION = 8


def before_description(words: Words, name: Name, floor: int) -> int:
    """Returns the word before the description that leads into a name ("her brother, the vet Bo Lee": "brother").

    Args:
        words: The article.
        name: The name.
        floor: No word before this one is looked at.
    """
    before = name.outer - 1
    for at in range(before, max(floor, before - _MOST_BESIDE), -1):
        capital = words.capital[at] and words.low[at] not in DEMONYMS  # "the Dutch vet Bo Lee"
        if at < before and words.gap(at).strip("'’sS )") == "," and words.low[before] in _PEOPLE:
            return at  # "his wife, theatre director Ana Sol"
        if words.gap(at) != " " or capital or words.possessive[at]:
            return before
        if words.low[at] in _ARTICLES:
            return at - 1
    return before


def possessor_before(words: Words, before: int) -> int:
    """Returns the word that opens the short phrase ending at `before` ("... with her lawyer"), or `before`."""
    for at in range(before - 1, max(-1, before - 5), -1):
        if words.gap(at).strip("'’sS \u00a0"):
            return before
        if words.low[at] in ("his", "her", "their", "its", "the", "a", "an") or words.possessive[at]:
            return at
        if words.low[at] in FUNCTION and not (words.low[at] == "of" and words.capital[at + 1]):
            return before
    return before


def is_bracketed(words: Words, at: int) -> bool:
    """Whether a word closes a bracket inside a title: "Superintendent of Police (SSP) Bo", "Justice (retd) Bo Lee"."""
    opened = any(words.gap(before).strip() == "(" for before in range(at - 1, max(-1, at - _MOST_BESIDE), -1))
    return words.gap(at) == ") " and opened


def self_named(words: Words, index: NameIndex, first: int, last: int) -> int:
    """Returns the name that somebody goes by in a mention ("a trader who gave her name as Mama Joy"), or -1."""
    position = index.next_after(first)
    if position >= len(index.names):
        return -1
    name = index.names[position]
    before = name.outer - 1
    if name.last > last or before <= first or name.place or words.gap(before).strip() not in ("", ","):
        return -1
    low = words.low[before]
    gave = low == "as" and not _NAMING.isdisjoint(words.low[first:before])
    called = low in _CALLED or (low in _SELVES and words.low[before - 1] in ("calling", "call", "calls", "called"))
    return position if gave or called or low == "name" else -1


def read_called(words: Words, name: Name, bearer: Bearer) -> None:
    """Takes the noun for a role by which a name is led in: "a trader who gave her name as Mama Joy"."""
    before = name.outer - 1
    if before < 1 or words.low[before] not in _LEADS_IN:
        return
    for at in range(before - 1, max(-1, before - _LONGEST_LEAD), -1):
        if words.sentence[at] != words.sentence[before] or words.quoted[at]:
            return
        if words.low[at] in _PEOPLE and not words.capital[at]:
            named = words.low[before] != "as" or not _NAMING.isdisjoint(words.low[at:before])
            if named:
                bearer.heads.add(words.low[at])
                bearer.votes["person"] = bearer.votes.get("person", 0) + 1
            return


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
        if "leader" in _DEEDS[deed] and "union" in words.low[at + 1 : at + _MOST_BESIDE]:
            bearer.heads.add("unionist")


def read_loss(words: Words, name: Name, bearer: Bearer) -> None:
    """Takes "Ana Sol, whose husband, Paul, died in May" for a widow, and who lost a child for its parent."""
    at = name.last + 1
    whose = words.low[at : at + 1] == ["whose"] and words.gap(name.last).strip() == ","
    left = _LEFT.get(words.low[at + 1], ()) if whose and at + 2 < len(words) else ()
    kin = _INVERSE.get((words.low[at + 1], bearer.gender)) if whose and at + 2 < len(words) else None
    if kin:
        bearer.heads.add(kin)
    if left and not _LOST.isdisjoint(words.low[at + 2 : at + _LONGEST_LOSS]):
        bearer.heads.update(left)
        bearer.votes["person"] = bearer.votes.get("person", 0) + 1


def read_age(words: Words, name: Name, bearer: Bearer) -> None:
    """Notes an age beside a name ("Ana Sol, 47,"), by which papers call her "the 47-year-old"."""
    at = name.last + 1
    age = words.low[at] if at < len(words) and words.gap(name.last).strip("'’ ") in (",", "(") else ""
    if age.isdecimal() and len(age) < 4 and len(name.key) > 1:
        closed = words.gap(at).lstrip()[:1] in (",", ".", ")", ";")
        bearer.votes["person"] = bearer.votes.get("person", 0) + closed
    if age.isdecimal() and len(age) < 4:
        bearer.modifiers.add(age)


def read_counterpart(words: Words, name: Name, bearer: Bearer, other: Bearer | None) -> None:
    """Takes "his counterpart, Bo Lee," or "his successor" for one of the same office as the person named before."""
    before = before_description(words, name, max(0, name.outer - 8))
    noun = words.low[before] if before >= 0 else ""
    if words.low[max(0, before - 1) : before + 1] == ["opposite", "number"]:
        noun = "counterpart"
    if other is None or other is bearer or noun not in _SAME_OFFICE:
        return
    bearer.heads.update(other.heads - _KIN)
    bearer.modifiers.update(_SAME_OFFICE[noun])
    bearer.votes["person"] = bearer.votes.get("person", 0) + 1
