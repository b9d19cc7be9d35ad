"""The JSON files under `results/`: one for each table, rewritten by each measurement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def write_results(table: str, figures: dict[str, Any], folder: Path) -> None:
    """Print the figures of a table and write them as JSON."""
    text = json.dumps(_rounded(figures), indent=1, ensure_ascii=False)
    print(text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{table}.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return round(value, 4) if isinstance(value, float) else value
