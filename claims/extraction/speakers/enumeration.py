"""The members of an enumeration: "Ana Sol (D-Ohio), Bo Lee and the mayor", "two councillors, Ana Sol and Bo Lee"."""

from claims.extraction.speakers.mention import Mention, NameIndex
from claims.extraction.speakers.tokens import Words
from claims.extraction.speakers.vocabulary import STATES


def listed_names(words: Words, index: NameIndex, unit: Mention, last: int) -> list[Mention]:
    """Returns the names that spell out a plural ("Two councillors, Ana Sol and Bo Lee"), or nothing."""
    if not words.low[unit.head].endswith("s"):
        return []
    position = index.next_after(unit.last)
    if position >= len(index.names) or index.names[position].last > last:
        return []
    name = index.names[position]
    if any(words.low[i] in ("such", "as", "by", "including", "like") for i in range(unit.last + 1, name.outer)):
        return []
    if words.gap(name.outer - 1).strip() not in (",", ":", "—", "--") or name.outer > unit.last + 8 or name.place:
        return []
    parts, end = [Mention("name", name.outer, name.last, name=position)], _past_place(words, index, name.last, last)
    while end < last and len(parts) < 8:
        following = next_part(words, index, end, last, listed=len(parts) > 1)
        covering = _name_at(words, index, following) if following >= 0 else -1
        if covering < 0 or index.names[covering].last > last:
            break
        end = index.names[covering].last
        parts.append(Mention("name", following, end, name=covering))
        end = _past_place(words, index, end, last)
    return parts if len(parts) > 1 and end >= last - 1 else []


def _name_at(words: Words, index: NameIndex, first: int) -> int:
    """Returns the name at a word or behind the lower-case role that begins there ("former governor Bo Lee"), or -1."""
    position = index.next_after(first - 1)
    if index.covering(first) >= 0:
        return index.covering(first)
    if position >= len(index.names) or index.names[position].outer > first + 4 or index.names[position].place:
        return -1
    return position if all(words.gap(i).isspace() for i in range(first, index.names[position].outer)) else -1


def _past_place(words: Words, index: NameIndex, end: int, last: int) -> int:
    """Returns the last word of "of Ohio" or "of the dockers' union Harbour Hands" after a name, or the name's own."""
    if end + 2 > last or words.low[end + 1] not in ("of", "from") or words.gap(end).strip():
        return end
    covering = index.covering(end + 2)
    if covering >= 0 and index.names[covering].type != "person":
        return min(last, index.names[covering].last)
    if covering >= 0 or words.low[end + 2] != "the":
        return end
    for at in range(end + 3, min(last, end + 10)):
        if words.low[at + 1] == "and" and index.covering(at + 1) < 0:
            return at if words.gap(at).strip("'’s ") == "" else end
        if words.gap(at).strip("'’s "):
            return end
    return end


def next_part(words: Words, index: NameIndex, end: int, last: int, *, listed: bool) -> int:
    """Returns where the next member of an enumeration begins, or -1."""
    at = end = _past_place(words, index, end, last)
    text = words.text
    offset = words.end[end]
    if words.possessive[end]:
        offset += 2
    if text[offset : offset + 1] == ".":
        offset += 1
    closing = text.find(")", offset, offset + 40)
    if text[offset : offset + 2] == " (" and closing > 0:
        offset = closing + 1
        while at < last and words.start[at + 1] < offset:
            at += 1
    gap = text[offset : words.start[at + 1]] if at + 1 < len(words) else ""
    if gap.strip(" ") == "," and at + 1 <= last and _is_state(words, at + 1):
        at += 1
        while at < last and words.gap(at).strip() in (".", "-") and not words.gap(at).endswith(" "):
            at += 1
        gap = words.gap(at).lstrip(".")
    if at + 1 > last:
        return -1
    following = at + 1
    if gap.strip(" .") in ("", ",") and words.low[following] in ("and", "or", "nor") and following + 1 <= last:
        following += 1
        if words.low[following] in ("also", "then", "later", "has", "had"):
            return -1
        return following
    if gap.strip(" ") in ("&", "/") and index.covering(following) >= 0:
        return following
    covering = index.covering(following)
    if gap.strip(" ") == "," and covering >= 0 and _and_comes(words, index, following, last):
        ends = index.names[covering].last
        return -1 if words.possessive[ends] and ends < last else following
    return -1


def _is_state(words: Words, at: int) -> bool:
    low = words.low[at]
    return low in STATES or low.replace(".", "") in STATES or (len(low) > 2 and low[1] == "-" and low[0] in "dri")


def _and_comes(words: Words, index: NameIndex, at: int, last: int) -> bool:
    """Whether an "and" still follows in the enumeration, within a bounded stretch and not inside a name."""
    stop = min(last, at + 24) + 1
    return any(words.low[i] == "and" and index.covering(i) < 0 for i in range(at, stop))
