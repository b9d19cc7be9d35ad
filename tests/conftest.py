"""What all tests may use: the articles of seeds/ and the embedded model, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from detector.encoding.encoder import SentenceTransformerEncoder
from detector.encoding.loading import load_encoder

# Hypothesis's limit of 200 ms for an example measures how busy the machine is.
settings.register_profile("tests", settings(), deadline=None)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of articles every checkout has."""
    return Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="session")
def encoder() -> SentenceTransformerEncoder:
    """The embedded model."""
    return load_encoder()


@pytest.fixture(scope="session", autouse=True)
def embeddings_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Embeddings are kept among the tests of one run, never from one run to the next: the encoder may have changed."""
    path = tmp_path_factory.mktemp("cache") / "embeddings.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("detector.detector.embeddings_file", lambda: path)
        yield path
