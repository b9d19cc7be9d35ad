"""Writing the report's files: whole or not at all, and never over a folder that is not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from detector.reporting.words import encodable

# Written first, so that a folder left half written is still known as ours.
MARK = "run.json"


def claim(folder: Path) -> None:
    """Make the folder ready, or refuse where something of someone else's lies there already."""
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file, not a folder: name another folder for the report")
    # A run killed while it wrote its first file leaves only that.
    unfinished = {_part(folder, MARK)}
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


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each text under its name, as UTF-8."""
    for name, text in texts.items():
        _write_whole(folder, name, encodable(text).encode())


def _write_whole(folder: Path, name: str, content: bytes) -> None:
    """Write beside the place, then move there, so that a reader never finds half a file."""
    part = _part(folder, name)
    part.unlink(missing_ok=True)
    try:
        # "x" makes a new file: a link planted under this name is not followed out of the folder.
        with part.open("xb") as file:
            file.write(content)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)


def _part(folder: Path, name: str) -> Path:
    return folder / f".{name}.part"
