"""Zip archives are read like folders, and only so far as is safe."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from detector.reading import read_articles
from detector.reading.decoding import limits
from detector.records import Article
from tests.reading.conftest import TEXT, Read, lines


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def reasons(read: Read, content: bytes) -> dict[str, str]:
    return {rejected.path.rpartition(".zip/")[2]: rejected.reason for rejected in read("a.zip", content).rejected}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["a.zip", "a", "a.txt"])
def test_the_files_inside_are_read_in_the_order_of_their_names(method: int, name: str, read: Read) -> None:
    files = {
        "news/": b"",
        "news/b.txt": TEXT.encode(),
        "news/a.jsonl": lines({"text": TEXT}, {"id": "x", "text": TEXT}).encode(),
        "table.csv": f"id\ttext\nété\t{TEXT}\n".encode(),
        "news/.hidden.txt": TEXT.encode(),
        "__MACOSX/news/b.txt": b"\0\5\x16\7",
    }
    assert list(read(name, zipped(files, method))) == [
        Article("a.jsonl:1", TEXT),
        Article("x", TEXT),
        Article("b.txt", TEXT),
        Article("été", TEXT),
    ]


def test_from_standard_input_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(zipped({"a.txt": TEXT.encode()}))))
    assert list(read_articles("-")) == [Article("a.txt", TEXT)]


def test_a_bad_file_costs_only_itself(read: Read) -> None:
    files = {
        "a.jsonl": lines({"text": TEXT}).encode() + b"[1]\n",
        "b.pdf": b"%PDF words",
        "c.txt": b"",
        "d.txt.gz": gzip.compress(TEXT.encode()),
        "e.zip": zipped({"a.txt": TEXT.encode()}),
        "f.txt": TEXT.encode(),
    }
    found = reasons(read, zipped(files))
    assert found.pop("b.pdf").startswith("unsupported file type")
    assert found == {
        "a.jsonl": "the record is a list, not an object with fields",
        "c.txt": "empty file: no records in it",
        "d.txt.gz": "a compressed file inside an archive: unpack the archive",
        "e.zip": "a compressed file inside an archive: unpack the archive",
    }
    assert [article.id for article in read("a.zip", zipped(files)).articles] == ["a.jsonl:1", "f.txt"]


def test_no_name_leads_out_of_the_archive_or_breaks_a_line(read: Read, tmp_path: Path) -> None:
    names = ("../../out.txt", "/etc/passwd", "two\nlines.txt", "C:\\x.txt", "\x1b[31m.txt")
    reading = read("inside/a.zip", zipped({name: f"{TEXT} {name}".encode() for name in names}))
    assert len(reading.articles) == len(names)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]
    assert all(article.id.isprintable() for article in reading.articles)


def test_an_archive_without_files_is_rejected(read: Read) -> None:
    for files in ({}, {"news/": b""}, {".hidden.txt": TEXT.encode()}):
        assert reasons(read, zipped(files)).popitem()[1] == "empty archive: no files in it"


def test_a_damaged_archive_gives_what_can_be_read(read: Read) -> None:
    content = zipped({f"{n}.txt": f"{TEXT} {n}".encode() for n in range(9)}, zipfile.ZIP_STORED)
    damaged = content.index(f"{TEXT} 4".encode())
    reading = read("a.zip", content[:damaged] + b"X" + content[damaged + 1 :])
    assert len(reading.articles) == 8
    assert reading.rejected[0].reason == "broken zip archive: data after the damage in this file could not be read"
    [rejected] = read("b.zip", content[:-30]).rejected
    assert rejected.reason.startswith("broken zip archive: its list of files")


def test_locked_files_and_office_documents_are_rejected_with_the_reason(read: Read) -> None:
    locked = zipped({"a.txt": TEXT.encode()}).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
    )
    assert reasons(read, locked) == {"a.txt": "locked with a password: unpack the archive"}
    for name in ("[Content_Types].xml", "mimetype"):
        [rejected] = read("a.xlsx", zipped({name: b"x", "sheet.xml": b"<a/>"})).rejected
        assert rejected.reason == "an office document: save its table as CSV, or its text as plain text"


def test_decompression_bombs_are_rejected(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPANSION_FREE", limits.MIB)
    bomb = lines({"id": 1, "text": TEXT}).encode() + bytes(9 * limits.MIB)
    reading = read("a.zip", zipped({"a.txt": TEXT.encode(), "b.jsonl": bomb, "c.txt": TEXT.encode()}))
    assert [article.id for article in reading.articles] == ["a.txt", "1"]
    assert {rejected.path[-7:] for rejected in reading.rejected} == {"b.jsonl", "p/c.txt"}
    assert all(
        rejected.reason.startswith("possible decompression bomb (over 1 MiB at more than")
        for rejected in reading.rejected
    )
    monkeypatch.setattr(limits, "DIRECTORY_LIMIT", 500)
    [rejected] = read("b.zip", zipped({f"{n}.txt": b"" for n in range(20)})).rejected
    assert rejected.reason == "zip archive whose list of files is larger than 500 bytes: unpack it"
