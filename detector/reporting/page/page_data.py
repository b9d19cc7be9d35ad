"""What stands on the page, picked and bounded; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import chain, islice
from typing import Any, Generic, TypeVar

from detector.records import Document, Pair, Rejected, Story
from detector.reporting.page.catalogue import Catalogue, front
from detector.reporting.page.page_evidence import Explained
from detector.reporting.page.partition import near_misses, partition, strongest_first
from detector.reporting.page.threshold_sweep import Step, stories_shown, swept
from detector.reporting.phrases import VERDICTS, counted
from detector.reporting.report_data import ReportData, told_more_than_once

# The page stays small enough to be mailed and to open in seconds. In bytes: for the headlines of the stories, for their
# other articles, for evidence and for what was dropped; the files beside the page hold the rest.
HEADLINES_ROOM = 7_000_000
ARTICLES_ROOM = 4_000_000
EVIDENCE_ROOM = 3_000_000
DROPPED_ROOM = 500_000
# An explanation takes some five milliseconds to work out.
EXPLAINED = 1_000
NEAR_MISSES_EXPLAINED = 10
REJECTED = 200
# Stories that are listed where no script runs.
LISTED = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """The first items of many, and how many are left out."""

    items: Sequence[T]
    left: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole batch in numbers; dropped: pieces of text that cleaning took away."""

    articles: int
    languages: frozenset[str]
    sources: int
    dropped: int

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Overview:
        count, dropped = 0, 0
        languages, sources = set[str](), set[str]()
        for document in documents:
            count += 1
            dropped += len(document.dropped)
            languages.add(document.language)
            sources.add(document.article.source or "")
        return cls(count, frozenset(languages - {"und"}), len(sources - {""}), dropped)


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page. `report` and `evidence` are its data for the script, `listed` for a browser that runs none.

    left_out, steps_left_out: in sentences, what the page has no room for, of its stories and of other thresholds.
    """

    overview: Overview
    step: Step
    threshold: float
    rejected: Shown[Rejected]
    listed: Shown[tuple[Story, Sequence[Document]]]
    left_out: list[str]
    steps_left_out: list[str]
    model: str
    profile: str
    report: Mapping[str, Any]
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PagePlan:
    """What the page will show: stories at this and other thresholds, and the pairs whose evidence is worth showing."""

    steps: list[Step]
    shown: Sequence[Story]
    partitions: list[dict[str, Any]]
    catalogue: Catalogue
    explained: list[Pair]


def plan_page(gathered: ReportData) -> PagePlan:
    """Pick what the page shows of a result, all but the evidence itself."""
    several = told_more_than_once(gathered.result)
    steps, others = _swept(gathered)
    catalogue = Catalogue(gathered.documents, _relations(others))
    shown = _headed(several, catalogue)
    whole = _whole(shown, catalogue)
    partitions = [partition(gathered, shown, whole, catalogue)]
    for step in others:
        if catalogue.room < HEADLINES_ROOM + ARTICLES_ROOM:
            stories = told_more_than_once(step.result)
            partitions.append(partition(step, stories, len(stories), catalogue))
    return PagePlan(steps, shown, partitions, catalogue, _worth_explaining(gathered, others, catalogue))


def page_view(gathered: ReportData, plan: PagePlan | None = None) -> PageView:
    """The page of a result, with the evidence of the pairs in its plan; None makes the plan first."""
    result = gathered.result
    plan = plan_page(gathered) if plan is None else plan
    steps, shown, partitions, catalogue = plan.steps, plan.shown, plan.partitions, plan.catalogue
    explained = _explained(gathered, plan.explained, catalogue)
    report = {
        **catalogue.rows(),
        "threshold": result.threshold,
        "floor": round(min((pair.probability for pair in result.pairs), default=1.0), 6),
        "verdicts": VERDICTS,
        "sweep": [astuple(step) for step in steps],
        "partitions": sorted(partitions, key=lambda step: step["threshold"]),
    }
    return PageView(
        overview=Overview.of(result.documents),
        step=Step.of(result),
        threshold=result.threshold,
        rejected=_first(result.rejected, REJECTED),
        listed=_listed(shown, gathered.documents),
        left_out=_left_out(gathered, shown, catalogue, explained),
        steps_left_out=_steps_left_out(len(partitions), len(steps)),
        model=_named(result.run, "model"),
        profile=_named(result.run, "profile"),
        report=report,
        evidence=explained.rows(),
    )


def _swept(gathered: ReportData) -> tuple[list[Step], list[ReportData]]:
    """The numbers of each threshold, and of those other than the run's own what the page shows of their stories."""
    steps, others = [], []
    shown = stories_shown(len(gathered.documents))
    for result in swept(gathered.result):
        steps.append(Step.of(result))
        if shown and result is not gathered.result:
            others.append(ReportData(result))
    return steps, others


def _relations(others: Sequence[ReportData]) -> dict[tuple[str, str], str]:
    """What the pairs are, were they one story: as the lowest threshold names them."""
    if not others:
        return {}
    lowest = min((step.result for step in others), key=lambda result: result.threshold)
    return {(pair.article_a, pair.article_b): pair.relation for pair in lowest.pairs}


def _headed(stories: Sequence[Story], catalogue: Catalogue) -> Sequence[Story]:
    """The first stories, as many as there is room for their headlines."""
    for place, story in enumerate(stories):
        if catalogue.room > HEADLINES_ROOM:
            return stories[:place]
        catalogue.head(story)
    return stories


def _whole(stories: Sequence[Story], catalogue: Catalogue) -> int:
    """How many of the stories, the first ones, there is room for with all their articles."""
    most = catalogue.room + ARTICLES_ROOM
    for place, story in enumerate(stories):
        if catalogue.room > most:
            return place
        catalogue.story(story, whole=True)
    return len(stories)


def _worth_explaining(gathered: ReportData, others: Sequence[ReportData], catalogue: Catalogue) -> list[Pair]:
    """The nearest misses and the strongest links, as many as there is time to explain."""
    wanted = chain(
        near_misses(gathered)[:NEAR_MISSES_EXPLAINED], *(strongest_first(step) for step in (gathered, *others))
    )
    return list(islice(_each_once(pair for pair in wanted if catalogue.has_pair(pair)), EXPLAINED))


def _explained(gathered: ReportData, pairs: Sequence[Pair], catalogue: Catalogue) -> Explained:
    """The evidence of the pairs, as much of it as there is room for, and what cleaning dropped."""
    explained = Explained()
    for pair in pairs:
        if explained.room > EVIDENCE_ROOM:
            break
        explained.link(catalogue.pair(pair), gathered.evidence(pair))
    most = explained.room + DROPPED_ROOM
    for id in catalogue.articles:
        if explained.room > most:
            break
        explained.dropped(catalogue.article(id), gathered.documents[id])
    return explained


def _each_once(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs without those that came before."""
    met = set[tuple[str, str]]()
    for pair in pairs:
        key = (pair.article_a, pair.article_b)
        if key not in met:
            met.add(key)
            yield pair


def _listed(stories: Sequence[Story], documents: Mapping[str, Document]) -> Shown[tuple[Story, Sequence[Document]]]:
    """The first stories, each with a few of its articles, its representative first."""
    first = _first(stories, LISTED)
    return Shown([(story, [documents[id] for id in front(story, documents)]) for story in first.items], first.left)


def _left_out(gathered: ReportData, shown: Sequence[Story], catalogue: Catalogue, explained: Explained) -> list[str]:
    """In sentences, what the page has no room for, and where it stands."""
    said = []
    stories = sum(len(story) > 1 for story in gathered.result.stories)
    links = sum(len(gathered.links(story)) for story in gathered.result.stories)
    if len(shown) < stories:
        said.append(f"The list holds the first {len(shown):,} of {stories:,} stories. All are in stories.csv.")
    if shortened := catalogue.shortened():
        said.append(
            f"Of {counted(shortened, 'story', 'stories')} only some of the articles are here. All are in stories.csv."
        )
    if catalogue.pairs < links:
        said.append(
            f"Of {links:,} links inside stories, {catalogue.pairs:,} pairs are listed here. All are in pairs.csv."
        )
    if len(explained) < min(links, catalogue.pairs):
        said.append(
            f"{counted(len(explained), 'pair has its', 'pairs have their')} sentences here, the strongest of each "
            "story first. stories.jsonl has those of the five strongest links of every story."
        )
    return said


def _steps_left_out(shown: int, steps: int) -> list[str]:
    if shown == steps:
        return []
    return [
        f"The numbers of {steps} thresholds are here, the stories of {shown}. For those of another, run "
        "detector report again with --threshold; nothing is encoded again."
    ]


def _first(items: Sequence[T], most: int) -> Shown[T]:
    return Shown(items[:most], max(0, len(items) - most))


def _named(run: Mapping[str, object], part: str) -> str:
    """The name of the model or the profile, written as text or as an entry "name"."""
    value = run.get(part)
    name = value.get("name") if isinstance(value, Mapping) else value
    return str(name) if name else "not recorded"
