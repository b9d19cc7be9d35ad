"""The evidence of the pairs on the page, chosen and limited. Each text is in the page only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detector.records import Document, Evidence
from detector.reporting.marking import Kind, marked, spans
from detector.reporting.page.inline_json import UniqueValues, size_in_page
from detector.reporting.page.rows import (
    EVIDENCE_ROWS,
    AlignedRow,
    DroppedRow,
    EvidenceRow,
    Index,
    MarkRow,
    OnlyRow,
    PieceRow,
    ShareRow,
    columns,
)
from detector.reporting.phrases import feature_name
from detector.reporting.sanitize import line

ALIGNED_PER_PAIR = 40
SENTENCES_PER_SIDE = 15
DROPPED_PER_ARTICLE = 10
LONGEST_SENTENCE = 1_500
LONGEST_DROPPED = 300
LONGEST_NAME = 80
NAMES_PER_PAIR = 40


@dataclass(frozen=True, slots=True)
class _Side:
    """What is marked in the sentences of one of two articles, cropped as the page crops it.

    differs: by the index of the aligned sentences, the numbers and names that only this side has.
    """

    shared: list[str]
    added: list[str]
    differs: dict[int, list[str]]

    @classmethod
    def of(cls, evidence: Evidence, side: int) -> _Side:
        """The side of article a (0) or b (1)."""
        shared = [*evidence.shared_numbers, *(names[side] for names in evidence.shared_names)]
        differs: dict[int, list[str]] = {}
        for found in evidence.disagreements:
            words = (found.only_a, found.only_b)[side][:NAMES_PER_PAIR]
            differs.setdefault(found.position, []).extend(line(word, LONGEST_NAME) for word in words)
        return cls(
            [line(word, LONGEST_NAME) for word in shared],
            [line(clause, LONGEST_SENTENCE) for clause in (evidence.only_a, evidence.only_b)[side]],
            differs,
        )

    def marks(self, text: str, differs: Sequence[str]) -> list[MarkRow]:
        """Where the sentence has words that both share, a clause of its own, and words that differ."""
        shown = line(text, LONGEST_SENTENCE)
        stretches = marked(shown, self.shared, (clause for clause in self.added if clause != shown), differs)
        return [MarkRow(*span) for span in spans(stretches)]


class PageEvidence:
    """The evidence of pairs and what cleaning took from articles, by their indexes in the page's tables.

    size: the bytes that they take in the page.
    """

    def __init__(self) -> None:
        self._texts: UniqueValues[str] = UniqueValues()
        self._pairs: dict[Index, EvidenceRow] = {}
        self._dropped: dict[Index, DroppedRow] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._pairs)

    def tables(self) -> dict[str, Any]:
        """Everything, for the page."""
        return {
            "columns": columns(EVIDENCE_ROWS),
            "kinds": [kind.name.lower() for kind in Kind],
            "texts": self._texts.values,
            "pairs": self._pairs,
            "dropped": self._dropped,
        }

    def add_pair(self, pair: Index, evidence: Evidence) -> None:
        """Add the evidence of a pair."""
        chosen = _chosen(evidence)
        sides = _Side.of(evidence, 0), _Side.of(evidence, 1)
        row = EvidenceRow(
            aligned=[self._aligned(evidence, position, *sides) for position in chosen],
            aligned_left=len(evidence.aligned) - len(chosen),
            only_a=self._only(evidence.only_a),
            only_b=self._only(evidence.only_b),
            numbers=[self._name(number) for number in evidence.shared_numbers[:NAMES_PER_PAIR]],
            names=[self._name(a if a == b else f"{a} = {b}") for a, b in evidence.shared_names[:NAMES_PER_PAIR]],
            shares=[ShareRow(feature_name(feature), round(share, 3)) for feature, share in evidence.shares.items()],
        )
        self._pairs[pair] = row
        self.size += size_in_page(row)

    def add_dropped(self, article: Index, document: Document) -> None:
        """Add what cleaning took from an article, if anything."""
        pieces = document.dropped[:DROPPED_PER_ARTICLE]
        if pieces:
            rows = [PieceRow(line(piece.reason, 120), self._text(piece.text, LONGEST_DROPPED)) for piece in pieces]
            self._dropped[article] = DroppedRow(rows, len(document.dropped) - len(pieces))
            self.size += size_in_page(self._dropped[article])

    def _aligned(self, evidence: Evidence, position: int, side_a: _Side, side_b: _Side) -> AlignedRow:
        aligned = evidence.aligned[position]
        differs_a, differs_b = side_a.differs.get(position, []), side_b.differs.get(position, [])
        return AlignedRow(
            text_a=self._text(aligned.text_a),
            text_b=self._text(aligned.text_b),
            cosine=round(aligned.cosine, 3),
            marks_a=side_a.marks(aligned.text_a, differs_a),
            marks_b=side_b.marks(aligned.text_b, differs_b),
            differs_a=[self._name(word) for word in differs_a],
            differs_b=[self._name(word) for word in differs_b],
        )

    def _only(self, sentences: Sequence[str]) -> OnlyRow:
        shown = [self._text(sentence) for sentence in sentences[:SENTENCES_PER_SIDE]]
        return OnlyRow(shown, len(sentences) - len(shown))

    def _name(self, name: str) -> Index:
        return self._text(name, LONGEST_NAME)

    def _text(self, text: str, longest: int = LONGEST_SENTENCE) -> Index:
        shown = line(text, longest)
        if shown not in self._texts:
            self.size += size_in_page(shown)
        return self._texts.index(shown)


def _chosen(evidence: Evidence) -> list[int]:
    """The strongest aligned sentences, those that disagree always among them, in reading order."""
    differ = {found.position for found in evidence.disagreements}

    def rank(position: int) -> tuple[bool, float, int]:
        return position not in differ, -evidence.aligned[position].cosine, position

    return sorted(sorted(range(len(evidence.aligned)), key=rank)[:ALIGNED_PER_PAIR])
