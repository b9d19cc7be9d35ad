"""The batches of every step: drawn from the sources by weight, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from detector.fitting.adapter.sources import Source, TextPair, Translations

# One step in so many learns from aligned lines of translations instead of articles.
LINES_EVERY = 4
# Pairs of lines in such a step: lines are short, and each is compared with all others.
LINES = 40


@dataclass(frozen=True)
class Batch:
    """The pairs of one step; lines: whether they are aligned lines, each the translation of its own pair only."""

    pairs: list[TextPair]
    lines: bool


class Batches:
    """Draws one batch after another.

    Each pair comes from a source drawn by weight. Each source gives every item once before it gives one again. A later
    step is reached by drawing all steps before it, which takes no time beside learning.
    """

    def __init__(self, sources: Sequence[Source], weights: Sequence[float], *, size: int, seed: int) -> None:
        self._sources, self._weights, self._size = list(sources), list(weights), size
        self._chooser = Random(seed)  # noqa: S311  draws samples, not secrets
        self._queues: list[list[int]] = [[] for _ in sources]
        self._translations = [
            (index, source) for index, source in enumerate(self._sources) if isinstance(source, Translations)
        ]
        self._step = 0

    def next(self) -> Batch:
        """The batch of the next step."""
        self._step += 1
        if self._translations and self._step % LINES_EVERY == 0:
            return Batch([self._line() for _ in range(LINES)], lines=True)
        chosen = self._chooser.choices(range(len(self._sources)), self._weights, k=self._size)
        return Batch([self._sources[index].pair(self._item(index), self._chooser) for index in chosen], lines=False)

    def skip(self, steps: int) -> None:
        """Leave out the batches of so many steps."""
        for _ in range(steps):
            self.next()

    def _line(self) -> TextPair:
        _, source = self._chooser.choice(self._translations)
        return source.line(self._chooser.randrange(len(source)), self._chooser)

    def _item(self, index: int) -> int:
        queue = self._queues[index]
        if not queue:
            queue.extend(range(len(self._sources[index])))
            self._chooser.shuffle(queue)
        return queue.pop()
