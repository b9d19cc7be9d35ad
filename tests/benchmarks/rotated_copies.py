"""Batches of any size with known stories, made of a few real labelled articles and their vectors.

A batch larger than the base repeats the base, each time as other news: every repetition multiplies all language-neutral
vectors by a random rotation of its own, and puts a made-up word between every few words of the texts. Inside one
repetition the vectors are as near to each other as the real ones; between two repetitions they are as far apart as
random directions, and the texts share no word n-gram. In addition, some articles are repeated as near-identical
reprints, a few of them hundreds of times. Only the base has to be encoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count as count_from
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

from detector.execution.record_spool import RecordSpool
from detector.execution.spool import Spool
from detector.languages.script import WITHOUT_SPACES
from detector.pairs.space import ALL_LANGUAGES
from detector.profile import Profile
from detector.records import Article, Document, Embeddings, unit

# One story in twenty has an article with reprints: this many, with these probabilities, at most a tenth of the batch.
SHARE_REPRINTED, REPRINTS, REPRINT_WEIGHTS, MOST_REPRINTS = 0.05, (3, 10, 40, 400), (0.6, 0.25, 0.1, 0.05), 0.1
FIRST_DAY, DAYS = date(2026, 1, 1), 30
# Where a made-up word goes, so that no word n-gram stays intact: after four words or, in scripts without spaces, four
# characters.
EVERY_FOUR_WORDS = regex.compile(rf"((?:\S+\s+){{4}}|[{WITHOUT_SPACES}]{{4}})")


@dataclass(frozen=True)
class StoryBatch:
    """A batch with known stories: documents sorted by id, language-neutral vectors, the story of each, (articles,).

    reprint: (articles,), which articles are reprints of another. base_story: int64, (articles,), the story of the base
    that each story repeats. Both are None for a base, which repeats nothing.
    """

    documents: Sequence[Document]
    neutral: Embeddings
    story: NDArray[np.int64]
    reprint: NDArray[np.bool_] | None = None
    base_story: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """An article of a batch: its story, the repetition, the index of its article in the base, day, reprint or not."""

    story: int
    repetition: int
    index: int
    day: date
    reprint: bool


def repeated(base: StoryBatch, count: int, folder: Path | None = None, seed: int = 0) -> StoryBatch:
    """A batch of `count` articles that repeats the base as often as needed; one seed always gives the same batch.

    folder: for the files of large arrays.
    """
    dimensions = base.neutral.articles.shape[1]
    articles, sentences = Spool(np.float32, dimensions, folder), Spool(np.float16, dimensions, folder)
    documents: RecordSpool[Document] = RecordSpool(folder)
    windows, sizes, windows_so_far = Spool(np.int64, None, folder), [0], 0
    entries = []
    repetition, rotation = 0, _rotation(0, dimensions)
    for number, entry in enumerate(_entries(base, count, np.random.default_rng(seed))):
        if entry.repetition != repetition:
            repetition, rotation = entry.repetition, _rotation(entry.repetition, dimensions)
        articles.append(base.neutral.articles[entry.index][None] @ rotation)
        sentences.append(base.neutral.of(entry.index) @ rotation)
        own = _windows_of(base, entry.index)
        windows.append(own - own[0] + windows_so_far)
        windows_so_far += int(own[-1] - own[0]) + 1
        sizes.append(len(own))
        entries.append(entry)
        documents.append(_document(base.documents[entry.index], number, entry))
    neutral = Embeddings(articles.array(), sentences.array(), np.cumsum(sizes).astype(np.int64), windows.array())
    return StoryBatch(
        documents.records(),
        neutral,
        np.array([entry.story for entry in entries], np.int64),
        np.array([entry.reprint for entry in entries]),
        np.array([base.story[entry.index] for entry in entries]),
    )


def some_stories(base: StoryBatch, count: int, seed: int = 0) -> StoryBatch:
    """Random stories of the base with all their articles, about `count` articles in total."""
    members = [np.flatnonzero(base.story == label) for label in np.unique(base.story)]
    drawn = [members[story] for story in np.random.default_rng(seed).permutation(len(members))]
    totals = np.cumsum([len(indices) for indices in drawn])
    chosen = np.sort(np.concatenate(drawn[: int(np.searchsorted(totals, count)) + 1]))
    neutral = base.neutral
    rows = np.concatenate([np.arange(neutral.offsets[index], neutral.offsets[index + 1]) for index in chosen])
    offsets = np.concatenate([[0], np.cumsum(np.diff(neutral.offsets)[chosen])]).astype(np.int64)
    windows = None if neutral.windows is None else neutral.windows[rows]
    vectors = Embeddings(neutral.articles[chosen], neutral.sentences[rows], offsets, windows)
    return StoryBatch([base.documents[index] for index in chosen], vectors, base.story[chosen])


def first_sentences(base: StoryBatch, sentences: int) -> StoryBatch:
    """The same articles cut to their first few sentences; the vector of an article is the mean of these."""
    sizes = np.minimum(np.diff(base.neutral.offsets), sentences)
    rows = np.concatenate(
        [np.arange(start, start + size) for start, size in zip(base.neutral.offsets, sizes, strict=False)]
    )
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    vectors = base.neutral.sentences[rows]
    articles = unit(np.add.reduceat(vectors.astype(np.float32), offsets[:-1]))
    windows = None if base.neutral.windows is None else base.neutral.windows[rows]
    documents = [replace(document, sentences=document.sentences[:sentences]) for document in base.documents]
    return StoryBatch(documents, Embeddings(articles, vectors, offsets, windows), base.story)


def in_neutral_space(profile: Profile) -> Profile:
    """The profile for vectors that are language-neutral already: it removes nothing."""
    dimensions = profile.metric.shape[0]
    return replace(
        profile,
        groups=(ALL_LANGUAGES,),
        means=np.zeros((1, dimensions), np.float32),
        bases=np.zeros((1, 1, dimensions), np.float32),
        metric=np.eye(dimensions, dtype=np.float32),
        background=replace(profile.background, centre=np.zeros(dimensions, np.float32)),
    )


def _entries(base: StoryBatch, count: int, generator: np.random.Generator) -> Iterator[_Entry]:
    """The `count` articles of a batch, story by story."""
    members = [np.flatnonzero(base.story == label) for label in np.unique(base.story)]
    left, story_numbers = count, count_from()
    for repetition in count_from():
        for base_story in generator.permutation(len(members)):
            indices = members[base_story].tolist()
            if generator.random() < SHARE_REPRINTED:
                reprints = min(int(generator.choice(REPRINTS, p=REPRINT_WEIGHTS)), int(MOST_REPRINTS * count))
                indices += [int(generator.choice(members[base_story]))] * reprints
            first_day, story = FIRST_DAY + timedelta(days=int(generator.integers(DAYS))), next(story_numbers)
            for position, index in enumerate(indices[:left]):
                day = first_day + timedelta(days=int(generator.integers(2)))
                yield _Entry(story, repetition, index, day, position >= len(members[base_story]))
            left -= min(left, len(indices))
            if not left:
                return


def _rotation(repetition: int, dimensions: int) -> NDArray[np.float32]:
    """A random rotation, the same for every vector of a repetition; the first repetition is not rotated."""
    if repetition == 0:
        return np.eye(dimensions, dtype=np.float32)
    drawn = np.random.default_rng(repetition).standard_normal((dimensions, dimensions))
    return np.asarray(np.linalg.qr(drawn)[0], np.float32)


def _windows_of(base: StoryBatch, index: int) -> NDArray[np.int64]:
    windows = base.neutral.part(range(index, index + 1)).windows
    if windows is None:
        raise ValueError("the embeddings of the base have no windows")
    return windows


def _document(document: Document, number: int, entry: _Entry) -> Document:
    """The document in its repetition. Every text is a new string, so that no two articles share memory."""
    word = "x" + "".join(chr(ord("a") + int(digit)) for digit in f"{entry.repetition:03}") + "x"
    sentences = tuple(
        EVERY_FOUR_WORDS.sub(rf"\1{word} ", text) if entry.repetition else text[:1] + text[1:]
        for text in document.sentences
    )
    article = Article(f"{number:08}", "\n".join(sentences), None, document.language, entry.day.isoformat())
    return replace(document, article=article, sentences=sentences, dropped=())
