"""Checks what a wheel holds: `python check_wheel.py detector-….whl`."""

from __future__ import annotations

import sys
from zipfile import ZipFile

# Data that the code reads; a wheel without one of them imports, and fails later.
NEEDED = (
    "detector/py.typed",
    "detector/languages/neighbours.toml",
    "detector/preparing/data/abbreviations.toml",
    "detector/profiles/multilingual-e5-small/arrays.safetensors",
    "detector/profiles/multilingual-e5-small/profile.json",
    "detector/reporting/templates/report.html.jinja",
)


def main() -> None:
    """End with a message if the wheel lacks a file or has one too many."""
    names = ZipFile(sys.argv[1]).namelist()
    missing = [name for name in NEEDED if name not in names]
    own = {name.split("/")[0] for name in names}
    foreign = sorted(top for top in own if top != "detector" and not top.endswith(".dist-info"))
    foreign += [name for name in names if "/tests/" in name or "__pycache__" in name]
    if missing or foreign:
        sys.exit(f"{sys.argv[1]}: missing {missing}, must not hold {foreign}")


if __name__ == "__main__":
    main()
