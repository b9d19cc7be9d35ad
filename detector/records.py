"""The records that pass from stage to stage, in the order of the stages.

All are frozen, so a stage cannot change its input. Texts are as they were read; code that shows them must escape them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.execution.record_spool import LazyMap


class Relation(StrEnum):
    """How two articles are related.

    In one story: both taken from each other are a translation between languages, a copy within one; only one taken from
    the other is partial reuse; else they are the same story, reported independently. In different stories: a follow-up
    reports another event of the same affair; the same form is another instance of something that recurs, such as the
    weather, with other facts; else they are different.
    """

    TRANSLATION = "translation"
    COPY = "copy"
    PARTIAL_REUSE = "partial reuse"
    SAME_STORY = "same story"
    FOLLOW_UP = "follow-up"
    SAME_FORM = "same form"
    DIFFERENT = "different"

    @property
    def code(self) -> int:
        """The index of the relation in the order above, as arrays hold it."""
        return _RELATIONS.index(self)

    @classmethod
    def of_code(cls, code: int) -> Relation:
        """The relation of a code."""
        return _RELATIONS[code]


_RELATIONS = tuple(Relation)


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

    `language` is the language that the source declares, in BCP 47. It is only a hint; the text decides. `published` is
    ISO 8601. `history` has the versions that this one replaced, the earliest first.
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
    """A record that did not become an article, with the reason in one line that a person can act on.

    `record` counts from 1 inside `path`; None means the file itself. `superseded` is True if nothing is wrong: the
    record is an earlier version of an article that was read, or a repetition.
    """

    path: str
    reason: str
    record: int | None = None
    id: str | None = None
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of an article's text that cleaning removed, and the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A prepared article: its language and the sentences that cleaning kept, in reading order.

    `language` is a BCP 47 code in its shortest form ("it", "vi", "zh-Hant"), "und" if it is unknown.
    `language_confidence` is 0 to 1. If `titled`, the first sentence is the headline.
    """

    article: Article
    language: str
    language_confidence: float
    sentences: tuple[str, ...]
    titled: bool
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Embeddings:
    """A vector for each article and each sentence, all of length 1; the arrays may be stored in files.

    articles: float32, (articles, dimensions).
    sentences: float32 or float16, (sentences of all articles, dimensions), article after article.
    offsets: int64, (articles + 1,); the sentences of article i are rows offsets[i] to offsets[i + 1].
    windows: int64, (sentences,): the window in which each sentence was encoded, numbered over all articles; None if
    every article was encoded in one window, or each sentence alone.
    """

    articles: NDArray[np.float32]
    sentences: NDArray[np.floating[Any]]
    offsets: NDArray[np.int64]
    windows: NDArray[np.int64] | None = None

    def of(self, article: int) -> NDArray[np.float32]:
        """The sentence vectors of one article, float32, (its sentences, dimensions)."""
        return self.sentences[self.offsets[article] : self.offsets[article + 1]].astype(np.float32)

    def part(self, articles: range) -> Embeddings:
        """The vectors of consecutive articles."""
        rows = slice(self.offsets[articles.start], self.offsets[articles.stop])
        return Embeddings(
            self.articles[articles.start : articles.stop],
            self.sentences[rows],
            self.offsets[articles.start : articles.stop + 1] - self.offsets[articles.start],
            None if self.windows is None else self.windows[rows],
        )


def unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """The vectors scaled to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two matching sentences, one of each article: their indices, texts and cosine (−1 to 1, language-neutral)."""

    place_a: int
    place_b: int
    text_a: str
    text_b: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A difference between two aligned sentences: in numbers, in countries, or in other names.

    position: the index of the two sentences in `Evidence.aligned`. only_a, only_b: what only the sentence of that
    article names, as it is written there.
    """

    position: int
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows whether two articles report the same event.

    `only_a` and `only_b` are the sentences without a counterpart in the other article and, if one article was taken
    from the other, the clauses added inside a sentence. `disagreements` are the numbers and names in which aligned
    sentences differ.
    `shares` is each feature's part of the score, in log odds; with the entry "base" they add up to the score.
    """

    aligned: tuple[Aligned, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    shared_numbers: tuple[str, ...]
    shared_names: tuple[tuple[str, str], ...]
    disagreements: tuple[Disagreement, ...]
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles with their scores; `article_a` sorts before `article_b`.

    probability: calibrated P(same event), 0 to 1. storyline_probability: calibrated P(same affair), 0 to 1, at least
    the probability. similarity: how similar the stories are, 0 to 1, as people grade it. cosine: of the encoder's
    article vectors, −1 to 1. coverage_a: the share of a's sentences with a counterpart in b, 0 to 1; coverage_b: the
    same for b. days_apart: None if an article has no date. contained: the id of the article whose text is part of the
    other one; None unless the relation is partial reuse.
    """

    article_a: str
    article_b: str
    probability: float
    storyline_probability: float = field(kw_only=True)
    similarity: float
    cosine: float
    coverage_a: float
    coverage_b: float
    relation: Relation
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
    `roundups` are the ids of articles that touch many stories, such as news in brief. `storyline` is the id of its
    `Storyline`, "" in a story that was made without one.
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
    storyline: str = ""

    def __len__(self) -> int:
        return len(self.article_ids)

    @property
    def articles(self) -> Sequence[Article]:
        """The articles, in the order of `article_ids`."""
        return LazyMap(attrgetter("article"), self.documents)

    @property
    def representative(self) -> Article:
        """The article most similar to all others; a roundup only if there is no other."""
        return self.documents[self.representative_index].article

    def _repr_html_(self) -> str:
        from detector.reporting.notebook import story_html

        return story_html(self)


@dataclass(frozen=True, slots=True)
class Storyline:
    """The stories of one developing affair, in order of time.

    `id` is made from the id of the first article, as that of a story is. The `stories` are in the order of the earliest
    publication date of each; those without a date come last. `strength` is the mean storyline probability of the pairs
    of articles in different stories, 0 to 1, where a pair that was never compared, or of one form, counts as 0; 1 for a
    storyline of one story. Roundups do not count.
    """

    id: str
    stories: tuple[Story, ...]
    strength: float

    def __len__(self) -> int:
        return len(self.stories)

    @property
    def article_ids(self) -> tuple[str, ...]:
        """The ids of the articles, story after story."""
        return tuple(id for story in self.stories for id in story.article_ids)

    @property
    def articles(self) -> Sequence[Article]:
        """The articles, in the order of `article_ids`."""
        places = [(story, index) for story in self.stories for index in range(len(story))]
        return LazyMap(_article_at, places)

    @property
    def languages(self) -> tuple[str, ...]:
        """The different languages, sorted."""
        return tuple(sorted({language for story in self.stories for language in story.languages}))

    def _repr_html_(self) -> str:
        from detector.reporting.notebook import storyline_html

        return storyline_html(self)


def _article_at(place: tuple[Story, int]) -> Article:
    story, index = place
    return story.documents[index].article
