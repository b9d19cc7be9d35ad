"""Data inside the page: JSON that cannot end the element around it, and how many bytes it takes."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

from markupsafe import Markup

T = TypeVar("T", bound=Hashable)
# As JSON escapes these mean the same; as they are, they could end the element or, in old browsers, a line of script.
_ESCAPES = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def inline_json(value: Any) -> Markup:
    """The value as JSON that is safe inside a `script` element; its texts must be cleaned already."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - the signs that could end the element are escaped above.


def size_in_page(value: Any) -> int:
    """The bytes that a value takes in the page, with the comma after it."""
    return len(inline_json(value).encode()) + 1


class UniqueValues(Generic[T]):
    """A list without repetitions: other rows of the page refer to its values by their index."""

    def __init__(self) -> None:
        self._indexes: dict[T, int] = {}

    def index(self, value: T) -> int:
        """The index of the value, which is appended if it is new."""
        return self._indexes.setdefault(value, len(self._indexes))

    def __contains__(self, value: T) -> bool:
        return value in self._indexes

    def __len__(self) -> int:
        return len(self._indexes)

    @property
    def values(self) -> list[T]:
        """Every value, in the order of the indexes."""
        return list(self._indexes)
