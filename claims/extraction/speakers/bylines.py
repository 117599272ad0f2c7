"""Who wrote the article: the one person that its byline names, whom "I" means outside of quotations.

A byline with several names, or with an agency's or a paper's, has no "I" that could be told; "we" is the paper as often
as the writer and stays unnamed.
"""

import re

from claims.extraction.lexicons import load, word_set
from claims.extraction.speakers.bearers import Bearer, Directory, gender_of_first_name
from claims.extraction.speakers.vocabulary import ORGANISATION_HEADS

LONGEST = 200
_BY = re.compile(r"\s*(?:(?:written|story|text|opinion|column|reported)\s+)?(?:by|von|par)\s+(?=\S)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w.'’-]{0,30}")
_INITIAL = re.compile(r"[^\W\d_]\.?")
_NO_NAME = (
    word_set("staff editorial board desk agency agencies wire wires press bureau team reporter reporters correspondent")
    | word_set("news newspaper times post journal tribune herald gazette guardian reuters bloomberg online com and")
    | load("organisation_nouns")
    | ORGANISATION_HEADS
)


def author_of(byline: str, directory: Directory) -> Bearer | None:
    """Returns the person that a byline names, the article's own bearer of that name where it has one; else None.

    Args:
        byline: As printed ("By ANN CARR", "Ann Carr, Health Editor"); what follows a comma is taken for a description.
        directory: The bearers of the article's text; an author whom it does not name is added.
    """
    printed = _BY.sub("", byline[:LONGEST], count=1)
    name = printed.split(",")[0].split("|")[0].split(" - ")[0].split("@")[0].strip()
    words = name.split()
    if not 2 <= len(words) <= 4 or not all(_WORD.fullmatch(word) and word[0].isupper() for word in words):
        return None
    if any(word.strip(".").casefold() in _NO_NAME for word in words) or re.search(r", [^,]+ and |&", printed):
        return None
    key = tuple(word.casefold().strip(".") for word in words)
    if _INITIAL.fullmatch(words[0]) and _INITIAL.fullmatch(words[-1]):
        return None
    known = directory.by_key.get(key)
    if known is not None:
        return known
    shown = name.title() if name.isupper() else name
    author = Bearer(len(directory.bearers), shown, key, gender=gender_of_first_name(key[0]))
    author.votes["person"] = 3
    author.forms[shown] = None
    directory.bearers.append(author)
    return author
