"""What all tests may use: the articles of seeds/ and the embedded model, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector.encoding.encoder import SentenceTransformerEncoder, load_encoder


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of articles every checkout has."""
    return Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def encoder() -> SentenceTransformerEncoder:
    """The embedded model."""
    return load_encoder()
