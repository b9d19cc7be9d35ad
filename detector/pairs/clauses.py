"""What one article adds inside a sentence that the other article also has.

A translator who adds half a sentence produces a longer sentence that still has a counterpart. To find the addition,
both articles are read clause by clause, each clause in its context. A clause is an addition if no clause of the other
article can absorb it, because the clause that it resembles most already answers another.

`ClauseReader` encodes the clauses of the articles it is given; everything else here works on what it returns.
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
from detector.pairs.space import in_space
from detector.profile import Profile
from detector.records import Embeddings

# After a mark inside a sentence, before a bracket, around a dash; also between sentences without a space ("end.Start").
BETWEEN_CLAUSES = regex.compile(
    r"(?<=[,;:)])\s+|\s+(?=\()|\s+[–—-]\s+|(?<=[，；：、、،؛])|(?<=\p{Ll}{2}[.!?])(?=\p{L})"
)
# Window size in tokens for reading clauses: they are shorter than sentences and need more context.
CLAUSE_TOKENS = 256
# A shorter part is joined to its neighbour.
FEWEST_WORDS = 3
# A clause of b can absorb clauses of a until their total length exceeds its own by this factor.
STRETCH = 1.2
# A clause can be absorbed only if the cosine is at least this share of its best one.
NEARLY = 0.6
# An added clause must make its sentence longer than the counterpart by at least this share of the clause's own length.
EXCESS = 0.6


def clauses_of(sentence: str) -> list[str]:
    """The clauses of a sentence, in order; nothing but white space and dashes between them is lost."""
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
    """Which clauses of a no clause of b can absorb: (clauses of a,).

    Pairs of clauses are taken by falling cosine. A clause of b absorbs the first clause of a that comes to it, and more
    until they are together `STRETCH` times as long as it. `cosines`: (clauses of a, clauses of b); pairs below `cut`
    are ignored.
    """
    best = cosines.max(1, initial=-1.0)
    rows, columns = np.nonzero((cosines >= cut) & (cosines >= NEARLY * best[:, None]))
    order = np.lexsort((columns, rows, -cosines[rows, columns]))
    absorbed, placed = np.zeros(cosines.shape[1]), np.zeros(cosines.shape[0], bool)
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        fits = absorbed[column] == 0 or absorbed[column] + lengths_a[row] <= STRETCH * lengths_b[column]
        if not placed[row] and fits:
            placed[row] = True
            absorbed[column] += lengths_a[row]
    return ~placed


@dataclass(frozen=True)
class Clauses:
    """The clauses of an article.

    sentences: the sentences they were cut from. texts: the clauses. sentence: int64, (clauses,), the index of the
    sentence of each. vectors: float32, (clauses, dimensions), specific to the article (see `Batch`).
    """

    sentences: tuple[str, ...]
    texts: tuple[str, ...]
    sentence: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The length of each clause as a share of the article, so that different scripts can be compared."""
        sizes = np.array([len(text) for text in self.texts], float)
        return np.asarray(sizes / sizes.sum())


@dataclass(frozen=True)
class ClauseReader:
    """Encodes articles of a batch clause by clause, each article once."""

    batch: Batch
    profile: Profile
    encoder: Encoder
    _clauses: dict[int, Clauses] = field(default_factory=dict)

    def of(self, *articles: int) -> tuple[Clauses, ...]:
        """The clauses of some articles of the batch, given by their indices; those not read yet are read now."""
        self.read(articles)
        return tuple(self._clauses[article] for article in articles)

    def read(self, articles: Iterable[int]) -> None:
        """Read articles in one go, which takes less time than one by one; those read already are skipped."""
        unread = [article for article in articles if article not in self._clauses]
        if not unread:
            return
        documents = [self.batch.documents[article].sentences for article in unread]
        parts = [
            [(index, clause) for index, text in enumerate(sentences) for clause in clauses_of(text)]
            for sentences in documents
        ]
        raw = self.encoder.encode([[clause for _, clause in article] for article in parts])
        vectors = self._specific(raw, unread)
        for row, (article, sentences, clauses) in enumerate(zip(unread, documents, parts, strict=True)):
            self._clauses[article] = Clauses(
                sentences=sentences,
                texts=tuple(clause for _, clause in clauses),
                sentence=np.array([index for index, _ in clauses], np.int64),
                vectors=vectors.of(row),
            )

    @on_one_thread
    def _specific(self, raw: Embeddings, articles: Sequence[int]) -> Embeddings:
        """The vectors of the articles' clauses in the space of the batch."""
        _, specific = in_space(raw, [self.batch.groups[article] for article in articles], self.profile)
        return specific


def only_in_first(
    first: Clauses, second: Clauses, unanswered: NDArray[np.bool_], aligned: Mapping[int, int], cut: float
) -> tuple[str, ...]:
    """The sentences and added clauses of the first article that the second one lacks, in reading order.

    unanswered: (sentences of the first,), which have no counterpart; of the others only added clauses are returned.
    aligned: for sentences of the first article, the index of the sentence of the second that answers it. cut: the
    cosine from which a clause has a counterpart.
    """
    alone = left_over(first.vectors @ second.vectors.T, first.lengths, second.lengths, cut)
    longer = excess(
        {own: len(first.sentences[own]) for own in aligned},
        {own: len(second.sentences[counterpart]) for own, counterpart in aligned.items()},
    )
    found: list[str] = []
    for index, sentence in enumerate(first.sentences):
        if unanswered[index]:
            found.append(sentence)
        elif index in longer:
            texts = [first.texts[row] for row in np.flatnonzero((first.sentence == index) & alone)]
            found += [text for text in texts if longer[index] >= EXCESS * len(text) and text != sentence]
    return tuple(found)


def excess(own: Mapping[int, int], counterparts: Mapping[int, int]) -> dict[int, float]:
    """By how many characters each sentence is longer than its counterpart.

    Lengths of the counterparts are first scaled by the median ratio, since one script may need fewer characters.
    """
    if not own:
        return {}
    scale = float(np.median([own[index] / max(counterparts[index], 1) for index in own]))
    return {index: own[index] - scale * counterparts[index] for index in own}
