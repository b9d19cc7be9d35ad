"""How messages show names and values: short, and always on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Real

SHOWN_LENGTH = 40
PATH_LENGTH = 160
_QUOTATION = re.compile(r"'[^']*(?:'|\Z)")
_NUMBER = re.compile(r"\b\d+\b")
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def escaped(name: str) -> str:
    r"""The name with control characters, line breaks and undecodable bytes escaped as in `repr`.

    >>> escaped("two\nlines.txt")
    'two\\nlines.txt'
    """
    return _BREAKING.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), name)


def quoted(text: str) -> str:
    """The beginning of a text in quotation marks, at most `SHOWN_LENGTH` characters."""
    shown = escaped(text[: SHOWN_LENGTH + 1])
    return f"'{shown}'" if len(shown) <= SHOWN_LENGTH else f"'{shown[: SHOWN_LENGTH - 1]}…'"


def shown_path(path: str) -> str:
    """A path in quotation marks, shortened if it is so long that it must be a text given by mistake."""
    shown = escaped(path)
    return f"'{shown}'" if len(shown) <= PATH_LENGTH else quoted(path)


def listed(names: list[str], most: int = 8) -> str:
    """The first names, quoted and separated by commas: `'id', 'titre', 'corps'`."""
    return ", ".join(map(quoted, names[:most])) + (", …" if len(names) > most else "")


def kind(value: object) -> str:
    """The type of a value in words: "a list", "a number"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names: tuple[tuple[type, str], ...] = (
        (str, "a string"),
        (Real, "a number"),
        (Mapping, "an object"),
        (list, "a list"),
    )
    return next((name for type_, name in names if isinstance(value, type_)), f"of type {type(value).__name__}")


def size(limit: int) -> str:
    """A limit in bytes as messages show it: "16 MiB"."""
    return f"{limit // 1024**2} MiB" if limit >= 1024**2 else f"{limit} bytes"


def kind_of_reason(reason: str) -> str:
    """A reason without the details of its record, so that equal reasons can be counted.

    >>> kind_of_reason("duplicate id 'x': already used by a.jsonl, record 1, which is kept")
    'duplicate id …'
    >>> kind_of_reason("4 cells where the header has 2: put cells with the delimiter in quotation marks")
    '… cells where the header has …'
    """
    beginning = _QUOTATION.sub("…", reason)
    beginning = re.split(r"[:;(]", beginning, maxsplit=1)[0].strip() or reason
    return _NUMBER.sub("…", beginning)
