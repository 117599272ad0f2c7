"""The engine: who is reported to have said what, and exactly where. Pure: text in, frozen values out.

`extract` reads one text; `resolve_speakers` joins the speakers of texts by name. The model lies beside the code. No
Django, no network, no clock; a test loads this package with Django blocked.
"""

from claims.extraction.engine import Engine, default_engine, extract, find_attributions
from claims.extraction.errors import ExtractionError
from claims.extraction.identity import resolve_speakers
from claims.extraction.rows import extraction_row
from claims.extraction.values import (
    Attribution,
    Candidate,
    ExtractedClaim,
    Extraction,
    RelayedClaim,
    Span,
    SpeakerReference,
)

ENGINE_VERSION = default_engine().version

__all__ = [
    "ENGINE_VERSION",
    "Attribution",
    "Candidate",
    "Engine",
    "ExtractedClaim",
    "Extraction",
    "ExtractionError",
    "RelayedClaim",
    "Span",
    "SpeakerReference",
    "default_engine",
    "extract",
    "extraction_row",
    "find_attributions",
    "resolve_speakers",
]
