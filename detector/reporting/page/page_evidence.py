"""The evidence of the pairs that the page shows, picked and bounded. Read by templates/report/model.js.

Each text stands in the page once, however many pairs show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detector.records import Document, Evidence
from detector.reporting.marking import marked, spans
from detector.reporting.page.inline_json import Numbered, room
from detector.reporting.phrases import feature_name, line

ALIGNED_A_LINK = 40
SENTENCES_ON_ONE_SIDE = 15
DROPPED_AN_ARTICLE = 10
LONGEST_SENTENCE = 1_500
LONGEST_DROPPED = 300
LONGEST_NAME = 80
NAMES_A_LINK = 40


@dataclass(frozen=True, slots=True)
class _Side:
    """What is marked in the sentences of one of two articles, cropped as the page crops it.

    differ: by the place of the aligned sentences, the numbers and names that stand on this side only.
    """

    shared: list[str]
    added: list[str]
    differ: dict[int, list[str]]

    @classmethod
    def of(cls, evidence: Evidence, side: int) -> _Side:
        shared = [*evidence.shared_numbers, *(names[side] for names in evidence.shared_names)]
        differ: dict[int, list[str]] = {}
        for found in evidence.disagreements:
            words = (found.only_a, found.only_b)[side][:NAMES_A_LINK]
            differ.setdefault(found.position, []).extend(line(word, LONGEST_NAME) for word in words)
        return cls(
            [line(word, LONGEST_NAME) for word in shared],
            [line(clause, LONGEST_SENTENCE) for clause in (evidence.only_a, evidence.only_b)[side]],
            differ,
        )

    def marks(self, text: str, differ: Sequence[str]) -> list[int]:
        """Where the sentence has what both share, a clause of its own, and what differs."""
        shown = line(text, LONGEST_SENTENCE)
        return spans(marked(shown, self.shared, (clause for clause in self.added if clause != shown), differ))


class Explained:
    """The evidence of pairs and what cleaning dropped from articles, by their numbers in the page."""

    def __init__(self) -> None:
        self._texts: Numbered[str] = Numbered()
        self._links: dict[int, list[Any]] = {}
        self._dropped: dict[int, list[Any]] = {}
        self.room = 0

    def __len__(self) -> int:
        return len(self._links)

    def __contains__(self, pair: int) -> bool:
        return pair in self._links

    def rows(self) -> dict[str, Any]:
        """Everything, for the page."""
        return {"texts": self._texts.values, "links": self._links, "dropped": self._dropped}

    def link(self, pair: int, evidence: Evidence) -> None:
        """Take in the evidence of a pair."""
        chosen = _chosen(evidence)
        sides = _Side.of(evidence, 0), _Side.of(evidence, 1)
        self._links[pair] = [
            [self._aligned(evidence, place, *sides) for place in chosen],
            len(evidence.aligned) - len(chosen),
            *(self._only(sentences) for sentences in (evidence.only_a, evidence.only_b)),
            [self._name(number) for number in evidence.shared_numbers[:NAMES_A_LINK]],
            [self._name(a if a == b else f"{a} = {b}") for a, b in evidence.shared_names[:NAMES_A_LINK]],
            [[feature_name(feature), round(share, 3)] for feature, share in evidence.shares.items()],
        ]
        self.room += room(self._links[pair])

    def dropped(self, article: int, document: Document) -> None:
        """Take in what cleaning took from an article."""
        pieces = document.dropped[:DROPPED_AN_ARTICLE]
        if pieces:
            rows = [[line(piece.reason, 120), self._text(piece.text, LONGEST_DROPPED)] for piece in pieces]
            self._dropped[article] = [rows, len(document.dropped) - len(pieces)]
            self.room += room(self._dropped[article])

    def _aligned(self, evidence: Evidence, place: int, side_a: _Side, side_b: _Side) -> list[Any]:
        aligned = evidence.aligned[place]
        differ_a, differ_b = side_a.differ.get(place, []), side_b.differ.get(place, [])
        return [
            self._text(aligned.text_a),
            self._text(aligned.text_b),
            round(aligned.cosine, 3),
            side_a.marks(aligned.text_a, differ_a),
            side_b.marks(aligned.text_b, differ_b),
            [self._name(word) for word in differ_a],
            [self._name(word) for word in differ_b],
        ]

    def _only(self, sentences: Sequence[str]) -> list[Any]:
        shown = [self._text(sentence) for sentence in sentences[:SENTENCES_ON_ONE_SIDE]]
        return [shown, len(sentences) - len(shown)]

    def _name(self, name: str) -> int:
        return self._text(name, LONGEST_NAME)

    def _text(self, text: str, longest: int = LONGEST_SENTENCE) -> int:
        shown = line(text, longest)
        if shown not in self._texts:
            self.room += room(shown)
        return self._texts(shown)


def _chosen(evidence: Evidence) -> list[int]:
    """The strongest aligned sentences, those that disagree among them for certain, in reading order."""
    differ = {found.position for found in evidence.disagreements}
    places = range(len(evidence.aligned))
    ranked = sorted(places, key=lambda place: (place not in differ, -evidence.aligned[place].cosine, place))
    return sorted(ranked[:ALIGNED_A_LINK])
