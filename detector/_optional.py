"""Packages of the extras: imported when they are first needed, with the pip command if one is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def require(name: str, needed_by: str, extra: str) -> Any:
    """The module `name`, imported.

    Raises `ModuleNotFoundError` if it is not installed, with a message that starts with `needed_by` and ends with the
    command that installs the `extra`: "Parquet files need pyarrow: pip install 'detector[parquet]'".
    """
    try:
        return import_module(name)
    except ImportError:
        raise ModuleNotFoundError(f"{needed_by}: pip install 'detector[{extra}]'", name=name) from None
