"""The encoder: one ONNX file, run by onnxruntime on the CPU.

One window a call, one thread inside a call: batches of 8 were 60 % slower, and articles are spread over processes
instead. The session is made at the first use and shared by all threads; onnxruntime allows that. The library itself is
imported then, too: most commands, and servers that only answer readers, do without its 60 ms and 12 MB.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from claims.extraction.crf import TAGS
from claims.extraction.errors import ExtractionError
from claims.extraction.pieces import CachedTokenizer, Pieces, cut_pieces
from claims.extraction.windows import cut_windows

if TYPE_CHECKING:
    import onnxruntime

FloatArray = NDArray[np.float32]

_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: JSON can bring one, the tokenizer refuses it


class EncodedText(NamedTuple):
    """A cut text with the vector of each word, (W, H), and the score of each tag for it, (W, 7)."""

    pieces: Pieces
    vectors: FloatArray
    tags: FloatArray


class Encoder:
    """Tokenizer and network of one model directory, loaded at the first use."""

    def __init__(self, model_dir: Path) -> None:
        """Remember where `model.onnx` and `tokenizer.json` are; nothing is read yet."""
        self._dir = model_dir
        self._lock = threading.Lock()
        self._loaded: tuple[CachedTokenizer, onnxruntime.InferenceSession] | None = None

    def encode(self, text: str) -> EncodedText:
        """Cut a text and give each word its vector.

        Raises:
            ExtractionError: A model file is missing or damaged.
        """
        tokenizer, session = self._load()
        pieces = cut_pieces(tokenizer, _SURROGATE.sub("\ufffd", text))
        cores = [_run(session, pieces, *window) for window in cut_windows(pieces)]
        if not len(pieces.starts):
            return EncodedText(pieces, np.zeros((0, 1), dtype=np.float32), np.zeros((0, len(TAGS)), dtype=np.float32))
        vectors, tags = zip(*(core for core in cores if core is not None), strict=True)
        return EncodedText(pieces, np.concatenate(vectors), np.concatenate(tags))

    def is_word(self, word: str) -> bool:
        """Tell whether the tokenizer keeps a lower-case word whole."""
        return self._load()[0].plain.token_to_id(word) is not None

    def _load(self) -> tuple[CachedTokenizer, onnxruntime.InferenceSession]:
        with self._lock:
            if self._loaded is None:
                self._loaded = load_tokenizer(self._dir), load_session(self._dir / "model.onnx")
            return self._loaded


def _run(
    session: onnxruntime.InferenceSession, pieces: Pieces, start: int, core_start: int, core_end: int, end: int
) -> tuple[FloatArray, FloatArray] | None:
    """Return vectors and tag scores of the words whose first piece lies in the window's core; None for no word."""
    low, high = np.searchsorted(pieces.word_piece, [core_start, core_end])
    if low == high:
        return None
    feeds = {
        "ids": pieces.ids[start:end].astype(np.int64),
        "features": pieces.features[start:end].astype(np.int64),
        "rows": pieces.word_piece[low:high].astype(np.int64) - start,
    }
    hidden, tags = session.run(["hidden", "tags"], feeds)
    return hidden, tags


def load_tokenizer(model_dir: Path) -> CachedTokenizer:
    """Load a model directory's tokenizer so that it neither cuts nor pads.

    Raises:
        ExtractionError: The file is missing or damaged.
    """
    path = model_dir / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the binding raises a bare Exception for whatever is wrong
        raise ExtractionError(f"{path}: the tokenizer of the model is missing or damaged ({error})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return CachedTokenizer(tokenizer)


def load_session(path: Path) -> onnxruntime.InferenceSession:
    """Load a network that runs on one thread.

    Raises:
        ExtractionError: The file is missing or damaged.
    """
    import onnxruntime  # see above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no base below Exception
        raise ExtractionError(f"{path}: the network of the model is missing or damaged ({error})") from error


def sections(text: str, longest: int, overlap: int) -> Iterator[tuple[int, int, int]]:
    """Cut a long text into overlapping sections, so that memory stays flat whatever the length.

    Args:
        text: Any text.
        longest: Most code points a section answers for.
        overlap: Code points that a section sees beyond what it answers for, on either side.

    Yields:
        Where the section starts to see, where the part that it answers for ends, and where it ends to see. The next
        section answers from there on.
    """
    start = 0
    while start < len(text) or start == 0:
        limit = start + longest
        if limit >= len(text):
            yield max(0, start - overlap), len(text), len(text)
            return
        cut = max(text.rfind("\n", start + longest // 2, limit), text.rfind(" ", limit - 200, limit), start)
        cut = cut + 1 if cut > start else limit
        yield max(0, start - overlap), cut, min(len(text), cut + overlap)
        start = cut
