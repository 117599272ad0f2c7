"""When two descriptions are the same role: "the Finance Minister" and "finance minister", but not "a minister".

A role told in one article can name who is meant in a later one, so the key is strict: at least two words, nothing that
makes the role past or somebody else's ("former", "his"), and equal words. Do NOT loosen it to a part of the words: "the
minister" is another one in every article.
"""

import re

from claims.extraction.lexicons import word_set

LONGEST = 120
FEWEST_WORDS, MOST_WORDS = 2, 10
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_INDEFINITE = word_set("a an another some any one each every no many several his her their its our my your this that")
_PAST = word_set("former formerly ex late then outgoing ousted disgraced would-be aspiring incoming next previous")


def role_key(description: str, *, definite: bool = False) -> str:
    """Returns the key of a role, empty for one that tells nobody by itself.

    Args:
        description: As the article has it ("environment minister", "the mayor of Oldmere").
        definite: Whether it has to begin with "the", as a mention does that means the one whom readers know.
    """
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(description[: 4 * LONGEST])]
    opens = words[0] if words else ""
    if definite and opens != "the":
        return ""
    if opens == "the":
        words = words[1:]
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or words[0] in _INDEFINITE:
        return ""
    if any(word in _PAST or word.startswith("ex-") for word in words):
        return ""
    return " ".join(words)[:LONGEST]
