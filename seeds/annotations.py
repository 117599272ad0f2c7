"""Reads the annotations of the sample articles: exact words of an article turned into code-point spans.

An annotator quotes words, never counts offsets, because offsets depend on what the parser takes for the body.
Every quotation must name exactly one place; whatever is missing or fits twice is an error, so that a changed
sentence cannot silently move a span. Do not make the search lenient (case, spaces, nearest match): a gold
standard that guesses is none.

Notation (see README.md): `first words ~ last words` is the stretch between them; `#2` at the end takes the second
place; `words {content} words` and, in an attribution, `{mention}` and `[cue]`: what stands
outside the brackets only finds the place.
"""

import re
from dataclasses import dataclass, field
from typing import Any

ACTS = ("statement", "attitude", "question", "refusal", "topic")
KINDS = ("direct", "mixed", "indirect")
TYPES = ("person", "organisation", "unnamed", "document", "unknown")
STATUSES = ("resolved", "ambiguous", "unresolved", "unnamed")
CLAIM_FIELDS = {"c", "a", "by", "act", "kind", "relayed"}

_ORDINAL = re.compile(r"\s*#(\d)$")
_MARKS = re.compile(r"[{}\[\]]")
# An opening mark without its closing one quotes to the end of its paragraph, as printed quotations do.
_QUOTED = re.compile(
    r"“[^”\n]*(?:”|$)|«[^»\n]*(?:»|$)|„[^“\n]*(?:“|$)|\"[^\"\n]*(?:\"|$)|''(?:(?!'')[^\n])*(?:''|$)"
    r"|(?<!\w)‘(?:[^’\n]|’(?=\w))*(?:’(?!\w)|$)",
    re.MULTILINE,
)

Spans = list[tuple[int, int]]


class AnnotationError(ValueError):
    """An annotation does not fit its article; the message names the words."""


@dataclass
class Body:
    """One article's body and its paragraphs as spans."""

    text: str
    paragraphs: Spans = field(init=False)

    def __post_init__(self) -> None:
        """Find the paragraphs once: stretches between line breaks."""
        self.paragraphs = [m.span() for m in re.finditer(r"[^\n]+", self.text)]

    def places(self, words: str, within: Spans) -> list[int]:
        """All starts of `words`, not inside a longer word, in the given stretches."""
        edge_left = r"(?<!\w)" if words[:1].isalnum() else ""
        edge_right = r"(?!\w)" if words[-1:].isalnum() else ""
        pattern = re.compile(edge_left + re.escape(words) + edge_right)
        return [m.start() for s, e in within for m in pattern.finditer(self.text, s, e)]

    def one_place(self, quoted: str, within: Spans | None = None) -> tuple[int, int]:
        """The only place of the quoted words.

        Raises:
            AnnotationError: if they occur nowhere, or more than once without an ordinal.
        """
        ordinal = _ORDINAL.search(quoted)
        words = quoted[: ordinal.start()] if ordinal else quoted
        found = self.places(words, within or [(0, len(self.text))])
        if not found:
            raise AnnotationError(f"not in the body: {words!r}")
        if not ordinal and len(found) > 1:
            raise AnnotationError(f"{len(found)} places, add #1 to #{len(found)}: {words!r}")
        index = int(ordinal.group(1)) - 1 if ordinal else 0
        if index >= len(found):
            raise AnnotationError(f"only {len(found)} places: {quoted!r}")
        return found[index], found[index] + len(words)

    def stretch(self, quoted: str) -> tuple[int, int]:
        """The span of a content quotation; `first words ~ last words` stays inside one paragraph."""
        if "{" in quoted:
            at = self.one_place(_MARKS.sub("", quoted))[0] + quoted.index("{")
            return at, at + quoted.index("}") - quoted.index("{") - 1
        first, tilde, last = quoted.partition(" ~ ")
        start, end = self.one_place(first)
        if tilde:
            stop = next(e for s, e in self.paragraphs if s <= start < e)
            end = self.one_place(last, [(end, stop)])[1]
        return start, end

    def around(self, spans: Spans) -> Spans:
        """The paragraphs that the spans touch."""
        return [(s, e) for s, e in self.paragraphs if any(a < e and s < b for a, b in spans)]


def attribution(body: Body, phrases: list[str], content: Spans) -> tuple[Spans, Spans]:
    """Mention and cue spans of attribution phrases, sought beside the content first, then in the whole body."""
    mention: Spans = []
    cue: Spans = []
    for phrase in phrases:
        plain = _MARKS.sub("", phrase)
        beside = body.around(content)
        near = body.places(_ORDINAL.sub("", plain), beside)
        at = body.one_place(plain, beside if near else None)[0]
        for m in re.finditer(r"[{\[]([^{}\[\]]+)[}\]]", phrase):
            start = at + len(_MARKS.sub("", phrase[: m.start()]))
            (mention if m.group(0)[0] == "{" else cue).append((start, start + len(m.group(1))))
    return sorted(mention), sorted(cue)


def kind_of(texts: list[str]) -> str:
    """`direct` if every word stands inside quotation marks, `indirect` if none does, else `mixed`."""
    words = sum(len(re.findall(r"\w+", t)) for t in texts)
    outside = sum(len(re.findall(r"\w+", _QUOTED.sub(" ", t))) for t in texts)
    return "direct" if outside == 0 else "indirect" if outside == words else "mixed"


def speaker_of(by: Any, cast: dict[str, Any], words: str) -> dict[str, Any] | None:
    """The speaker of a claim: keys into the article's cast, `?` unnamed, `-` no source words."""
    if by == "-":
        return None
    if by == "?":
        return {"name": None, "type": "unnamed", "members": [], "status": "unnamed", "words": words}
    if isinstance(by, list):
        members = [one_speaker(key, cast) for key in by]
        kind = "person" if any(m["type"] == "person" for m in members) else members[0]["type"]
        names = [m["name"] for m in members]
        return {"name": " & ".join(names), "type": kind, "members": names, "status": "resolved"}
    return one_speaker(by, cast)


def one_speaker(key: str, cast: dict[str, Any]) -> dict[str, Any]:
    """One entry of the cast: a name (a person), [name, type], [name, type, status] or several candidates."""
    if key not in cast:
        raise AnnotationError(f"speaker {key!r} is not in the cast")
    entry = cast[key] if isinstance(cast[key], list) else [cast[key], "person"]
    name, kind, status = [*entry, "resolved"][:3]
    if isinstance(name, list):
        return {"name": None, "type": kind, "members": [], "status": "ambiguous", "candidates": name}
    if kind not in TYPES or status not in STATUSES:
        raise AnnotationError(f"type or status of speaker {key!r} is none of the known ones")
    return {"name": name, "type": kind, "members": [], "status": status}


def row_of(body: Body, note: dict[str, Any], cast: dict[str, Any]) -> dict[str, Any]:
    """One claim or relayed claim with its spans."""
    if unknown := set(note) - CLAIM_FIELDS:
        raise AnnotationError(f"unknown fields {sorted(unknown)}")
    quoted = note["c"] if isinstance(note["c"], list) else [note["c"]]
    content = [body.stretch(q) for q in quoted]
    phrases = note["a"] if isinstance(note["a"], list) else [note["a"]]
    mention, cue = attribution(body, phrases, content)
    texts = [body.text[s:e] for s, e in content]
    act, kind = note.get("act", "statement"), note.get("kind") or kind_of(texts)
    if act not in ACTS or kind not in KINDS:
        raise AnnotationError(f"act {act!r} or kind {kind!r} is none of the known ones")
    words = " … ".join(body.text[s:e] for s, e in mention)
    speaker = speaker_of(note["by"], cast, words)
    if (speaker is None) != (not mention):
        raise AnnotationError(f"mention and speaker disagree: {note['a']!r}")
    return {
        "content": content,
        "text": texts,
        "kind": kind,
        "act": act,
        "cue": cue,
        "mention": mention,
        "speaker": speaker,
    }


def rows_of(text: str, annotation: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Claims in text order and the relayed ones within them, as `extract` prints them.

    Raises:
        AnnotationError: naming the article and the words that do not fit.
    """
    body, cast = Body(text), annotation.get("speakers", {})
    pairs = []
    for note in annotation["claims"]:
        try:
            inner = [row_of(body, r, cast) for r in note.get("relayed", [])]
            pairs.append((row_of(body, note, cast), inner))
        except AnnotationError as error:
            raise AnnotationError(f"{annotation['file']}: {error} (claim {note['c']!r})") from error
    pairs.sort(key=lambda p: p[0]["content"][0])
    relayed = []
    for index, (_, inner) in enumerate(pairs):
        for r in inner:
            relayed.append({k: r[k] for k in ("content", "text", "speaker")} | {"within": index})
    return [claim for claim, _ in pairs], relayed
