"""From text to the encoder's pieces and to words: the one place that fixes how text is cut.

Training and run time both use this module, so that the shipped weights see exactly what they were trained on. Change
nothing here without retraining. A piece is a WordPiece token; a line break and a paragraph break are pieces of their
own, because the tokenizer would lose them and they carry much of what separates one statement from the next. A word
is a run of letters and digits (apostrophes inside it included) or one other visible character; tags belong to words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from claims.extraction.quotes import quote_spans

LINE_BREAK = 1
"""Piece id of a line break: `[unused0]` of the vocabulary."""
PARAGRAPH_BREAK = 2
"""Piece id of a paragraph break: `[unused1]` of the vocabulary."""
QUOTED = 5
"""Number of case classes; a word inside quotation marks has its class plus this."""
FEATURES = 2 * QUOTED
"""Case class (other, lower, Title, UPPER, digit) times inside quotation marks or not."""
CHUNK = 20_000
"""Longest stretch given to the tokenizer at once, in code points: keeps memory flat on endless lines."""

MOST_KEPT = 30_000
"""Words whose ids are kept, some 6 MB; those met first are the common ones, so that none need ever be dropped."""
LONGEST_KEPT = 30

WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_APART = re.compile(r"[\w \t\u00a0!-/:-@\[-`{-~“”‘’„‚–—…«»•]*")
"""Text whose words the tokenizer cuts each by itself: it joins other symbols ("£5") and drops control characters."""
_BREAKS = re.compile(r"\n[^\S\n]*(?:\n\s*)?")
_ENDERS = frozenset(".!?…")
_TRAILERS = frozenset("\"”’'»)]")

IntArray = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """One stretch of text, cut.

    Attributes:
        ids: Vocabulary id of each piece, breaks included.
        features: Case and quote class of each piece, 0 to `FEATURES` - 1.
        word_piece: For each word, the index of its first piece.
        starts: For each word, its first code point in the text.
        ends: For each word, its end (exclusive).
        sentence: For each word, the number of its sentence.
        paragraph: For each word, the number of its paragraph.
    """

    ids: IntArray
    features: IntArray
    word_piece: IntArray
    starts: IntArray
    ends: IntArray
    sentence: IntArray
    paragraph: IntArray

    def __len__(self) -> int:
        return len(self.ids)


class CachedTokenizer(dict[str, tuple[int, ...]]):
    """A tokenizer that keeps the vocabulary ids of the words that it has met, by word.

    Args:
        plain: The model's WordPiece tokenizer, without truncation or padding.
    """

    def __init__(self, plain: Tokenizer) -> None:
        super().__init__()
        self.plain = plain

    def __missing__(self, word: str) -> tuple[int, ...]:
        ids = tuple(self.plain.encode(word, add_special_tokens=False).ids)
        if len(self) < MOST_KEPT and len(word) <= LONGEST_KEPT:
            self[word] = ids
        return ids


class _Builder:
    """Collects pieces and words of the chunks of one text."""

    def __init__(self, tokenizer: CachedTokenizer) -> None:
        self.tokenizer = tokenizer
        self.ids: list[int] = []
        self.owners: list[int] = []
        """The word of one or more pieces in a row, -1 for none."""
        self.sizes: list[int] = []
        """How many pieces in a row each of `owners` has."""
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sentence: list[int] = []
        self.paragraph: list[int] = []
        self.cases: list[int] = []
        self.sentence_now = 0
        self.paragraph_now = 0
        self.ended = False

    def add_break(self, is_paragraph: bool) -> None:
        """Add a break piece; it belongs to no word."""
        self.ids.append(PARAGRAPH_BREAK if is_paragraph else LINE_BREAK)
        self.owners.append(-1)
        self.sizes.append(1)
        self.sentence_now += 1
        self.paragraph_now += is_paragraph
        self.ended = False

    def add_chunk(self, text: str, start: int, end: int) -> None:
        """Add the words and pieces of `text[start:end]`, a stretch without line break."""
        first = len(self.starts)
        self._add_words(text, start, end)
        if first == len(self.starts):
            return
        if _APART.fullmatch(text, start, end):
            ids = self.tokenizer
            found = [ids[text[s:e]] for s, e in zip(self.starts[first:], self.ends[first:], strict=True)]
            self.ids += chain.from_iterable(found)
            self.owners += range(first, len(self.starts))
            self.sizes += map(len, found)
            return
        encoding = self.tokenizer.plain.encode(text[start:end], add_special_tokens=False)
        at = np.array([offset[0] for offset in encoding.offsets], dtype=np.int64) + start
        owners = np.searchsorted(np.array(self.starts[first:], dtype=np.int64), at, side="right") - 1 + first
        self.ids += encoding.ids
        self.owners += np.maximum(owners, first).tolist()
        self.sizes += [1] * len(encoding.ids)

    def _add_words(self, text: str, start: int, end: int) -> None:
        """Add words; one loop with local names, since every word of every text passes here.

        A word of several characters begins with a letter, digit or underscore, so its first character tells whether it
        is a mark that ends a sentence or trails behind its end.
        """
        sentence, ended = self.sentence_now, self.ended
        spans = [match.span() for match in WORD.finditer(text, start, end)]
        for word_start, word_end in spans:
            first = text[word_start]
            if ended and first not in _TRAILERS:
                sentence += 1
                ended = False
            if first in _ENDERS:
                ended = True
            self.sentence.append(sentence)
            self.cases.append(1 if first.islower() else _case(text[word_start:word_end]))
        self.starts += [span[0] for span in spans]
        self.ends += [span[1] for span in spans]
        self.paragraph += [self.paragraph_now] * len(spans)
        self.sentence_now, self.ended = sentence, ended

    def build(self, text: str) -> Pieces:
        """Join what was collected; words to which the tokenizer gives no piece are left out."""
        ids = np.array(self.ids, dtype=np.int32)
        word_of = np.repeat(np.array(self.owners, dtype=np.int32), np.array(self.sizes, dtype=np.int64))
        starts, ends = np.array(self.starts, dtype=np.int32), np.array(self.ends, dtype=np.int32)
        by_word = np.array(self.cases, dtype=np.int32) + QUOTED * _quoted(text, starts)
        features = np.where(word_of >= 0, by_word[word_of] if len(by_word) else 0, 0).astype(np.int32)
        firsts = np.flatnonzero((word_of >= 0) & np.concatenate(([True], word_of[1:] != word_of[:-1]))[: len(word_of)])
        kept = word_of[firsts]
        return Pieces(
            ids, features, firsts.astype(np.int32), starts[kept], ends[kept],
            np.array(self.sentence, dtype=np.int32)[kept], np.array(self.paragraph, dtype=np.int32)[kept],
        )  # fmt: skip


def cut_pieces(tokenizer: CachedTokenizer, text: str) -> Pieces:
    """Cut a text into pieces and words, in time linear in its length.

    Args:
        tokenizer: The model's tokenizer.
        text: Any text, offsets in code points.
    """
    builder = _Builder(tokenizer)
    position = 0
    for match in _BREAKS.finditer(text):
        _add_line(builder, text, position, match.start())
        builder.add_break("\n" in match.group()[1:] or _ends_paragraph(text, position, match))
        position = match.end()
    _add_line(builder, text, position, len(text))
    return builder.build(text)


def _add_line(builder: _Builder, text: str, start: int, end: int) -> None:
    for chunk_start, chunk_end in _chunks(text, start, end):
        builder.add_chunk(text, chunk_start, chunk_end)


def _chunks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > CHUNK:
        cut = text.rfind(" ", start + CHUNK // 2, start + CHUNK) + 1 or start + CHUNK
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _ends_paragraph(text: str, line_start: int, line_break: re.Match[str]) -> bool:
    """Tell whether a single line break ends a paragraph: the line closes a sentence and is no wrapped line."""
    before = text[max(line_start, line_break.start() - 4) : line_break.start()].rstrip().rstrip("\"”’'»)]")
    return bool(before) and before[-1] in _ENDERS and line_break.start() - line_start > 100


def _quoted(text: str, starts: IntArray) -> IntArray:
    """Return for each word 1 if it stands inside quotation marks, else 0."""
    inside = np.zeros(len(starts), dtype=np.int32)
    spans = quote_spans(text)
    if spans:
        first = np.searchsorted(starts, [span.start for span in spans], side="left")
        last = np.searchsorted(starts, [span.end for span in spans], side="left")
        for a, b in zip(first.tolist(), last.tolist(), strict=True):
            inside[a:b] = 1
    return inside


def _case(word: str) -> int:
    first = word[0]
    if first.isdigit():
        return 4
    if not first.isalpha():
        return 0
    if word.isupper() and len(word) > 1:
        return 3
    return 2 if first.isupper() else 1
