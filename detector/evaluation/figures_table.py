"""The figures of an evaluation as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table

# Errors of fewer pairs say little; they are in the JSON only.
FEWEST_PAIRS = 30


def figures_table(figures: Mapping[str, Any]) -> Table:
    """One row per measure: F1, precision and recall, or a single value."""
    table = Table("measure", "F1 or value", "precision", "recall", box=None, pad_edge=False, header_style="dim")
    for row in _rows(figures, ""):
        table.add_row(*row)
    return table


def _rows(figures: Mapping[str, Any], before: str) -> Iterator[tuple[str, ...]]:
    for name, value in figures.items():
        label = f"{before}{name.replace('_', ' ')}"
        if not isinstance(value, Mapping):
            yield label, _cell(value)
        elif "f1" in value:
            yield label, *(_cell(value[part]) for part in ("f1", "precision", "recall"))
        elif "error" in value:
            if value["pairs"] >= FEWEST_PAIRS:
                yield f"{label} ({value['pairs']:,} pairs)", _cell(value["error"])
        else:
            yield from _rows(value, f"{label}: ")


def _cell(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
