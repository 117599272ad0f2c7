"""Whom a lead speaks of before the article names him: "the director of the Harbour Museum", "he".

News leads hold a name back for the paragraph behind them (delayed identification). Only somebody whom nothing before
names or describes otherwise is taken, since a lead may as well speak of one who stays unnamed.
"""

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.genera import FIRMS, GENERA, may_be
from claims.extraction.speakers.mention import Mention
from claims.extraction.speakers.name import Name
from claims.extraction.speakers.roles import KIN, PEOPLE
from claims.extraction.speakers.scene import Answer, Scene, named
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.variations import BYSTANDERS, OF_COMPANIES

_LOOKED_AT = 40  # names behind a lead's description, among which the next speaker is looked for
_OFFICES = word_set("agency regulator watchdog authority ministry union club museum charity")
_NO_OPERATORS = word_set("office ministry police court department commission council parliament association union")
_SAYS = word_set("said says told")
_HONORIFICS = word_set("dr mr mrs ms prof professor")
_HEADLINE = 1  # paragraph of the lead where a headline stands before it


def announced_speaker(scene: Scene, mention: Mention) -> Answer | None:
    """Returns whom the lead's "the director of the Harbour Museum" announces: who speaks next, under a name only.

    Further down only the very next sentence tells ("The economy minister agreed. “I do,” Ana Sol said.").
    """
    words = scene.words
    head = words.low[mention.head]
    in_lead = words.paragraph[mention.first] == 0
    if head not in PEOPLE or head in BYSTANDERS | KIN:
        return None
    first = scene.index.next_after(mention.last)
    for position in range(first, min(first + _LOOKED_AT, len(scene.index.names))):
        name = scene.index.names[position]
        after = words.sentence[name.first] - words.sentence[mention.last]
        if words.paragraph[name.first] == words.paragraph[mention.last]:
            if after > 1 and not in_lead:
                return None
            if after != 1:
                continue
        elif not in_lead or words.paragraph[name.first] > 1:
            return None
        before = words.low[name.outer - 1] if words.sentence[name.outer - 1] == words.sentence[name.first] else ""
        speaks = not _SAYS.isdisjoint((before, *words.low[name.last + 1 : name.last + 2]))
        meant = scene.bearers_at(position)
        introduced = _opens_paragraph(words, name) and words.gap(name.last).strip()[:1] in (",", "(")
        if not (speaks or introduced) or words.quoted[name.first] or len(meant) != 1:
            continue
        unknown = speaks and meant[0].type == "unknown" and not meant[0].place
        somebody = meant[0] in scene.persons or unknown
        told = introduced and words.low[name.last + 1] == "who"  # "Ana Sol, who led it for years,"
        bare = somebody and len(name.key) > 1 and (told or {*meant[0].heads, *name.titles} <= _HONORIFICS)
        if not bare or meant[0].places[:1] != [name.first]:
            return None
        meant[0].heads.add(head)
        meant[0].votes["person"] = meant[0].votes.get("person", 0) + 1
        scene.by_head.setdefault(head, []).append(meant[0])
        return named(meant, "announced-speaker", 0.6)
    return None


def announced_organisation(scene: Scene, mention: Mention) -> Answer | None:
    """Returns what the lead's "the waterways operator" announces: the institution that opens the next paragraph."""
    words = scene.words
    head = words.low[mention.head]
    if words.paragraph[mention.first] > _HEADLINE or not (head in OF_COMPANIES or head in FIRMS or head in _OFFICES):
        return None
    first = scene.index.next_after(mention.last)
    for position in range(first, min(first + _LOOKED_AT, len(scene.index.names))):
        name = scene.index.names[position]
        distance = words.paragraph[name.first] - words.paragraph[mention.first]
        if distance == 0:
            continue
        meant = scene.bearers_at(position)
        opens = _opens_paragraph(words, name) or (words.first[name.outer - 1] and words.low[name.outer - 1] == "the")
        covered = GENERA.get(head)
        opens |= covered is not None and not covered.isdisjoint(name.key)
        new = len(meant) == 1 and meant[0].places[:1] == [name.first] and not meant[0].place
        runs = head in OF_COMPANIES and new and meant[0].type == "organisation" and name.key[-1] not in _NO_OPERATORS
        fits = new and (runs or may_be(meant[0], head))
        return named(meant, "announced-organisation", 0.6) if distance == 1 and opens and fits else None
    return None


def named_after_lead(scene: Scene, at: int, gender: str) -> Answer | None:
    """Returns whom the "he" of a lead means whom nothing before names: the full name that opens the next paragraph."""
    words = scene.words
    if words.paragraph[at] > _HEADLINE:
        return None
    first = scene.index.next_after(at)
    for position in range(first, min(first + _LOOKED_AT, len(scene.index.names))):
        name = scene.index.names[position]
        distance = words.paragraph[name.first] - words.paragraph[at]
        if distance == 0:
            continue
        meant = scene.bearers_at(position)
        fits = len(meant) == 1 and meant[0] in scene.persons and meant[0].gender in ("", gender)
        new = fits and len(name.key) > 1 and meant[0].places[:1] == [name.first]
        opens = distance == 1 and _opens_paragraph(words, name)
        return named(meant, "named-after-lead", 0.65) if new and opens else None
    return None


def _opens_paragraph(words: Words, name: Name) -> bool:
    return name.outer > 0 and words.paragraph[name.outer - 1] != words.paragraph[name.outer]
