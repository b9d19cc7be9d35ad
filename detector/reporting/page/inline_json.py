"""Data inside the page: JSON that cannot end the element it stands in, and the room it takes."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

from markupsafe import Markup

T = TypeVar("T", bound=Hashable)
# As JSON escapes these mean the same; as they are, they could end the element or, in old browsers, a line of script.
_ESCAPES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def embedded(value: Any) -> Markup:
    """The value as JSON that is safe inside a `script` element; its texts are cleaned already."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return Markup(text)


def room(value: Any) -> int:
    """The bytes that a value takes in the page."""
    return len(embedded(value).encode()) + 1


class Numbered(Generic[T]):
    """Values numbered in the order in which they are first met, so that each stands in the page once."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}

    def __call__(self, value: T) -> int:
        """The number of the value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def __contains__(self, value: T) -> bool:
        return value in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def values(self) -> list[T]:
        """Every value, in the order of the numbers."""
        return list(self._numbers)
