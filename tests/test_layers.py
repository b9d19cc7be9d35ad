"""No module imports, by whatever way round, a module that imports it. Who may import whom stands in pyproject.toml."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import detector

PACKAGE = Path(detector.__file__).parent
# Records and results show themselves in a notebook; they import the view when one asks for it.
EXCEPTIONS = {
    ("detector.records", "detector.reporting.notebook"),
    ("detector.result", "detector.reporting.notebook"),
}


def module_name(path: Path) -> str:
    """`detector/pairs/maxsim.py` is `detector.pairs.maxsim`, `detector/pairs/__init__.py` is `detector.pairs`."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, modules: set[str]) -> Iterator[str]:
    """The modules of the package that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield from {inside if inside in modules else str(node.module)} & modules


def import_graph() -> dict[str, set[str]]:
    """Each module of the package with the modules that it imports, but for the exceptions."""
    names = {module_name(path): path for path in PACKAGE.rglob("*.py")}
    graph = {name: set(imported(path, set(names))) for name, path in names.items()}
    for importer, target in EXCEPTIONS:
        graph[importer].remove(target)
    return graph


def test_the_graph_has_imports_at_the_top_and_inside_functions():
    names = {module_name(path) for path in PACKAGE.rglob("*.py")}
    assert "detector.records" in set(imported(PACKAGE / "detector.py", names))
    assert "detector.reporting.notebook" in set(imported(PACKAGE / "records.py", names))


def test_no_imports_go_in_a_circle():
    try:
        TopologicalSorter(import_graph()).prepare()
    except CycleError as error:
        pytest.fail("a circle of imports: " + " imports ".join(reversed(error.args[1])))
