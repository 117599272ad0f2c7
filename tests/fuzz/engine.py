"""Coverage-guided fuzzing of the extraction engine; ends by itself.

usage: python -m tests.fuzz.engine [-max_total_time=SECONDS] [any other option of libFuzzer]

Texts are made of what news is made of and of what breaks parsers (marks of every kind, emoji, combining marks,
right-to-left words, breaks, long words), as the fuzzer's bytes choose. Every answer must keep the invariants of
`tests.claims.extraction.invariants`, and come in time that grows with the length only. `make fuzz-engine` installs what
is needed and runs it for five minutes.
"""

import sys
import time

import atheris

with atheris.instrument_imports(include=["claims.extraction"]):
    from claims.extraction import extract

from tests.claims.extraction.invariants import check

MARKS = [*"\"“”„‘’'`«»‹›()[]—–-:;,.?!…|*#@&%―•", "''", "``", "..."]
BREAKS = [" ", " ", " ", " ", "\n", "\n\n", "\r\n", "\t", "\u2028", "\xa0", "\u200b", "", "\x00", "\x0c"]
WORDS = [
    "said",
    "told",
    "asked",
    "according",
    "to",
    "that",
    "he",
    "she",
    "they",
    "I",
    "we",
    "it",
    "who",
    "the",
    "a",
    "mayor",
    "Maren",
    "Osei",
    "Dr.",
    "Mr.",
    "Ben",
    "Moss",
    "OLDMERE",
    "Inc.",
    "spokeswoman",
    "for",
    "of",
    "and",
    "but",
    "not",
    "refused",
    "comment",
    "believes",
    "hopes",
    "wants",
    "claimed",
    "added",
    "says",
    "why",
    "whether",
    "if",
    '"The',
    "bridge",
    "is",
    'safe"',
    "U.S.",
    "No.",
    "12.5",
    "2024",
    "him",
    "her",
    "his",
    "latter's",
    "former's",
    "Osei's",
    "Müller",
    "O’Brien",
    "Lake-Smith",
]
ODD = [
    "🌊",
    "👩‍🚒",
    "e\u0301\u0302",
    "\u0301",
    "אמר",
    "\u202e",
    "中文",
    "ﬁ",
    "İ",
    "ß",
    "x" * 300,
    "\ud800",
    "\ufeff",
    "𝔘",
]
SHORTEST_S = 1.0
A_CHARACTER_S = 0.002
"""Two hundred times what the engine takes on a quiet machine: what is slower than this is not linear."""


def text_of(data: bytes) -> str:
    """Turn the fuzzer's bytes into a text of words, marks and breaks."""
    provider = atheris.FuzzedDataProvider(data)
    parts = []
    while provider.remaining_bytes() > 1:
        kind = provider.ConsumeIntInRange(0, 15)
        if kind < 8:
            parts.append(WORDS[provider.ConsumeIntInRange(0, len(WORDS) - 1)])
        elif kind < 12:
            parts.append(MARKS[provider.ConsumeIntInRange(0, len(MARKS) - 1)])
        elif kind < 13:
            parts.append(ODD[provider.ConsumeIntInRange(0, len(ODD) - 1)])
        elif kind < 14:
            parts.append(provider.ConsumeUnicode(provider.ConsumeIntInRange(0, 12)))
        parts.append(BREAKS[provider.ConsumeIntInRange(0, len(BREAKS) - 1)])
    return "".join(parts)


def try_one(data: bytes) -> None:
    """Extract one text and hold the answer to what must be true of all."""
    text = text_of(data)
    started = time.monotonic()
    extraction = extract(text, language="en")
    seconds = time.monotonic() - started
    check(extraction)
    if seconds > SHORTEST_S + A_CHARACTER_S * len(text):
        raise TimeoutError(f"{seconds:.1f} s for {len(text)} characters")


def main() -> None:
    """Fuzz for the time that the options give, five minutes unless told."""
    options = sys.argv if any("-max_total_time" in one for one in sys.argv) else [*sys.argv, "-max_total_time=300"]
    extract("She said the bridge is safe.")
    atheris.Setup([*options, "-max_len=4096", "-timeout=60"], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
