"""The stories at one threshold, as the page shows them, with the pairs just outside them and the articles in none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from detector.records import Pair, Relation, Story, Storyline
from detector.reporting.page.page_tables import PageTables
from detector.reporting.page.rows import NONE, AloneRow, Index, StorylineRow
from detector.reporting.page.threshold_sweep import FINE_UP_TO
from detector.reporting.phrases import date, earliest
from detector.reporting.report_data import ReportData, multi_article_stories, multi_story_storylines

LINKS = 30_000
LINKS_PER_STORY = 200
ALONE = 500
NEAR_MISSES = 50
STORYLINES = 200
STORIES_PER_STORYLINE = 40
# In a small batch, pairs from this probability on can be near misses too.
LEAST_PROBABILITY = 0.1


class StoriesAtThreshold(TypedDict):
    """What the page shows at one threshold. Stories, relations, near misses: indexes into the tables of those names.

    storylines: those of two or more stories, the largest first. relations, links: for each story the relations that its
    links have, and how many links it has. near: the near misses. alone_in_all, near_in_all, storylines_in_all: how many
    there are, shown or not.
    """

    threshold: float
    stories: list[Index]
    relations: list[list[Index]]
    links: list[int]
    storylines: list[StorylineRow]
    storylines_in_all: int
    alone: list[AloneRow]
    alone_in_all: int
    near: list[Index]
    near_in_all: int


def stories_at_threshold(
    report: ReportData, stories: Sequence[Story], in_full: int, tables: PageTables
) -> StoriesAtThreshold:
    """Add to the tables what the page shows at the threshold of a result.

    stories: those of two or more articles that are shown, the first `in_full` of them with all their articles.
    """
    links = [report.links(story) for story in stories]
    indexes = [tables.story(story, in_full=position < in_full) for position, story in enumerate(stories)]
    for links_of_story in links:
        _add_links(links_of_story, tables)
    alone = [story.representative.id for story in report.result.stories if len(story) == 1]
    nearest = _most_probable_pairs(_considered(report), alone[:ALONE])
    near = near_misses(report)
    storylines = multi_story_storylines(report.result)
    index_of = {story.id: index for story, index in zip(stories, indexes, strict=True)}
    return {
        "threshold": report.result.threshold,
        "stories": indexes,
        "relations": [_relations(links_of_story) for links_of_story in links],
        "links": list(map(len, links)),
        "storylines": [_storyline_row(storyline, index_of, tables) for storyline in storylines[:STORYLINES]],
        "storylines_in_all": len(storylines),
        "alone": [
            AloneRow(tables.article(id), tables.pair(nearest[id]) if id in nearest else NONE) for id in alone[:ALONE]
        ],
        "alone_in_all": len(alone),
        "near": [tables.pair(pair) for pair in near[:NEAR_MISSES]],
        "near_in_all": len(near),
    }


def near_misses(report: ReportData) -> list[Pair]:
    """The pairs whose articles are in different stories, the most probable first."""
    return [pair for pair in _considered(report) if not report.joined(pair)]


def strongest_first(report: ReportData) -> Iterator[Pair]:
    """The links of all stories in rounds: first the strongest of each story, then the next of each, and so on.

    In a story, links between two languages come before those in one language.
    """
    waiting = [_across_first(report.links(story)) for story in multi_article_stories(report.result)]
    while waiting:
        yield from (links[0] for links in waiting if links)
        waiting = [links[1:] for links in waiting if len(links) > 1]


def _add_links(links: Sequence[Pair], tables: PageTables) -> None:
    """Add the strongest links of a story whose articles are on the page, as long as there is room."""
    for pair in links[: max(0, min(LINKS_PER_STORY, LINKS - tables.pair_count))]:
        if tables.has_article(pair.article_a) and tables.has_article(pair.article_b):
            tables.pair(pair)


def _considered(report: ReportData) -> Sequence[Pair]:
    """The pairs above the reporting floor; in a small batch, also those a little under it."""
    result = report.result
    return result.scored(LEAST_PROBABILITY) if len(report.documents) <= FINE_UP_TO else result.pairs


def _storyline_row(storyline: Storyline, index_of: Mapping[str, Index], tables: PageTables) -> StorylineRow:
    shown = storyline.stories[:STORIES_PER_STORYLINE]
    return StorylineRow(
        heads=[tables.article(story.representative.id) for story in shown],
        stories=[index_of.get(story.id, NONE) for story in shown],
        days=[date(earliest(article.published for article in story.articles)) for story in shown],
        size=len(storyline),
        articles=len(storyline.article_ids),
    )


def _across_first(links: Sequence[Pair]) -> list[Pair]:
    return sorted(links, key=lambda pair: pair.language_a == pair.language_b)


def _most_probable_pairs(pairs: Sequence[Pair], ids: Sequence[str]) -> dict[str, Pair]:
    """By article id, the most probable pair that it is in; articles in no pair are missing."""
    wanted, nearest = set(ids), dict[str, Pair]()
    for pair in pairs:
        for id in wanted.intersection((pair.article_a, pair.article_b)):
            nearest.setdefault(id, pair)
    return nearest


def _relations(links: Sequence[Pair]) -> list[Index]:
    return sorted({Relation(pair.relation).code for pair in links})
