"""Runs the notebooks from top to bottom and writes them back, without what changes from run to run.

python notebooks/execute.py            every notebook
python notebooks/execute.py 01 02      those whose names begin with 01 or 02
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parent
# No version of Python, no times, no random ids.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks() -> list[Path]:
    """The notebooks, in the order in which to read them."""
    return sorted(FOLDER.glob("[0-9]*.ipynb"))


def executed(path: Path, seconds_a_cell: int = 300) -> NotebookNode:
    """The notebook with new outputs. Raises `nbclient.exceptions.CellExecutionError` if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=seconds_a_cell, kernel_name="python3", record_timing=False)
    # Paths in cells are relative to the folder of the notebooks.
    client.resources = {"metadata": {"path": str(FOLDER)}}
    fresh = client.execute()
    fresh.metadata = nbformat.from_dict(METADATA)
    for index, cell in enumerate(fresh.cells):
        cell.id, cell.metadata = f"cell-{index}", NotebookNode()
        for output in cell.get("outputs", ()):
            _tidy(output)
    return fresh


def _tidy(output: NotebookNode) -> None:
    """Keep only what a reader sees: an output with HTML loses its plain text."""
    if "data" in output:
        output.metadata = NotebookNode()
        if "text/html" in output.data:
            output.data.pop("text/plain", None)


if __name__ == "__main__":
    for path in notebooks():
        if not sys.argv[1:] or path.name.startswith(tuple(sys.argv[1:])):
            print(path.name)
            nbformat.write(executed(path), path)
