"""Batches of any size with known stories, made of real articles with their real vectors.

Beyond the labelled articles there are, the same articles come again as if from another world: their language-neutral
vectors all turned by one rotation, so that what is near in one world stays as near and is nothing to the other worlds,
and their wording broken by a word of that world. Some articles are printed again in near-identical copies, a few of
them hundreds of times. Nothing has to be encoded but the real articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count as from_number
from pathlib import Path

import numpy as np
import regex
from numpy.typing import NDArray

from detector.encoding.encoder import unit
from detector.execution.record_spool import RecordSpool
from detector.execution.spool import Spool
from detector.languages.script import WITHOUT_SPACES
from detector.pairs.space import EVERY
from detector.profile import Profile
from detector.records import Article, Document, Embeddings

# One story in twenty has an article that is printed again so many times, mostly few; never more than this share of all.
PRINTED_AGAIN, COPIES, SHARES, MOST = 0.05, (3, 10, 40, 400), (0.6, 0.25, 0.1, 0.05), 0.1
FIRST_DAY, DAYS = date(2026, 1, 1), 30
# Where a word of another world is put in, so that no run of words is whole: after four words or, in scripts without
# spaces, characters.
BROKEN = regex.compile(rf"((?:\S+\s+){{4}}|[{WITHOUT_SPACES}]{{4}})")


@dataclass(frozen=True)
class Planted:
    """A batch with known stories: documents sorted by id, language-neutral vectors, the story of each, (articles,).

    again: (articles,), which articles are another one printed again; origin: int64, (articles,), the story of the base
    that each story is. Both None where none is planted.
    """

    documents: Sequence[Document]
    neutral: Embeddings
    story: NDArray[np.int64]
    again: NDArray[np.bool_] | None = None
    origin: NDArray[np.int64] | None = None


def plant(base: Planted, count: int, folder: Path | None = None, seed: int = 0) -> Planted:
    """A batch of `count` articles on the stories of the base, world after world; a seed gives one batch.

    `folder` is where large arrays lie.
    """
    dimensions = base.neutral.articles.shape[1]
    articles, sentences = Spool(np.float32, dimensions, folder), Spool(np.float16, dimensions, folder)
    documents: RecordSpool[Document] = RecordSpool(folder)
    windows, sizes = Spool(np.int64, None, folder), [0]
    story, printed, origin = [], [], []
    read, turned_for, turn = 0, 0, _rotation(0, dimensions)
    for number, (told, world, place, day, again) in enumerate(_printed(base, count, np.random.default_rng(seed))):
        if world != turned_for:
            turned_for, turn = world, _rotation(world, dimensions)
        articles.append(base.neutral.articles[place][None] @ turn)
        sentences.append(base.neutral.of(place) @ turn)
        own = base.neutral.part(range(place, place + 1)).windows
        assert own is not None
        windows.append(own - own[0] + read)
        read += int(own[-1] - own[0]) + 1
        sizes.append(len(own))
        story.append(told)
        printed.append(again)
        origin.append(base.story[place])
        documents.append(_document(base.documents[place], number, world, day))
    neutral = Embeddings(articles.array(), sentences.array(), np.cumsum(sizes).astype(np.int64), windows.array())
    return Planted(documents.records(), neutral, np.array(story, np.int64), np.array(printed), np.array(origin))


def one_world(base: Planted, count: int, seed: int = 0) -> Planted:
    """Whole stories of the base, drawn at random, of some `count` articles together: what every world is made of."""
    members = [np.flatnonzero(base.story == label) for label in np.unique(base.story)]
    drawn = [members[story] for story in np.random.default_rng(seed).permutation(len(members))]
    sizes = np.cumsum([len(places) for places in drawn])
    chosen = np.sort(np.concatenate(drawn[: int(np.searchsorted(sizes, count)) + 1]))
    neutral = base.neutral
    rows = np.concatenate([np.arange(neutral.offsets[place], neutral.offsets[place + 1]) for place in chosen])
    offsets = np.concatenate([[0], np.cumsum(np.diff(neutral.offsets)[chosen])]).astype(np.int64)
    windows = None if neutral.windows is None else neutral.windows[rows]
    vectors = Embeddings(neutral.articles[chosen], neutral.sentences[rows], offsets, windows)
    return Planted([base.documents[place] for place in chosen], vectors, base.story[chosen])


def openings(base: Planted, sentences: int) -> Planted:
    """The same stories told in the first few sentences of each article, whose vector is the mean of theirs."""
    sizes = np.minimum(np.diff(base.neutral.offsets), sentences)
    rows = np.concatenate(
        [np.arange(start, start + size) for start, size in zip(base.neutral.offsets, sizes, strict=False)]
    )
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    vectors = base.neutral.sentences[rows]
    articles = unit(np.add.reduceat(vectors.astype(np.float32), offsets[:-1]))
    windows = None if base.neutral.windows is None else base.neutral.windows[rows]
    documents = [replace(document, sentences=document.sentences[:sentences]) for document in base.documents]
    return Planted(documents, Embeddings(articles, vectors, offsets, windows), base.story)


def in_neutral_space(profile: Profile) -> Profile:
    """The profile for vectors that are neutral already: it takes nothing out."""
    dimensions = profile.metric.shape[0]
    return replace(
        profile,
        groups=(EVERY,),
        means=np.zeros((1, dimensions), np.float32),
        bases=np.zeros((1, 1, dimensions), np.float32),
        metric=np.eye(dimensions, dtype=np.float32),
    )


def _printed(base: Planted, count: int, generator: np.random.Generator) -> Iterator[tuple[int, int, int, date, bool]]:
    """Story, world, place in the base and day of each article, and whether it is printed again; `count` of them."""
    members = [np.flatnonzero(base.story == label) for label in np.unique(base.story)]
    left, told = count, from_number()
    for world in from_number():
        for story in generator.permutation(len(members)):
            places = members[story].tolist()
            if generator.random() < PRINTED_AGAIN:
                again = min(int(generator.choice(COPIES, p=SHARES)), int(MOST * count))
                places += [int(generator.choice(members[story]))] * again
            day, number = FIRST_DAY + timedelta(days=int(generator.integers(DAYS))), next(told)
            for telling, place in enumerate(places[:left]):
                date_of = day + timedelta(days=int(generator.integers(2)))
                yield number, world, place, date_of, telling >= len(members[story])
            left -= min(left, len(places))
            if not left:
                return


def _rotation(world: int, dimensions: int) -> NDArray[np.float32]:
    """A random rotation, the same for every vector of a world; the first world is the real one."""
    if world == 0:
        return np.eye(dimensions, dtype=np.float32)
    drawn = np.random.default_rng(world).standard_normal((dimensions, dimensions))
    return np.asarray(np.linalg.qr(drawn)[0], np.float32)


def _document(document: Document, number: int, world: int, day: date) -> Document:
    """The document as it stands in another world: each text is new, so that no two articles share its memory."""
    mark = "x" + "".join(chr(ord("a") + int(digit)) for digit in f"{world:03}") + "x"
    own = tuple(BROKEN.sub(rf"\1{mark} ", text) if world else text[:1] + text[1:] for text in document.sentences)
    article = Article(f"{number:08}", "\n".join(own), None, document.language, day.isoformat())
    return replace(document, article=article, sentences=own, dropped=())
