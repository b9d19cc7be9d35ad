"""A folder to put files into, and what comes out of reading them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from detector.reading import Reading, read_articles

Put = Callable[[str, "bytes | str"], Path]
Read = Callable[[str, "bytes | str"], Reading]

TEXT = "The river rose by two metres."

settings.register_profile("long", max_examples=5000, print_blob=True)


def lines(*records: object) -> str:
    """Records as JSON Lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Puts a file into the test's folder."""

    def put_file(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put_file


@pytest.fixture
def read(put: Put) -> Read:
    """Reads one file of the given name and content."""
    return lambda name, content: read_articles(put(name, content))
