"""How the sentences of an article are arranged in windows that the model reads at once.

One forward pass over a window gives the vector of every sentence in it (the mean of its tokens, read in context) and a
part of the article's vector (the mean of all tokens of all windows). Nothing is encoded twice and nothing is cut off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Gives the number of tokens of each text, without prompt and special tokens."""


@dataclass(frozen=True, slots=True)
class SentencePart:
    """A sentence, or a part of one that is too long for a window.

    sentence: its index among the sentences of all articles.
    """

    text: str
    sentence: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences or parts of one article, in order, that the encoder reads together. article: the article's index."""

    article: int
    parts: tuple[SentencePart, ...]

    @property
    def tokens(self) -> int:
        """The tokens of all parts, counted apart."""
        return sum(part.tokens for part in self.parts)

    @property
    def text(self) -> str:
        """The parts joined by spaces."""
        return " ".join(part.text for part in self.parts)

    def spans(self, start: int = 0) -> list[tuple[int, int]]:
        """Start and end of each part in `text`, in characters, moved by `start`."""
        spans = []
        for part in self.parts:
            spans.append((start, start + len(part.text)))
            start += len(part.text) + 1
        return spans

    def halves(self) -> tuple[Window, Window]:
        """Two windows, for a model that counts more tokens in the joined text than in its parts."""
        middle = len(self.parts) // 2
        return Window(self.article, self.parts[:middle]), Window(self.article, self.parts[middle:])


def arrange_windows(articles: Sequence[Sequence[str]], limit: int, count: TokenCounter) -> Iterator[Window]:
    """The articles' sentences in reading order, in windows of at most `limit` tokens.

    The windows of an article are about equally full, because a last window of one or two sentences would be read
    without their context. Each sentence is in at least one window; a sentence longer than `limit` is split. An article
    without sentences has no window.
    """
    counts = iter(count([sentence for article in articles for sentence in article]))
    index = 0
    for article, sentences in enumerate(articles):
        parts: list[SentencePart] = []
        for sentence in sentences:
            parts += split(SentencePart(sentence, index, next(counts)), limit, count)
            index += 1
        yield from _fill_windows(article, parts, limit)


def _fill_windows(article: int, parts: Sequence[SentencePart], limit: int) -> list[Window]:
    """The parts in windows of about equal length, as few as hold them."""
    total = sum(part.tokens for part in parts)
    count = max(1, -(-total // limit))
    # Whole sentences may not fit into so few; then a last sentence would be left over, with nothing around it.
    while len(windows := _equal_windows(article, parts, limit, total / count)) > count:
        count += 1
    return windows


def _equal_windows(article: int, parts: Sequence[SentencePart], limit: int, share: float) -> list[Window]:
    """The parts in windows of about `share` tokens, at most `limit`."""
    windows: list[Window] = []
    window: list[SentencePart] = []
    filled, before, end = 0, 0, share
    for part in parts:
        # A part goes into the window that most of it falls into.
        if window and (filled + part.tokens > limit or before + part.tokens / 2 > end):
            windows.append(Window(article, tuple(window)))
            window, filled, end = [], 0, end + share
        window.append(part)
        filled += part.tokens
        before += part.tokens
    return [*windows, Window(article, tuple(window))] if window else windows


def split(part: SentencePart, limit: int, count: TokenCounter) -> list[SentencePart]:
    """Halve the part, at a space near the middle if there is one, until each piece has at most `limit` tokens."""
    if part.tokens <= limit or len(part.text) < 2:
        return [part]
    middle = len(part.text) // 2
    space = part.text.find(" ", middle, middle + 40)
    cut = space if space > 0 else middle
    texts = (part.text[:cut], part.text[cut:])
    halves = (SentencePart(text, part.sentence, tokens) for text, tokens in zip(texts, count(texts), strict=True))
    return [small for half in halves for small in split(half, limit, count)]


def batches_of_equal_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Indices in batches of equal length, the longest first; a batch has at most `budget` tokens, or one text.

    Equal length means no padding: no time is lost on it, and a vector does not depend on the other texts of its batch.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        full = (len(batch) + 1) * lengths[index] > budget
        if batch and (full or lengths[index] != lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
