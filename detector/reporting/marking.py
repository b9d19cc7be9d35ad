"""Where inside a sentence the page marks something: what both articles share, what differs, what only one tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    words = {*shared, *differing}
    found: list[tuple[str, Kind]] = []
    for piece, is_added in _cut(text, ((place, clause) for clause in set(added) for place in _places(text, clause))):
        if is_added:
            found.append((piece, Kind.ADDED))
        else:
            whole = ((place, word) for word in words for place in _places(piece, word) if _whole(piece, place, word))
            for part, is_word in _cut(piece, whole):
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


def _cut(text: str, standing: Iterable[tuple[int, str]]) -> list[tuple[str, bool]]:
    """The text cut at words and where they stand, which True tells apart; of two that overlap the first, the longer."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, word in sorted(standing, key=lambda found: (found[0], -len(found[1]))):
        if start >= end:
            pieces += [(text[end:start], False), (word, True)]
            end = start + len(word)
    return [(piece, is_word) for piece, is_word in (*pieces, (text[end:], False)) if piece]


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word begins in a text; nowhere, where it is empty or only spaces."""
    place = text.find(word) if word.strip() else -1
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _whole(text: str, place: int, word: str) -> bool:
    """A number must not stand inside a longer one, nor a name start inside a word where the script has capitals."""
    before, after = text[place - 1 : place] if place else "", text[place + len(word) : place + len(word) + 1]
    if word[0].isdigit():
        return not before.isdecimal() and not after.isdecimal()
    return not (word[0].isupper() and (before.isalnum() or before == "_"))
