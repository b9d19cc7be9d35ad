"""Writing the report's files: all or none of them, and never over a folder that holds something else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias

from detector.reporting.sanitize import encodable

Writer: TypeAlias = Callable[[BinaryIO], None]

# Written first, so that a folder left incomplete is still recognised as a report.
MARK = "run.json"
FILES = (
    MARK,
    "stories.csv",
    "pairs.csv",
    "stories.jsonl",
    "storylines.jsonl",
    "stories.gexf",
    "rejected.jsonl",
    "report.html",
    "stories.parquet",
    "pairs.parquet",
)
"""Every file that a report may have."""


def claim(folder: Path) -> None:
    """Make the folder, or raise FileExistsError if it holds anything other than an earlier report."""
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file, not a folder: name another folder for the report")
    # A run that was killed before its files were complete leaves only these.
    unfinished = {_part(folder, name) for name in FILES}
    if folder.is_dir() and set(folder.iterdir()) - unfinished and not _is_report(folder):
        raise FileExistsError(
            f"{folder} is not empty and holds no earlier report: name another folder for the report, or empty this one"
        )
    folder.mkdir(parents=True, exist_ok=True)


def _is_report(folder: Path) -> bool:
    try:
        run = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(run, dict) and "detector" in run


def text(chunks: Iterable[str]) -> Writer:
    """Writes these texts one after the other, as UTF-8; each is made only when it is written."""

    def write_chunks(file: BinaryIO) -> None:
        for chunk in chunks:
            file.write(encodable(chunk).encode())

    return write_chunks


def write(folder: Path, writers: Mapping[str, Writer]) -> None:
    """Write files by name: first all under temporary names, then each is renamed, in the order given.

    A reader never finds half a file, and if one cannot be written, all stay as they were.
    """
    try:
        for name, writer in writers.items():
            part = _part(folder, name)
            part.unlink(missing_ok=True)
            # "x" makes a new file: a link planted under this name is not followed out of the folder.
            with part.open("xb") as file:
                writer(file)
        for name in writers:
            _part(folder, name).replace(folder / name)
    finally:
        for name in writers:
            _part(folder, name).unlink(missing_ok=True)


def write_report_files(folder: Path, writers: Mapping[str, Writer]) -> None:
    """Write the files of a report, and remove those that an earlier or an interrupted report left."""
    write(folder, {name: writers[name] for name in FILES if name in writers})
    for name in FILES:
        _part(folder, name).unlink(missing_ok=True)
        if name not in writers:
            (folder / name).unlink(missing_ok=True)


def _part(folder: Path, name: str) -> Path:
    return folder / f".{name}.part"
