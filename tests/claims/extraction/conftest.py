import pytest

from claims.extraction import Engine, default_engine
from claims.extraction.encoder import load_tokenizer
from claims.extraction.engine import DEFAULT_MODEL
from claims.extraction.pieces import CachedTokenizer


@pytest.fixture(scope="session")
def engine() -> Engine:
    return default_engine()


@pytest.fixture(scope="session")
def tokenizer() -> CachedTokenizer:
    return load_tokenizer(DEFAULT_MODEL)
