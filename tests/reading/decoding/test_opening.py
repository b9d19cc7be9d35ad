"""Encodings and gzip: what is read, and the one line for what is not."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path

import pytest

from detector.reading import read_articles
from detector.records import Article
from tests.reading.conftest import TEXT, Put, Read, lines

ACCENTS = "L'été est fini à Zürich; 北京下雨了。"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_utf_8_and_marked_utf_16_and_32_are_read(mark: bytes, encoding: str, packed: bool, read: Read) -> None:
    text = ACCENTS * 5000
    content = mark + text.encode(encoding)
    reading = read("a.txt.gz" if packed else "a.txt", gzip.compress(content) if packed else content)
    assert list(reading) == [Article("a.txt.gz" if packed else "a.txt", text)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"caf\xe9 au lait", "not UTF-8 at byte 3 (0xe9): save the file as UTF-8"),
        (codecs.BOM_UTF8 + b"caf\xe9 au lait", "not UTF-8 at byte 6 (0xe9): save the file as UTF-8"),
        (codecs.BOM_UTF16_LE + b"a\0\x00\xd8b\0", "not UTF-16 at byte 4: save the file as UTF-8"),
        (codecs.BOM_UTF16_LE + b"a\0b", "not UTF-16 at byte 4: save the file as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a binary file, not text"),
    ],
)
def test_a_bad_byte_is_rejected_with_its_offset(content: bytes, reason: str, read: Read) -> None:
    assert [rejected.reason for rejected in read("a.txt", content).rejected] == [reason]


def test_a_broken_gzip_file_gives_the_records_before_the_damage(read: Read) -> None:
    packed = gzip.compress(lines(*({"id": n, "text": f"{TEXT} {n * n}"} for n in range(10_000))).encode())
    for broken in (packed[:-100], packed[: len(packed) // 2] + b"\0" * 99, packed + b"rest"):
        reading = read("a.jsonl.gz", broken)
        assert reading.articles[0] == Article("0", f"{TEXT} 0")
        assert reading.rejected[-1].reason == "broken gzip file: data after the damage could not be read"
    assert len(read("b.txt.gz", b"\x1f\x8b").rejected) == 1


def test_the_name_gz_is_not_trusted(read: Read) -> None:
    assert read("a.txt.gz", TEXT).articles == [Article("a.txt.gz", TEXT)]
    assert read("a.txt", gzip.compress(TEXT.encode())).articles == [Article("a.txt", TEXT)]


def test_a_file_that_may_not_be_read_costs_only_itself(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.txt", TEXT), put("b.txt", TEXT)
    reading = read_articles(tmp_path)
    open_file = Path.open

    def guarded(path: Path, mode: str) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return open_file(path, mode)

    monkeypatch.setattr(Path, "open", guarded)
    assert [article.id for article in reading.articles] == ["b.txt"]
    assert reading.rejected[0].reason == "the file cannot be read: Permission denied"
