"""Values of JSON that was read from a file, checked one by one: an error names the path of the wrong value.

Every function takes the JSON and a path of keys, and raises `ValueError` if the value is missing or of another type.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind")


def checked_value(state: Any, kind: type[Kind], *path: str) -> Kind:
    """The value at the path, which is of this type."""
    for key in path:
        if not isinstance(state, dict) or key not in state:
            raise ValueError(f"{'.'.join(path)} is missing")
        state = state[key]
    return _typed(state, kind, path)


def checked_number(state: Any, *path: str) -> float:
    """The finite number at the path."""
    return _finite(checked_value(state, object, *path), path)


def checked_numbers(state: Any, *path: str) -> NDArray[np.float64]:
    """The list of finite numbers at the path."""
    return np.array([_finite(value, path) for value in checked_value(state, list, *path)], np.float64)


def checked_strings(state: Any, *path: str) -> tuple[str, ...]:
    """The list of strings at the path."""
    return tuple(_typed(value, str, path) for value in checked_value(state, list, *path))


def checked_counts(state: Any, *path: str) -> dict[str, int]:
    """The object at the path, whose values are counts of 0 or more."""
    found = {key: _typed(value, int, (*path, key)) for key, value in checked_value(state, dict, *path).items()}
    for key, value in found.items():
        if value < 0:
            raise ValueError(f"{'.'.join((*path, key))} is {value}, expected 0 or more")
    return found


def _typed(value: Any, kind: type[Kind], path: tuple[str, ...]) -> Kind:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{'.'.join(path)} is {value!r:.40}, expected {kind.__name__}")
    return value


def _finite(value: Any, path: tuple[str, ...]) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{'.'.join(path)} is {value!r:.40}, expected a finite number")
    return float(value)
