"""Which files are read, and in which order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detector.reading import read_articles
from detector.reading.finding import find_sources
from tests.reading.conftest import TEXT, Put


def names(*sources: str | Path) -> list[str]:
    return [article.id for article in read_articles(list(sources)).articles]


def test_folders_are_read_in_the_order_of_paths(put: Put, tmp_path: Path) -> None:
    for name in ("b/2.txt", "b.txt", "a/1.txt", "a/deep/0.txt"):
        put(name, TEXT)
    assert names(tmp_path) == names(f"{tmp_path}/") == ["1.txt", "0.txt", "b.txt", "2.txt"]


def test_hidden_files_and_caches_are_skipped_unless_named(put: Put, tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "__pycache__/b.txt", "c.txt"):
        put(name, TEXT)
    assert len(find_sources([tmp_path])) == 1
    assert names(tmp_path / ".hidden.txt") == [".hidden.txt"]


def test_patterns_match_files_and_folders(put: Put, tmp_path: Path) -> None:
    for name in ("a1.txt", "a2/x.txt", "b.txt", "[1].txt"):
        put(name, TEXT)
    assert names(f"{tmp_path}/a*") == ["a1.txt", "x.txt"]
    assert names(f"{tmp_path}/**/*.txt") == ["[1].txt", "a1.txt", "x.txt", "b.txt"]
    assert names(f"{tmp_path}/[1].txt") == ["[1].txt"], "a file of that very name comes before the pattern"


def test_a_file_is_read_once_by_whatever_name(put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("b.txt", TEXT)
    (tmp_path / "c.txt").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    assert names("b.txt", "./b.txt", path, tmp_path, "*.txt") == ["b.txt"]


def test_links_never_form_circles(put: Put, tmp_path: Path) -> None:
    put("a/a.txt", TEXT)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "a" / "gone").symlink_to(tmp_path / "nowhere")
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["a.txt"]
    assert {Path(rejected.path).name: rejected.reason for rejected in reading.rejected} == {
        "up": "links to folders are not followed: name the folder itself to read it",
        "self": "the file cannot be read: Too many levels of symbolic links",
        "gone": "the file cannot be read: No such file or directory",
    }
    assert names(tmp_path / "a" / "up" / "a") == ["a.txt"]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_articles(tmp_path).rejected[0].reason == "a pipe or a device, not a regular file"


def test_a_folder_that_may_not_be_read_costs_only_itself(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("closed/a.txt", TEXT), put("open/b.txt", TEXT)
    scandir = os.scandir

    def guarded(folder: Path) -> object:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("os.scandir", guarded)
    reading = read_articles(tmp_path)
    assert [article.id for article in reading.articles] == ["b.txt"]
    assert [rejected.reason for rejected in reading.rejected] == ["the folder cannot be read: Permission denied"]


def test_no_file_name_breaks_a_line(tmp_path: Path) -> None:
    for name in (b"two\nlines.txt", b"latin-\xe9.txt", "Zürich 水.txt".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(TEXT)
    assert sorted(names(tmp_path)) == ["Zürich 水.txt", "latin-\\udce9.txt", "two\\nlines.txt"]
