"""The stories at one threshold, as the page shows them: their places in the catalogue, what is near, what is alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from detector.records import Pair, Relation, Story
from detector.reporting.page.catalogue import Catalogue
from detector.reporting.page.threshold_sweep import FINE_UP_TO
from detector.reporting.report_data import ReportData, told_more_than_once

LINKS = 30_000
LINKS_A_STORY = 200
ALONE = 500
NEAR_MISSES = 50
LEAST = 0.1


def partition(gathered: ReportData, stories: Sequence[Story], whole: int, catalogue: Catalogue) -> dict[str, Any]:
    """The rows of one threshold: `stories` are those of two or more that are shown, `whole` of them with all articles.

    relations: for each story a number with one bit a relation that its links have. links: how many links it has.
    """
    links = [gathered.links(story) for story in stories]
    numbers = [catalogue.story(story, whole=place < whole) for place, story in enumerate(stories)]
    for inside in links:
        for pair in inside[: max(0, min(LINKS_A_STORY, LINKS - catalogue.pairs))]:
            if catalogue.has(pair.article_a) and catalogue.has(pair.article_b):
                catalogue.pair(pair)
    alone = [story.representative.id for story in gathered.result.stories if len(story) == 1]
    nearest = _nearest(_considered(gathered), alone[:ALONE])
    near = near_misses(gathered)
    return {
        "threshold": gathered.result.threshold,
        "stories": numbers,
        "relations": [_relations(inside) for inside in links],
        "links": list(map(len, links)),
        "alone": [
            [catalogue.article(id), catalogue.pair(nearest[id]) if id in nearest else -1] for id in alone[:ALONE]
        ],
        "alone_in_all": len(alone),
        "near": [catalogue.pair(pair) for pair in near[:NEAR_MISSES]],
        "near_in_all": len(near),
    }


def near_misses(gathered: ReportData) -> list[Pair]:
    """The pairs that stand in different stories, the most probable first."""
    return [pair for pair in _considered(gathered) if not gathered.joined(pair)]


def _considered(gathered: ReportData) -> Sequence[Pair]:
    """The pairs above the reporting floor; in a small batch, those somewhat under it are worth a look too."""
    result = gathered.result
    return result.scored(LEAST) if len(gathered.documents) <= FINE_UP_TO else result.pairs


def strongest_first(gathered: ReportData) -> Iterator[Pair]:
    """The links of all stories in rounds: the strongest of each story, those across languages first; then the next."""
    waiting = [_across_first(gathered.links(story)) for story in told_more_than_once(gathered.result)]
    while waiting:
        yield from (links[0] for links in waiting if links)
        waiting = [links[1:] for links in waiting if len(links) > 1]


def _across_first(links: Sequence[Pair]) -> list[Pair]:
    return sorted(links, key=lambda pair: pair.language_a == pair.language_b)


def _nearest(pairs: Sequence[Pair], ids: Sequence[str]) -> dict[str, Pair]:
    """The most probable pair of each article that is in any."""
    wanted, found = set(ids), dict[str, Pair]()
    for pair in pairs:
        for id in wanted.intersection((pair.article_a, pair.article_b)):
            found.setdefault(id, pair)
    return found


def _relations(links: Sequence[Pair]) -> int:
    return sum(1 << Relation(name).code for name in {pair.relation for pair in links})
