"""What one article tells inside a sentence that the other also has: clauses that find no room in the other's clauses.

A translator who adds half a sentence leaves a sentence with a counterpart, but a longer one; and read clause by clause,
in context, the addition is left over, because what it resembles most already answers another clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import regex
from numpy.typing import NDArray

from detector.encoding.protocol import Encoder
from detector.execution.threads import on_one_thread
from detector.pairs.batch import Batch
from detector.pairs.shingles import WORD
from detector.pairs.space import neutralise, subtract_mean, subtract_window_means
from detector.profile import Profile
from detector.records import Embeddings

# After a mark inside a sentence, before a bracket, around a dash; also where two sentences were glued ("end.Start").
BETWEEN_CLAUSES = regex.compile(
    r"(?<=[,;:)])\s+|\s+(?=\()|\s+[–—-]\s+|(?<=[，；：、、،؛])|(?<=\p{Ll}{2}[.!?])(?=\p{L})"
)
# Tokens of the windows that clauses are read in: being shorter, they need more around them than whole sentences do.
CLAUSE_TOKENS = 256
# A clause has at least so many words, else it belongs to its neighbour.
FEWEST_WORDS = 3
# A clause has room for others while they are together no longer than it, with this much more for another wording.
STRETCH = 1.2
# A clause looks for room where its cosine is at least this share of its best.
NEARLY = 0.6
# An added clause makes its sentence longer than its counterpart by at least this share of its own length.
EXCESS = 0.6


def clauses_of(sentence: str) -> list[str]:
    """The clauses of a sentence; joined by spaces, or where no space marks words by nothing, they are the sentence."""
    found: list[str] = []
    for part in BETWEEN_CLAUSES.split(sentence):
        if found and min(len(WORD.findall(found[-1])), len(WORD.findall(part))) < FEWEST_WORDS:
            start = sentence.index(found[-1])
            found[-1] = sentence[start : sentence.index(part, start + len(found[-1])) + len(part)]
        else:
            found.append(part)
    return [part for part in found if part.strip()] or [sentence]


def left_over(
    cosines: NDArray[np.float32], lengths_a: NDArray[np.float64], lengths_b: NDArray[np.float64], cut: float
) -> NDArray[np.bool_]:
    """Which clauses of a find no room in those of b, (clauses of a,).

    The pair with the largest cosine is placed first. A clause of b takes in clauses of a until they are `STRETCH` times
    as long as it; the first always. `cosines`: (clauses of a, clauses of b); below `cut` nothing is placed.
    """
    best = cosines.max(1, initial=-1.0)
    rows, columns = np.nonzero((cosines >= cut) & (cosines >= NEARLY * best[:, None]))
    order = np.lexsort((columns, rows, -cosines[rows, columns]))
    taken, placed = np.zeros(cosines.shape[1]), np.zeros(cosines.shape[0], bool)
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        fits = taken[column] == 0 or taken[column] + lengths_a[row] <= STRETCH * lengths_b[column]
        if not placed[row] and fits:
            placed[row] = True
            taken[column] += lengths_a[row]
    return ~placed


@dataclass(frozen=True)
class Clauses:
    """The clauses of an article: their texts, the place of the sentence of each, and their specific vectors."""

    texts: tuple[str, ...]
    sentence: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The length of each clause as a share of the article, so that scripts can be compared."""
        sizes = np.array([len(text) for text in self.texts], float)
        return np.asarray(sizes / sizes.sum())


@dataclass(frozen=True)
class ClauseReader:
    """Reads articles of a batch clause by clause when they are asked for, each once."""

    batch: Batch
    profile: Profile
    encoder: Encoder
    _read: dict[int, Clauses] = field(default_factory=dict)

    def of(self, article: int) -> Clauses:
        """The clauses of an article of the batch."""
        self.read([article])
        return self._read[article]

    def read(self, articles: Iterable[int]) -> None:
        """Read articles all at once, which takes less time than one by one; those read before are not read again."""
        unread = [article for article in articles if article not in self._read]
        if not unread:
            return
        parts = [
            [
                (place, clause)
                for place, text in enumerate(self.batch.documents[article].sentences)
                for clause in clauses_of(text)
            ]
            for article in unread
        ]
        raw = self.encoder.encode([[clause for _, clause in article] for article in parts])
        vectors = self._specific(raw, unread)
        for number, (article, found) in enumerate(zip(unread, parts, strict=True)):
            sentence = np.array([place for place, _ in found], np.int64)
            self._read[article] = Clauses(tuple(clause for _, clause in found), sentence, vectors.of(number))

    @on_one_thread
    def _specific(self, raw: Embeddings, articles: Sequence[int]) -> Embeddings:
        """The vectors of the articles' clauses in the space of the batch."""
        neutral = neutralise(raw, [self.batch.groups[article] for article in articles], self.profile)
        return subtract_window_means(subtract_mean(neutral, self.batch.batch_mean))

    def only(self, a: int, b: int, whole: NDArray[np.bool_], aligned: Mapping[int, int]) -> tuple[str, ...]:
        """What a tells and b does not: the sentences in `whole`, and of the others the added clauses, in order.

        `aligned` gives the sentence of b that answers a sentence of a.
        """
        first, second = self.of(a), self.of(b)
        alone = left_over(first.vectors @ second.vectors.T, first.lengths, second.lengths, self.batch.counterpart)
        sentences, others = self.batch.documents[a].sentences, self.batch.documents[b].sentences
        longer = excess(
            {place: len(sentences[place]) for place in aligned},
            {place: len(others[other]) for place, other in aligned.items()},
        )
        found: list[str] = []
        for place, sentence in enumerate(sentences):
            if whole[place]:
                found.append(sentence)
            elif place in longer:
                texts = [first.texts[row] for row in np.flatnonzero((first.sentence == place) & alone)]
                found += [text for text in texts if longer[place] >= EXCESS * len(text) and text != sentence]
        return tuple(found)


def excess(own: Mapping[int, int], other: Mapping[int, int]) -> dict[int, float]:
    """By how many characters each sentence is longer than its counterpart, had both articles' scripts one measure."""
    if not own:
        return {}
    measure = float(np.median([own[place] / max(other[place], 1) for place in own]))
    return {place: own[place] - measure * other[place] for place in own}
