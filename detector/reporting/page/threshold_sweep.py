"""How the stories change with the threshold. Each has a real clustering, so what the page shows is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detector.reporting.report_data import (
    ReportedResult,
    is_multilingual,
    multi_article_stories,
    multi_story_storylines,
)

# A clustering takes about half a millisecond per article (measured at 1,000 and 12,000): big batches get few ones.
_FINE = tuple(step / 20 for step in range(4, 20))
_COARSE = (0.3, 0.5, 0.7, 0.9)
_COARSEST = (0.3, 0.6, 0.9)
FINE_UP_TO = 1_000
# Larger batches get the counts at each threshold but not its stories, since each one keeps all its pairs in memory.
STORIES_UP_TO = 3_000


@dataclass(frozen=True, slots=True)
class StoryCounts:
    """The stories of two or more articles at one threshold.

    stories: how many. storylines: those of two or more stories, of any size. across: how many of them in several
    languages. inside: their articles. largest: the size of the largest.
    """

    threshold: float
    stories: int
    storylines: int
    across: int
    inside: int
    largest: int

    @classmethod
    def of(cls, result: ReportedResult) -> StoryCounts:
        """Count the stories of a result."""
        several = multi_article_stories(result)
        return cls(
            threshold=result.threshold,
            stories=len(several),
            storylines=len(multi_story_storylines(result)),
            across=sum(map(is_multilingual, several)),
            inside=sum(map(len, several)),
            largest=max(map(len, several), default=0),
        )


def thresholds(articles: int, own: float) -> tuple[float, ...]:
    """The thresholds shown for a batch of so many articles, in rising order, including the run's own."""
    if not articles:
        return (own,)
    shown = _FINE if articles <= FINE_UP_TO else _COARSE if articles <= STORIES_UP_TO else _COARSEST
    return tuple(sorted({*shown, own}))


def stories_shown(articles: int) -> bool:
    """Whether a page of so many articles has the stories at other thresholds than the run's own."""
    return articles <= STORIES_UP_TO


def swept(result: ReportedResult) -> Iterator[ReportedResult]:
    """The result at each threshold shown, one after another; the result itself at its own, without a new clustering."""
    for threshold in thresholds(len(result.documents), result.threshold):
        yield result if threshold == result.threshold else result.rethreshold(threshold)
