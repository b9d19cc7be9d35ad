"""From paths, folders and patterns to the files to read, in one order whatever the order they were named in."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from detector.reading.decoding.opening import STDIN
from detector.reading.mapping.messages import shown_path
from detector.reading.source import Place
from detector.records import Rejected


def found(paths: Iterable[str | os.PathLike[str]]) -> list[Place | Rejected]:
    """The files that the paths name, sorted by path, each once however often and by whatever link it is named.

    "-" is standard input. A folder stands for all files in it and below, without hidden ones and `__pycache__`; links
    to folders inside it are rejected instead of followed, so that no link can lead round in a circle or out of it.
    What cannot be looked at is rejected.

    Raises FileNotFoundError where a path does not exist or a pattern matches nothing.
    """
    by_path: dict[str, Place | Rejected] = {}
    for path in (os.fspath(path) for path in paths):
        if path == "-":
            by_path[path] = STDIN
            continue
        for match in _matches(path):
            by_path.update(_files(match) if match.is_dir() else [(str(match), Place.of(match))])
    return list(_once(by_path))


def _matches(path: str) -> list[Path]:
    """The path itself, or what it matches as a pattern."""
    itself = Path(path).expanduser()
    if _exists(itself):
        return [itself]
    if not glob.has_magic(path):
        raise FileNotFoundError(f"no file or folder {shown_path(path)}: check the path")
    matches = glob.glob(str(itself), recursive=True)  # noqa: PTH207, Path.glob takes no absolute pattern
    if not matches:
        raise FileNotFoundError(f"no file matches {shown_path(path)}: check the pattern")
    return list(map(Path, matches))


def _exists(path: Path) -> bool:
    try:
        path.stat()
    except (OSError, ValueError):  # a whole text given as a path is too long to be one, or holds a NUL
        return False
    return True


def _files(folder: Path) -> Iterator[tuple[str, Place | Rejected]]:
    """Every file in the folder and below, with its path."""
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except OSError as error:
        yield str(folder), Place.of(folder).rejected(f"the folder cannot be read: {error.strerror}")
        return
    for entry in inside:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files(path)
        else:
            yield str(path), _file(path)


def _file(path: Path) -> Place | Rejected:
    place = Place.of(path)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return place.rejected(f"the file cannot be read: {error.strerror}")
    if stat.S_ISREG(mode):
        return place
    if stat.S_ISDIR(mode):
        return place.rejected("a link to a folder is not followed: name the folder itself to have it read")
    return place.rejected("not a file with content but a pipe or a device")


def _once(by_path: dict[str, Place | Rejected]) -> Iterator[Place | Rejected]:
    """In the order of the paths, without those that lead to a file that was named before."""
    seen: set[str] = set()
    for path in sorted(by_path):
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            yield by_path[path]
