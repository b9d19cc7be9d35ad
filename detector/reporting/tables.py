"""stories.csv and pairs.csv: their columns, and the rows that the Parquet files share with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detector.records import Pair
from detector.reporting.csv_writer import Cell, csv_lines
from detector.reporting.phrases import headline, title_of
from detector.reporting.report_data import ReportData

# Programs rely on these: add columns at the end only, with their values in `story_values` or `pair_values`, and those
# that are not text in the types of parquet.py.
STORY_COLUMNS = (
    "story_id",
    "article_id",
    "language",
    "title",
    "source",
    "published",
    "probability",
    "representative",
    "storyline_id",
    "relation",
    "url",
    "story_size",
    "story_title",
    "roundup",
)
_OF_PAIR = (
    "article_a",
    "article_b",
    "probability",
    "similarity",
    "cosine",
    "coverage_a",
    "coverage_b",
    "relation",
    "language_a",
    "language_b",
    "days_apart",
    "storyline_probability",
)
PAIR_COLUMNS = (*_OF_PAIR, "title_a", "title_b", "story_a", "story_b")


def stories_csv(report: ReportData) -> Iterator[str]:
    """One line per article, story after story."""
    return csv_lines(STORY_COLUMNS, story_rows(report))


def pairs_csv(report: ReportData, pairs: Iterable[Pair]) -> Iterator[str]:
    """One line per pair, in the order given."""
    return csv_lines(PAIR_COLUMNS, pair_rows(report, pairs))


def story_rows(report: ReportData) -> Iterator[tuple[Cell, ...]]:
    """`story_values` with numbers of six decimals."""
    return map(_rounded_row, story_values(report))


def pair_rows(report: ReportData, pairs: Iterable[Pair]) -> Iterator[tuple[Cell, ...]]:
    """`pair_values` with numbers of six decimals."""
    return map(_rounded_row, pair_values(report, pairs))


def story_values(report: ReportData) -> Iterator[tuple[Cell, ...]]:
    """The values of `STORY_COLUMNS`, one row per article, story after story; texts as they came.

    The relation is that to the representative of the story; it is missing for the representative itself.
    """
    relations = report.result.relations_to_representatives()
    for story in report.result.stories:
        representative = story.documents[story.representative_index]
        story_title = headline(representative)
        for document, probability in zip(story.documents, story.membership, strict=True):
            article = document.article
            yield (
                story.id,
                article.id,
                document.language,
                title_of(document) or None,
                article.source,
                article.published,
                probability,
                article.id == representative.article.id,
                story.storyline,
                relations.get(article.id),
                article.url,
                len(story),
                story_title,
                article.id in story.roundups,
            )


def pair_values(report: ReportData, pairs: Iterable[Pair]) -> Iterator[tuple[Cell, ...]]:
    """The values of `PAIR_COLUMNS`, one row per pair, in the order given."""
    for pair in pairs:
        ids = (pair.article_a, pair.article_b)
        yield (*(getattr(pair, column) for column in _OF_PAIR), *map(report.title, ids), *map(report.story_id, ids))


def _rounded_row(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(rounded(value) if isinstance(value, float) else value for value in row)


def rounded(value: float) -> float:
    """The value with six decimals; adding 0 turns minus zero into zero."""
    return round(float(value), 6) + 0.0
