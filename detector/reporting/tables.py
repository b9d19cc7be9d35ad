"""stories.csv and pairs.csv: their columns, and the rows that the Parquet files share with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from detector.records import Pair
from detector.reporting.csv_writer import Cell, csv_lines
from detector.reporting.phrases import title_of
from detector.reporting.report_data import ReportData

# Programs rely on these: add columns at the end only, with their values in `story_rows` or as a field of `Pair`, and
# those that are not text in the types of parquet.py.
STORY_COLUMNS = (
    "story_id",
    "article_id",
    "language",
    "title",
    "source",
    "published",
    "probability",
    "representative",
)
PAIR_COLUMNS = (
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
)


def stories_csv(report: ReportData) -> Iterator[str]:
    """One line per article, story after story."""
    return csv_lines(STORY_COLUMNS, story_rows(report))


def pairs_csv(pairs: Iterable[Pair]) -> Iterator[str]:
    """One line per pair, in the order given."""
    return csv_lines(PAIR_COLUMNS, pair_rows(pairs))


def story_rows(report: ReportData) -> Iterator[tuple[Cell, ...]]:
    """The values of `STORY_COLUMNS`, one row per article, story after story; texts as they came."""
    for story in report.result.stories:
        representative = story.representative.id
        for article, probability in zip(story.articles, story.membership, strict=True):
            document = report.documents[article.id]
            yield (
                story.id,
                article.id,
                document.language,
                title_of(document) or None,
                article.source,
                article.published,
                rounded(probability),
                article.id == representative,
            )


def pair_rows(pairs: Iterable[Pair]) -> Iterator[tuple[Cell, ...]]:
    """The values of `PAIR_COLUMNS`, one row per pair, in the order given."""
    for pair in pairs:
        values = (getattr(pair, column) for column in PAIR_COLUMNS)
        yield tuple(rounded(value) if isinstance(value, float) else value for value in values)


def rounded(value: float) -> float:
    """The value with six decimals; adding 0 turns minus zero into zero."""
    return round(float(value), 6) + 0.0
