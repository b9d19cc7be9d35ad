"""The records that pass from stage to stage, in the order of the data's way.

All are frozen: a stage never changes what it was given. Texts inside are as they came; whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.execution.record_spool import Each

RELATIONS = ("translation", "copy", "partial reuse", "same story", "different")


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier version of an article. `number` is the version as its source counts, `published` is ISO 8601."""

    id: str
    number: str | None = None
    published: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read.

    `language` is what the source declares, in BCP 47: a hint, never trusted over the text. `published` is ISO 8601.
    `history` holds the versions that this one replaced, the earliest first.
    """

    id: str
    text: str
    title: str | None = None
    language: str | None = None
    published: str | None = None
    source: str | None = None
    url: str | None = None
    history: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One record that could not become an article: where it stood and why, in a line a person can act on.

    `record` counts from 1 inside `path`; None where the whole file is meant. `superseded` where nothing is amiss: an
    earlier version of an article that was read, or the same record sent again.
    """

    path: str
    reason: str
    record: int | None = None
    id: str | None = None
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of an article's text that cleaning took away, and the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """An article made ready: its language and the sentences that were kept, in reading order.

    `language` is a BCP 47 code with the shortest form ("it", "vi", "zh-Hant"), "und" where the text does not show it.
    `language_confidence` is 0 to 1. Where `titled`, the headline is the first sentence.
    """

    article: Article
    language: str
    language_confidence: float
    sentences: tuple[str, ...]
    titled: bool
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One vector an article and one a sentence, all of length 1; the arrays may lie in files.

    articles: float32, (articles, dimensions).
    sentences: float32 or float16, (sentences of all articles, dimensions), article after article.
    offsets: int64, (articles + 1,); the sentences of article i are rows offsets[i] to offsets[i + 1].
    windows: int64, (sentences,): the window each sentence was read in, numbered over all articles; None where every
    article was read at once, or its sentences alone.
    """

    articles: NDArray[np.float32]
    sentences: NDArray[np.floating[Any]]
    offsets: NDArray[np.int64]
    windows: NDArray[np.int64] | None = None

    def of(self, article: int) -> NDArray[np.float32]:
        """The sentence vectors of one article, float32, (its sentences, dimensions)."""
        return self.sentences[self.offsets[article] : self.offsets[article + 1]].astype(np.float32)

    def part(self, articles: range) -> Embeddings:
        """Those of some articles that follow each other."""
        rows = slice(self.offsets[articles.start], self.offsets[articles.stop])
        return Embeddings(
            self.articles[articles.start : articles.stop],
            self.sentences[rows],
            self.offsets[articles.start : articles.stop + 1] - self.offsets[articles.start],
            None if self.windows is None else self.windows[rows],
        )


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two sentences, one of each article, that say the same: their places, texts and cosine (−1 to 1, neutralised)."""

    place_a: int
    place_b: int
    text_a: str
    text_b: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that two articles tell, or do not tell, the same story.

    `only_a` and `only_b` are the sentences without a counterpart in the other article, and where one was taken from the
    other the clauses that it adds inside a sentence. `disagreements` are numbers,
    or names, of aligned sentences that stand on one side only: (place in `aligned`, only in a, only in b).
    `shares` is each feature's part of the score, in log odds; with the entry "base" they add up to the score.
    """

    aligned: tuple[Aligned, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    shared_numbers: tuple[str, ...]
    shared_names: tuple[tuple[str, str], ...]
    disagreements: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...]
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles and what the detector says of them; `article_a` sorts before `article_b`.

    probability: calibrated P(same story), 0 to 1. similarity: how alike the stories are, 0 to 1, graded as people
    grade. cosine: raw, of the encoder, −1 to 1. coverage_a: the share of a's sentences with a counterpart in b,
    0 to 1; coverage_b the other way. days_apart: None where an article has no date. contained: of partial reuse, the id
    of the article that the other one holds, else None.
    """

    article_a: str
    article_b: str
    probability: float
    similarity: float
    cosine: float
    coverage_a: float
    coverage_b: float
    relation: str
    language_a: str
    language_b: str
    days_apart: float | None = None
    contained: str | None = None
    evidence: Evidence | None = None

    def _repr_html_(self) -> str:
        from detector.reporting.notebook import pair_html

        return pair_html(self)


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that report one event, sorted by id.

    `id` is made from the first article's id, so it stays the same from run to run. The `documents` are the prepared
    articles, `article_ids` their ids; those of a big batch are read from a file whenever they are asked for.
    `languages` are the different languages. `strength` is the mean probability of the pairs inside, `weakest` the
    smallest; both are 1 for a story of one article. `membership` is each article's probability of belonging here.
    `roundups` are the ids of articles that touch many stories, such as news in brief.
    """

    id: str
    documents: Sequence[Document]
    article_ids: tuple[str, ...]
    languages: tuple[str, ...]
    strength: float
    weakest: float
    representative_index: int
    membership: tuple[float, ...]
    roundups: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.article_ids)

    @property
    def articles(self) -> Sequence[Article]:
        """The articles, in the order of `article_ids`."""
        return Each(attrgetter("article"), self.documents)

    @property
    def representative(self) -> Article:
        """The article most similar to all others; a roundup only if there is no other."""
        return self.documents[self.representative_index].article

    def _repr_html_(self) -> str:
        from detector.reporting.notebook import story_html

        return story_html(self)
