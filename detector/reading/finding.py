"""Finds the files to read from paths, folders and patterns, in the same order whatever the order of the arguments."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from detector.reading.decoding.opening import STDIN
from detector.reading.mapping.messages import shown_path
from detector.reading.source import Source
from detector.records import Rejected


def find_sources(paths: Iterable[str | os.PathLike[str]]) -> list[Source | Rejected]:
    """The files that the paths name, sorted by path, each once even if several paths or links lead to it.

    "-" is standard input. A folder means all files in it and below, without hidden files and `__pycache__`. Links to
    folders inside it are rejected, not followed, so that no link can form a circle or lead out of the folder. Files and
    folders that cannot be examined are rejected.

    Raises FileNotFoundError if a path does not exist or a pattern matches nothing.
    """
    by_path: dict[str, Source | Rejected] = {}
    for path in (os.fspath(path) for path in paths):
        if path == "-":
            by_path[path] = STDIN
            continue
        for match in _matches(path):
            by_path.update(_files(match) if match.is_dir() else [(str(match), Source.of(match))])
    return list(_without_repeats(by_path))


def _matches(path: str) -> list[Path]:
    """The path itself, or the paths that match it as a pattern."""
    exact = Path(path).expanduser()
    if _exists(exact):
        return [exact]
    if not glob.has_magic(path):
        raise FileNotFoundError(f"no file or folder {shown_path(path)}: check the path")
    matches = glob.glob(str(exact), recursive=True)  # noqa: PTH207, Path.glob takes no absolute pattern
    if not matches:
        raise FileNotFoundError(f"no file matches {shown_path(path)}: check the pattern")
    return list(map(Path, matches))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):  # an article passed as a path is too long for a path, or contains NUL
        return False
    return True


def _files(folder: Path) -> Iterator[tuple[str, Source | Rejected]]:
    """Every file in the folder and below, with its path."""
    try:
        with os.scandir(folder) as entries:
            listing = list(entries)
    except OSError as error:
        yield str(folder), Source.of(folder).rejected(f"the folder cannot be read: {error.strerror}")
        return
    for entry in listing:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(path)
        else:
            yield str(path), _file(path)


def _file(path: Path) -> Source | Rejected:
    source = Source.of(path)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return source.rejected(f"the file cannot be read: {error.strerror}")
    if stat.S_ISREG(mode):
        return source
    if stat.S_ISDIR(mode):
        return source.rejected("links to folders are not followed: name the folder itself to read it")
    return source.rejected("a pipe or a device, not a regular file")


def _without_repeats(by_path: dict[str, Source | Rejected]) -> Iterator[Source | Rejected]:
    """The sources in the order of their paths, without those that lead to the same file as an earlier one."""
    seen: set[str] = set()
    for path in sorted(by_path):
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            yield by_path[path]
