"""The engine: a text in, its claims out.

One way through: attributions by the model, then kind, act and speaker of each. An engine is a model directory; two
engines with different directories live side by side, which is how re-extraction compares them. Nothing here reads a
setting, the environment or a clock, and no text makes it raise.
"""

import json
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from claims.extraction.acts import act_of
from claims.extraction.attributions import Finder
from claims.extraction.capitals import with_capitals
from claims.extraction.errors import ExtractionError
from claims.extraction.furniture import without_furniture
from claims.extraction.kinds import QuotedWords
from claims.extraction.layouts import act_of_speech, layout_attributions, with_layout
from claims.extraction.quotes import quote_spans
from claims.extraction.readable import ENGLISH, language_of
from claims.extraction.relayed import Relayed, own_words, relayed_attributions
from claims.extraction.repairs import mended
from claims.extraction.speakers import Cast
from claims.extraction.values import Attribution, ExtractedClaim, Extraction, RelayedClaim

CODE_VERSION = "1.6.0"
"""Version of the rules around the model; raise it with every change that changes answers."""
MODEL_FORMAT = 3
"""Version of the model directory's layout that this code reads."""
DEFAULT_MODEL = Path(__file__).parent / "model"
UNTOLD = "und"
"""Language code of a text too short or too mixed to tell; it is tried as English."""


class Engine:
    """One model directory, loaded at its first text and shared by all threads."""

    def __init__(self, model_dir: Path = DEFAULT_MODEL) -> None:
        """Read what identifies the model; the weights are loaded at the first text.

        Raises:
            ExtractionError: The directory has no model of this code's format.
        """
        self._dir = model_dir
        self.version = f"{CODE_VERSION}+{_model_hash(model_dir)[:8]}"
        self._lock = threading.Lock()
        self._loaded: Finder | None = None

    def _finder(self) -> Finder:
        """Load the model once, whichever thread comes first."""
        with self._lock:
            if self._loaded is None:
                self._loaded = Finder(self._dir)
            return self._loaded

    def attributions(self, text: str) -> list[Attribution]:
        """Return the attributions of a text, in text order: the model's, and those that stand in its layout."""
        text = self._readable(text)
        layout = layout_attributions(text)
        return with_layout(self._tagged(text, layout), layout)

    def _readable(self, text: str) -> str:
        """Return what everything reads in the place of a text: itself, unless its letters have one size."""
        return with_capitals(text, lambda word: self._finder().encoder.is_word(word))

    def _tagged(self, text: str, layout: Sequence[Attribution]) -> list[Attribution]:
        """Return what the model finds; in a transcript what opens the first line is no dateline."""
        found = self._finder().find(text if layout else without_furniture(text))
        return [mended(text, one) for one in found]

    def extract(self, text: str, *, language: str | None = None, byline: str = "") -> Extraction:
        """Return the claims of a text, in text order.

        Args:
            text: Any text, with offsets counted in its code points.
            language: Code of its language if the caller knows it; anything but "en" and "und" gives no claims.
            byline: Who wrote it, as printed: whom "I" means where nobody is quoted.
        """
        found = language_of(text) if language is None else language
        if found not in (ENGLISH, UNTOLD):
            return Extraction(text, self.version, found, ())
        plain, text = text, self._readable(text)
        layout = layout_attributions(text)
        attributions = with_layout(self._tagged(text, layout), layout)
        quotes = quote_spans(text)
        quoted = QuotedWords(text, quotes)
        marked = frozenset(layout)
        cast = Cast(text, byline, quotes)
        speakers = cast.name(attributions)
        relayed = relayed_attributions(text, attributions, self._finder().find)
        claims = tuple(
            ExtractedClaim(
                attribution.content,
                attribution.cue,
                attribution.mention,
                "direct" if attribution in marked else quoted.kind(attribution.content),
                act_of_speech(text, attribution) if attribution in marked else act_of(text, attribution),
                speaker,
                attribution.confidence,
                attribution.evidence,
            )
            for attribution, speaker in zip(attributions, speakers, strict=True)
        )
        within = _relayed_claims(text, cast, attributions, relayed, quoted)
        return Extraction(plain, self.version, found, *own_words(text, claims, within, quoted.kind))


def _relayed_claims(
    text: str, cast: Cast, attributions: Sequence[Attribution], relayed: Sequence[Relayed], quoted: QuotedWords
) -> tuple[RelayedClaim, ...]:
    """Names the speakers of relayed statements where they stand, among the claims around them."""
    if not relayed:
        return ()
    inner = [(one.attribution, number) for number, one in enumerate(relayed)]
    around = [(one, -1) for one in attributions]
    in_order = sorted(inner + around, key=lambda pair: (pair[0].content[0].start, pair[1]))
    names = cast.name([attribution for attribution, _ in in_order])
    by_number = {number: name for (_, number), name in zip(in_order, names, strict=True)}
    claims = []
    for number, one in enumerate(relayed):
        told = one.attribution
        kind, act = quoted.kind(told.content), act_of(text, told)
        claims.append(
            RelayedClaim(
                told.content,
                told.cue,
                told.mention,
                kind,
                act,
                by_number[number],
                one.within,
                told.confidence,
            )
        )
    return tuple(claims)


@cache
def default_engine() -> Engine:
    """Return the engine of the shipped model."""
    return Engine()


def find_attributions(text: str) -> list[Attribution]:
    """Return the attributions that the shipped model finds in a text."""
    return default_engine().attributions(text)


def extract(text: str, *, language: str | None = None, byline: str = "") -> Extraction:
    """Return the claims that the shipped model finds in a text; see `Engine.extract`."""
    return default_engine().extract(text, language=language, byline=byline)


def _model_hash(model_dir: Path) -> str:
    path = model_dir / "meta.json"
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        model_format, digest = meta["format"], str(meta["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExtractionError(f"{path}: not the description of a model ({error})") from error
    if model_format != MODEL_FORMAT:
        raise ExtractionError(f"{path}: the model has format {model_format}, this engine reads format {MODEL_FORMAT}")
    return digest
