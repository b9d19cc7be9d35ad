"""What is marked in a sentence: words that both articles share, words that differ, clauses that only one has."""

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
    is marked. different: numbers and names that the aligned sentence does not have, though the article may.
    """
    differing = set(different)
    words = {*shared, *differing}
    clauses = ((start, clause) for clause in set(added) for start in _starts(text, clause))
    stretches: list[tuple[str, Kind]] = []
    for piece, is_added in _cut(text, clauses):
        if is_added:
            stretches.append((piece, Kind.ADDED))
        else:
            found = ((start, word) for word in words for start in _starts(piece, word) if _separate(piece, start, word))
            for part, is_word in _cut(piece, found):
                kind = Kind.DIFFERENT if part in differing else Kind.SHARED
                stretches.append((part, kind if is_word else Kind.PLAIN))
    return stretches


def spans(stretches: Sequence[tuple[str, Kind]]) -> list[tuple[int, int, Kind]]:
    """Start, length and kind of the marked stretches, in UTF-16 units, as a browser counts."""
    found: list[tuple[int, int, Kind]] = []
    start = 0
    for text, kind in stretches:
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if kind:
            found.append((start, length, kind))
        start += length
    return found


def _cut(text: str, found: Iterable[tuple[int, str]]) -> list[tuple[str, bool]]:
    """The text cut at words, given with their starts; True marks the words.

    Of words that overlap, the first counts, and of those that start together the longest.
    """
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, word in sorted(found, key=lambda item: (item[0], -len(item[1]))):
        if start >= end:
            pieces += [(text[end:start], False), (word, True)]
            end = start + len(word)
    return [(piece, is_word) for piece, is_word in (*pieces, (text[end:], False)) if piece]


def _starts(text: str, word: str) -> Iterator[int]:
    """Where a word begins in a text; an empty word, or one of spaces, begins nowhere."""
    start = text.find(word) if word.strip() else -1
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def _separate(text: str, start: int, word: str) -> bool:
    """Whether the word is more than a part of another one.

    A number must not be inside a longer number, nor a name start inside a word, in scripts with capitals.
    """
    before, after = text[start - 1 : start] if start else "", text[start + len(word) : start + len(word) + 1]
    if word[0].isdigit():
        return not before.isdecimal() and not after.isdecimal()
    return not (word[0].isupper() and (before.isalnum() or before == "_"))
