"""Where inside a sentence the page marks something: what both articles share, what differs, what only one tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum


class Kind(IntEnum):
    """What a stretch of a sentence is."""

    PLAIN = 0
    SHARED = 1
    ADDED = 2
    DIFFERENT = 3


def marked(
    text: str, shared: Iterable[str], added: Iterable[str] = (), different: Iterable[str] = ()
) -> list[tuple[str, Kind]]:
    """The text cut into stretches; together they are the text.

    shared: names and numbers that both articles have. added: clauses that only this one has; inside them nothing else
    is marked. different: numbers and names that the answering sentence does not have, though the article may.
    """
    differing = set(different)
    patterns = _patterns({*shared, *differing})
    clauses = sorted({clause for clause in added if clause.strip()}, key=lambda clause: (-len(clause), clause))
    found: list[tuple[str, Kind]] = []
    for piece, is_added in _cut(text, map(re.escape, clauses)):
        if is_added:
            found.append((piece, Kind.ADDED))
        else:
            for part, is_word in _cut(piece, patterns):
                kind = Kind.DIFFERENT if part in differing else Kind.SHARED
                found.append((part, kind if is_word else Kind.PLAIN))
    return found


def spans(stretches: Sequence[tuple[str, Kind]]) -> list[int]:
    """The marked stretches as start, length, kind, start, …, in UTF-16 units, in which a browser counts."""
    found: list[int] = []
    start = 0
    for text, kind in stretches:
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if kind:
            found += [start, length, int(kind)]
        start += length
    return found


def _cut(text: str, patterns: Iterable[str]) -> list[tuple[str, bool]]:
    """The text cut at what matches any of the patterns, which is told apart by True."""
    joined = "|".join(patterns)
    pieces = re.split(f"({joined})", text) if joined else [text]
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def _patterns(shared: Iterable[str]) -> list[str]:
    return [_whole(word) for word in sorted(set(shared), key=lambda word: (-len(word), word)) if word.strip()]


def _whole(word: str) -> str:
    """A number must not stand inside a longer one, nor a name start inside a word where the script has capitals."""
    escaped = re.escape(word)
    if word[0].isdigit():
        return rf"(?<![\d]){escaped}(?!\d)"
    return rf"(?<!\w){escaped}" if word[0].isupper() else escaped
