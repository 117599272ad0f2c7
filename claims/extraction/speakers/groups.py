"""The members that a group names itself: "critics like Ana Sol and Bo Lee", "the authors, who include Ana Sol …"."""

from claims.extraction.speakers.mention import NameIndex
from claims.extraction.speakers.tokens import Words


def names_in_group(words: Words, index: NameIndex, first: int, last: int) -> tuple[list[int], bool]:
    """Returns the names that a mention of a group gives as its members, and whether these are all of it.

    "Critics like Ana Sol and Bo Lee" names two of many; "the authors, who include Ana Sol and Bo Lee" is told from it
    by its verb.
    """
    for at in range(first + 1, last):
        low = words.low[at]
        if low in ("like", "including") or (low == "as" and words.low[at - 1] == "such"):
            whole = False
        elif low in ("include", "included") and words.low[at - 1] in ("which", "who"):
            whole = True
        else:
            continue
        position = index.next_after(at)
        found: list[int] = []
        while position < len(index.names) and index.names[position].last <= last and len(found) < 8:
            name = index.names[position]
            if not name.place and words.low[name.outer - 1] not in ("of", "from", "in", "at"):
                found.append(position)
            position += 1
        joined = any(words.low[i] == "and" for i in range(at, last))
        return (found, whole) if len(found) > 1 and joined else ([], whole)
    return [], False
