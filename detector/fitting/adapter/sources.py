"""What an adapter learns from: sources that give pairs of texts with the similarity that they should have.

A source has items, one or more for each pair, story or translated document. An epoch of a source is all its items in
random order. What an item leaves open, such as which two articles of a story, is drawn each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb
from random import Random
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

# The similarity of two articles by how they are related, 0 to 1.
EVENT, STORYLINE, ALIKE, UNRELATED = 1.0, 0.6, 0.2, 0.0
GRADES = {"same event": EVENT, "same storyline": STORYLINE, "alike": ALIKE, "unrelated": UNRELATED}
# Items of a large story in an epoch: more would make it most of what is learned.
PAIRS_OF_STORY = 6


class TextPair(NamedTuple):
    """Two texts and the similarity that they should have, 0 to 1."""

    a: str
    b: str
    grade: float


class Source(Protocol):
    """Where pairs of texts come from."""

    @property
    def name(self) -> str:
        """The name of the file."""

    def __len__(self) -> int:
        """The number of items."""

    def pair(self, item: int, chooser: Random) -> TextPair:
        """The pair of an item; `chooser` draws what the item leaves open."""

    def connected(self) -> Iterable[Sequence[str]]:
        """Groups of texts that must be learned from together or not at all."""

    def only(self, texts: set[str]) -> Source:
        """The part of the source whose texts are among these."""


@dataclass(frozen=True)
class GradedPairs:
    """Pairs that people graded or labelled; one item each."""

    name: str
    pairs: tuple[TextPair, ...]

    def __len__(self) -> int:
        return len(self.pairs)

    def pair(self, item: int, chooser: Random) -> TextPair:
        """The pair as it was given."""
        return self.pairs[item]

    def connected(self) -> Iterable[Sequence[str]]:
        """Both texts of each pair."""
        return ((pair.a, pair.b) for pair in self.pairs)

    def only(self, texts: set[str]) -> GradedPairs:
        """The pairs of these texts."""
        return GradedPairs(self.name, tuple(pair for pair in self.pairs if pair.a in texts and pair.b in texts))


@dataclass(frozen=True)
class StoryTexts:
    """Articles with stories: pairs of one story, and for every second one a pair of two stories.

    story: the label of each text's story, (texts,). topic: what alike stories share, "" for nothing, (texts,). Two
    stories of one topic are alike, any other two are unrelated. ambiguous: texts with the same label, unless it is "",
    may be one story or two, so they are no pair of two stories.
    """

    name: str
    texts: tuple[str, ...]
    story: NDArray[np.str_]
    topic: NDArray[np.str_]
    ambiguous: NDArray[np.str_]

    @cached_property
    def members(self) -> list[list[int]]:
        """The indices of the texts of each story."""
        return [np.flatnonzero(self.story == story).tolist() for story in np.unique(self.story)]

    @cached_property
    def positives(self) -> list[list[int]]:
        """The members of the story of each item that is a pair of one story."""
        pairs = ((members, min(comb(len(members), 2), PAIRS_OF_STORY)) for members in self.members)
        return [members for members, count in pairs for _ in range(count)]

    def __len__(self) -> int:
        negatives = len(self.positives) // 2 if len(self.members) > 1 else 0
        return len(self.positives) + negatives

    def pair(self, item: int, chooser: Random) -> TextPair:
        """Two articles of a story, or, for the last third of the items, of two stories: of one topic if possible."""
        if item < len(self.positives):
            a, b = chooser.sample(self.positives[item], 2)
            return TextPair(self.texts[a], self.texts[b], EVENT)
        a = chooser.choice(chooser.choice(self.members))
        other = (self.story != self.story[a]) & ((self.ambiguous != self.ambiguous[a]) | (self.ambiguous == ""))
        alike = other & (self.topic == self.topic[a]) & (self.topic != "")
        if not other.any():
            return self.pair(chooser.randrange(len(self.positives)), chooser)
        b = chooser.choice(np.flatnonzero(alike if alike.any() else other).tolist())
        return TextPair(self.texts[a], self.texts[b], ALIKE if alike.any() else UNRELATED)

    def connected(self) -> Iterable[Sequence[str]]:
        """The texts of each story, of each topic, and those that may be one story."""
        for labels in (self.story, self.topic, self.ambiguous):
            for label in np.unique(labels[labels != ""]):
                yield [self.texts[index] for index in np.flatnonzero(labels == label)]

    def only(self, texts: set[str]) -> StoryTexts:
        """The articles with these texts."""
        kept = np.array([index for index, text in enumerate(self.texts) if text in texts], np.int64)
        labels = (self.story[kept], self.topic[kept], self.ambiguous[kept])
        return StoryTexts(self.name, tuple(self.texts[index] for index in kept), *labels)


@dataclass(frozen=True)
class Translations:
    """Documents in several languages; an item is one document, in two languages that are drawn.

    documents: for each document and language, the lines, which are aligned across languages.
    """

    name: str
    documents: Mapping[str, Mapping[str, tuple[str, ...]]]

    @cached_property
    def names(self) -> list[str]:
        """The documents that are there in two languages or more."""
        return sorted(name for name, versions in self.documents.items() if len(versions) > 1)

    def __len__(self) -> int:
        return len(self.names)

    def pair(self, item: int, chooser: Random) -> TextPair:
        """A document in two languages."""
        a, b = self._versions(item, chooser)
        return TextPair(" ".join(a), " ".join(b), EVENT)

    def line(self, item: int, chooser: Random) -> TextPair:
        """A line of a document in two languages; the whole document if the languages have no line in common."""
        a, b = self._versions(item, chooser)
        aligned = [pair for pair in zip(a, b, strict=True) if all(pair)] if len(a) == len(b) else []
        return TextPair(*(chooser.choice(aligned) if aligned else (" ".join(a), " ".join(b))), EVENT)

    def connected(self) -> Iterable[Sequence[str]]:
        """All translations of each document."""
        return ([" ".join(lines) for lines in versions.values()] for versions in self.documents.values())

    def only(self, texts: set[str]) -> Translations:
        """The documents with these texts."""
        kept = {
            name: versions
            for name, versions in self.documents.items()
            if all(" ".join(lines) in texts for lines in versions.values())
        }
        return Translations(self.name, kept)

    def _versions(self, item: int, chooser: Random) -> list[tuple[str, ...]]:
        versions = self.documents[self.names[item]]
        return [versions[language] for language in chooser.sample(sorted(versions), 2)]
