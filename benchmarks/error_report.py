"""Where the engine errs: found, attributed and invented by kind of cue, quotation, source and length.

A gold attribution counts once in each group that it belongs to. Groups of the invented are by what was predicted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from claims.extraction.lexicons import load
from claims.extraction.speakers.mentions import PRONOUNS
from claims.extraction.training.metric import Claim, Words, pairs, same_source

_LENGTHS = ((4, "under 4 words"), (10, "4 to 9 words"), (25, "10 to 24 words"), (10**9, "25 words and more"))


class ErrorReport:
    """Counts over articles."""

    def __init__(self) -> None:
        self.gold: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.attributed: Counter[str] = Counter()
        self.invented: Counter[str] = Counter()

    def add(self, text: str, attributions: Sequence[dict[str, Any]], claims: Sequence[Any]) -> None:
        """Count one article.

        Args:
            text: The article.
            attributions: Its gold rows with "content", "cue" and "source".
            claims: What the engine found: objects with `content`, `cue` and `mention`.
        """
        words = Words(text)
        gold = list(_described(text, words, ((a["content"], a["cue"], a["source"]) for a in attributions)))
        found = list(_described(text, words, ((c.content, c.cue, c.mention) for c in claims)))
        partners = pairs([claim for claim, _ in gold], [claim for claim, _ in found], 0.5)
        for _, groups in gold:
            self.gold.update(groups)
        for g, f in partners:
            self.found.update(gold[g][1])
            if same_source(gold[g][0], found[f][0]):
                self.attributed.update(gold[g][1])
        right = {f for _, f in partners}
        for number, (_, groups) in enumerate(found):
            if number not in right:
                self.invented.update(groups)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Return for each group its gold count, the shares found and attributed, and how many were invented."""
        return {
            group: {
                "gold": count,
                "found": round(self.found[group] / count, 3),
                "attributed": round(self.attributed[group] / count, 3),
                "invented": self.invented[group],
            }
            for group, count in sorted(self.gold.items())
        }

    def table(self) -> str:
        """Return the rows as a Markdown table."""
        lines = ["| group | gold | found | found and attributed | invented |", "|---|---|---|---|---|"]
        for group, row in self.rows().items():
            lines.append(
                f"| {group} | {row['gold']} | {row['found']:.3f} | {row['attributed']:.3f} | {row['invented']} |"
            )
        return "\n".join(lines)


def _described(
    text: str, words: Words, rows: Iterable[tuple[Any, Any, Any]]
) -> Iterable[tuple[Claim, tuple[str, ...]]]:
    for content, cue, source in rows:
        for claim in words.claims([(content, source)]):
            cue_words = " ".join(text[start:end] for start, end in cue).casefold().split()
            source_words = " ".join(text[start:end] for start, end in source).split()
            yield (
                claim,
                (
                    f"kind: {claim.kind}",
                    f"cue: {_cue_group(cue_words)}",
                    f"source: {_source_group(source_words)}",
                    f"length: {next(name for limit, name in _LENGTHS if len(claim.content) < limit)}",
                    *(["split content"] if len(content) > 1 else []),
                ),
            )


def _cue_group(words: Sequence[str]) -> str:
    bare = {word.strip(".,;:!?\"'“”’") for word in words} - {""}
    if not bare:
        return "none or a mark"
    for name in ("statement", "attitude", "question", "refusal", "topic"):
        if bare & load(f"cues_{name}"):
            return f"{name} word"
    return "other"


def _source_group(words: Sequence[str]) -> str:
    if not words:
        return "none"
    if len(words) == 1 and words[0].casefold() in PRONOUNS:
        return "pronoun"
    if any(word[:1].isupper() for word in words[1:]) or (words[0][:1].isupper() and words[0].casefold() != "the"):
        return "named"
    return "common noun"
