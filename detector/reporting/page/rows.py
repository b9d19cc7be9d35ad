"""The rows of the page's data, and the names of their columns.

In the page's JSON a row is a list, and `columns` holds the names once for all rows of a kind; the script reads rows by
these names. An `Index` is a position in the table of what its field is named after; -1 is none. The script describes
the same rows as types, in templates/report/rows.mjs; a test compares the two.
"""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

Index: TypeAlias = int
NONE: Final = -1


class LanguageRow(NamedTuple):
    """A language: its code in BCP 47 and its English name."""

    code: str
    name: str


class ArticleRow(NamedTuple):
    """An article. date: a day, or what the article gives as one."""

    headline: str
    language: Index
    source: Index
    date: str
    id: str
    url: str


class PairRow(NamedTuple):
    """A pair of articles.

    probability: of one event. storyline_probability: of one affair. relation: as if the two were one story; otherwise:
    as if they were not, which the page shows of pairs under its threshold. apart: an index into
    the list of times in words. contained: the article that the other one contains.
    """

    a: Index
    b: Index
    probability: float
    storyline_probability: float
    similarity: float
    coverage_a: float
    coverage_b: float
    relation: Index
    otherwise: Index
    apart: Index
    contained: Index


class StoryRow(NamedTuple):
    """A story.

    members: the articles on the page, by date. heads: those whose headlines represent the story in the list, the
    representative first. size: how many articles the story has, on the page or not. membership: the probability that
    each of the members belongs here. sources: the first of `source_count`. first_day, last_day: empty without dates.
    """

    members: list[Index]
    heads: list[Index]
    size: int
    strength: float
    weakest: float
    membership: list[float]
    roundups: list[Index]
    languages: list[Index]
    sources: list[Index]
    source_count: int
    first_day: str
    last_day: str


class StorylineRow(NamedTuple):
    """A storyline of two or more stories.

    heads: the articles that represent its stories, in order of time. stories: those stories, -1 for one that the page
    does not list, such as a story of one article. days: the first day of each, empty without a date. size: how many
    stories it has, on the page or not. articles: how many articles.
    """

    heads: list[Index]
    stories: list[Index]
    days: list[str]
    size: int
    articles: int


class ThresholdRow(NamedTuple):
    """The stories of two or more at one threshold, counted.

    storylines: those of two or more stories. across: stories in several languages. inside: their articles. largest:
    articles of the largest. alone: articles in no story. lead: the counts as a sentence.
    """

    threshold: float
    stories: int
    storylines: int
    across: int
    inside: int
    largest: int
    alone: int
    lead: str


class AloneRow(NamedTuple):
    """An article in no story, and the most probable pair that it is in."""

    article: Index
    nearest: Index


class EvidenceRow(NamedTuple):
    """The evidence of a pair. Texts and names are indexes into the list of texts."""

    aligned: list[AlignedRow]
    aligned_left: int
    only_a: OnlyRow
    only_b: OnlyRow
    numbers: list[Index]
    names: list[Index]
    shares: list[ShareRow]


class AlignedRow(NamedTuple):
    """Two sentences that match. differs: the numbers and names that only this side has."""

    text_a: Index
    text_b: Index
    cosine: float
    marks_a: list[MarkRow]
    marks_b: list[MarkRow]
    differs_a: list[Index]
    differs_b: list[Index]


class MarkRow(NamedTuple):
    """A marked part of a sentence, in UTF-16 units, as a browser counts. kind: an index into the list of kinds."""

    start: int
    length: int
    kind: Index


class OnlyRow(NamedTuple):
    """The sentences that only one article of a pair has, and how many more it has."""

    texts: list[Index]
    left: int


class ShareRow(NamedTuple):
    """A feature, in words, and its part of the score in log odds."""

    feature: str
    share: float


class DroppedRow(NamedTuple):
    """What cleaning removed from an article, and how many more pieces."""

    pieces: list[PieceRow]
    left: int


class PieceRow(NamedTuple):
    """A piece that cleaning removed, as an index into the list of texts, and the reason."""

    reason: str
    text: Index


REPORT_ROWS = {
    "language": LanguageRow,
    "article": ArticleRow,
    "pair": PairRow,
    "story": StoryRow,
    "storyline": StorylineRow,
    "threshold": ThresholdRow,
    "alone": AloneRow,
}
EVIDENCE_ROWS = {
    "evidence": EvidenceRow,
    "aligned": AlignedRow,
    "mark": MarkRow,
    "only": OnlyRow,
    "share": ShareRow,
    "dropped": DroppedRow,
    "piece": PieceRow,
}
"""Each kind of row by the name under which `columns` has its columns."""


def columns(kinds: dict[str, type[NamedTuple]]) -> dict[str, tuple[str, ...]]:
    """The names of the columns of each kind of row."""
    return {kind: row._fields for kind, row in kinds.items()}
