"""How an article is laid out for the encoder: whole sentences side by side in windows the model reads at once.

One forward pass over a window gives the vector of every sentence in it (the mean of its tokens, read in context) and a
part of the article's vector (the mean of all tokens of all windows); nothing is encoded twice and nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Counter = Callable[[Sequence[str]], list[int]]
"""Gives the number of tokens of each text, without prompt and special tokens."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, or a part of one too long for a window: its text, its row among all sentences, its tokens."""

    text: str
    sentence: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of one article, in order, that the encoder reads together."""

    article: int
    pieces: tuple[Piece, ...]

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    def spans(self, start: int = 0) -> list[tuple[int, int]]:
        """Where each piece stands in `text`, in characters, moved by `start`."""
        spans = []
        for piece in self.pieces:
            spans.append((start, start + len(piece.text)))
            start += len(piece.text) + 1
        return spans

    def halves(self) -> tuple[Window, Window]:
        """The window in two, for a model whose count of the whole exceeds that of its pieces."""
        middle = len(self.pieces) // 2
        return Window(self.article, self.pieces[:middle]), Window(self.article, self.pieces[middle:])


def lay_out(articles: Sequence[Sequence[str]], limit: int, count: Counter) -> Iterator[Window]:
    """The articles' sentences in reading order, in windows of at most `limit` tokens.

    The windows of an article are about equally full: a last one of one or two sentences would be read apart from their
    story. Sentence rows count on over all articles. Each sentence is in at least one window; one longer than `limit`
    is cut in pieces. An article without sentences has no window.
    """
    counts = iter(count([sentence for article in articles for sentence in article]))
    row = 0
    for place, article in enumerate(articles):
        pieces: list[Piece] = []
        for sentence in article:
            pieces += cut(Piece(sentence, row, next(counts)), limit, count)
            row += 1
        yield from _fill(place, pieces, limit)


def _fill(article: int, pieces: Sequence[Piece], limit: int) -> Iterator[Window]:
    total = sum(piece.tokens for piece in pieces)
    share = total / max(1, -(-total // limit))
    window: list[Piece] = []
    filled, before, end = 0, 0, share
    for piece in pieces:
        # A piece goes where the larger part of it belongs.
        if window and (filled + piece.tokens > limit or before + piece.tokens / 2 > end):
            yield Window(article, tuple(window))
            window, filled, end = [], 0, end + share
        window.append(piece)
        filled += piece.tokens
        before += piece.tokens
    if window:
        yield Window(article, tuple(window))


def cut(piece: Piece, limit: int, count: Counter) -> list[Piece]:
    """The piece in parts of at most `limit` tokens: halved, at a space near the middle where there is one."""
    if piece.tokens <= limit or len(piece.text) < 2:
        return [piece]
    middle = len(piece.text) // 2
    space = piece.text.find(" ", middle, middle + 40)
    at = space if space > 0 else middle
    texts = (piece.text[:at], piece.text[at:])
    parts = (Piece(text, piece.sentence, tokens) for text, tokens in zip(texts, count(texts), strict=True))
    return [small for part in parts for small in cut(part, limit, count)]


def batches_of_like_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Places in batches of equal length, longest first; length × number stays within `budget`, or the number is 1.

    Equal length means no padding: none is computed, and a vector does not depend on the company it was computed in.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        full = (len(batch) + 1) * lengths[place] > budget
        if batch and (full or lengths[place] != lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
