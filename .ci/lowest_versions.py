"""Prints the lowest versions that pyproject.toml allows, as constraints for pip: `name==lower bound`.

torch is an exception: PyPI has only a build of several gigabytes for its lowest version, so the version of
constraints.txt is taken instead. With `--torch` torch's lower bound is printed too; use it with an index of CPU builds.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[^]]*\])?\s*(?:[>=]=(?P<version>[\w.]+))?")


def lower_bounds(project: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and lower bound of each requirement, those of the extras included; the project itself is left out."""
    extras = project["optional-dependencies"].values()
    for requirement in [*project["dependencies"], *(line for extra in extras for line in extra)]:
        match = REQUIREMENT.match(requirement)
        if match is None or (match["version"] is None and match["name"] != project["name"]):
            sys.exit(f"pyproject.toml: {requirement!r} has no lower bound")
        if match["version"] is not None:
            yield match["name"], match["version"]


def main() -> None:
    """Print the constraints."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split() if "==" in line)
    versions = dict(lower_bounds(project))
    if "--torch" not in sys.argv[1:]:
        versions["torch"] = pinned["torch"]
    print("\n".join(f"{name}=={version}" for name, version in sorted(versions.items())))


if __name__ == "__main__":
    main()
