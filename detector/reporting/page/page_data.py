"""What is on the page, chosen and limited; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import Any, Generic, TypeVar

from detector.records import Document, Pair, Rejected, Story
from detector.reporting.page.page_evidence import PageEvidence
from detector.reporting.page.page_tables import PageTables, Relations, headline_articles
from detector.reporting.page.rows import REPORT_ROWS, ThresholdRow, columns
from detector.reporting.page.stories_at_threshold import (
    LEAST_PROBABILITY,
    StoriesAtThreshold,
    near_misses,
    stories_at_threshold,
    strongest_first,
)
from detector.reporting.page.threshold_sweep import StoryCounts, stories_shown, swept
from detector.reporting.phrases import PHRASES, counted, lead
from detector.reporting.report_data import ReportData, multi_article_stories

# The page stays small enough to be mailed and to open in seconds. In bytes: for the headlines of the stories, for their
# other articles, for evidence and for what cleaning dropped; the files beside the page hold the rest.
HEADLINES_SIZE = 7_000_000
ARTICLES_SIZE = 4_000_000
EVIDENCE_SIZE = 3_000_000
DROPPED_SIZE = 500_000
# The evidence of a pair takes about five milliseconds to work out.
PAIRS_WITH_EVIDENCE = 1_000
NEAR_MISSES_WITH_EVIDENCE = 10
REJECTED = 200
# Stories listed for browsers that run no script.
LISTED = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FirstOf(Generic[T]):
    """The first items of many, and how many are left out."""

    items: Sequence[T]
    left: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The batch in numbers; dropped: pieces of text that cleaning removed."""

    articles: int
    languages: frozenset[str]
    sources: int
    dropped: int

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Overview:
        """Count documents, in one pass."""
        count, dropped = 0, 0
        languages, sources = set[str](), set[str]()
        for document in documents:
            count += 1
            dropped += len(document.dropped)
            languages.add(document.language)
            sources.add(document.article.source or "")
        return cls(count, frozenset(languages - {"und"}), len(sources - {""}), dropped)


@dataclass(frozen=True, slots=True)
class PageData:
    """Everything on the page. `report` and `evidence` are for the script, `listed` for a browser that runs none.

    counts: the stories at the threshold of the run. left_out, thresholds_left_out: sentences about what the page has no
    room for: of its stories, and of other thresholds.
    """

    overview: Overview
    counts: ThresholdRow
    rejected: FirstOf[Rejected]
    listed: FirstOf[tuple[Story, Sequence[Document]]]
    left_out: list[str]
    thresholds_left_out: list[str]
    no_story: str
    storyline_threshold: float
    model: str
    profile: str
    report: Mapping[str, Any]
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PagePlan:
    """What the page will show, all but the evidence itself.

    counts: at every threshold. stories: those in the list. explained: the pairs whose evidence is worth showing.
    """

    counts: list[ThresholdRow]
    stories: Sequence[Story]
    stories_at: list[StoriesAtThreshold]
    tables: PageTables
    explained: list[Pair]


def plan_page(report: ReportData) -> PagePlan:
    """Choose what the page shows of a result; the stories at other thresholds are made here, once for each."""
    counts, others = _sweep(report)
    tables = PageTables(report.documents, *_relations(report, others))
    stories = _with_headlines(multi_article_stories(report.result), tables)
    in_full = _with_articles(stories, tables)
    stories_at = [stories_at_threshold(report, stories, in_full, tables)]
    for other in others:
        if tables.size < HEADLINES_SIZE + ARTICLES_SIZE:
            stories_of_other = multi_article_stories(other.result)
            stories_at.append(stories_at_threshold(other, stories_of_other, len(stories_of_other), tables))
    return PagePlan(counts, stories, stories_at, tables, _worth_explaining(report, others, tables))


def page_data(report: ReportData, plan: PagePlan | None = None) -> PageData:
    """The page of a result, with the evidence of the pairs in its plan; None makes the plan first."""
    result = report.result
    plan = plan_page(report) if plan is None else plan
    evidence = _evidence(report, plan.explained, plan.tables)
    return PageData(
        overview=Overview.of(result.documents),
        counts=next(row for row in plan.counts if row.threshold == result.threshold),
        rejected=_first(result.rejected, REJECTED),
        listed=_listed(plan.stories, report.documents),
        left_out=_left_out(report, len(plan.stories), plan.tables, evidence),
        thresholds_left_out=_thresholds_left_out(len(plan.stories_at), len(plan.counts)),
        no_story=PHRASES["no_story"],
        storyline_threshold=result.storyline_threshold,
        model=_name_in_run(result.run, "model"),
        profile=_name_in_run(result.run, "profile"),
        report=_script_data(report, plan),
        evidence=evidence.tables(),
    )


def _script_data(report: ReportData, plan: PagePlan) -> dict[str, Any]:
    """The data of the page's script, all but the evidence; `ReportTables` in templates/report/rows.mjs."""
    return {
        "columns": columns(REPORT_ROWS),
        **plan.tables.tables(),
        "phrases": PHRASES,
        "threshold": report.result.threshold,
        "floor": round(min((pair.storyline_probability for pair in report.result.pairs), default=1.0), 6),
        "thresholds": plan.counts,
        "stories_at": sorted(plan.stories_at, key=lambda at: at["threshold"]),
    }


def _sweep(report: ReportData) -> tuple[list[ThresholdRow], list[ReportData]]:
    """The counts at each threshold, and the data of the thresholds, other than the run's own, with stories to show."""
    counts, others = [], []
    show_stories = stories_shown(len(report.documents))
    for result in swept(report.result):
        counts.append(_row(StoryCounts.of(result), len(report.documents)))
        if show_stories and result is not report.result:
            others.append(ReportData(result))
    return counts, others


def _row(counts: StoryCounts, articles: int) -> ThresholdRow:
    alone = articles - counts.inside
    sentence = lead(counts.stories, counts.across, counts.inside, alone)
    return ThresholdRow(**asdict(counts), alone=alone, lead=sentence)


def _relations(report: ReportData, others: Sequence[ReportData]) -> tuple[Relations, Relations]:
    """The relations of pairs as if they were one story, and as if they were not.

    Those are the relations at the lowest threshold of the page, and at the highest.
    """
    if not others:
        return {}, {}
    results = sorted((data.result for data in (report, *others)), key=lambda result: result.threshold)
    lowest, highest = (
        {(pair.article_a, pair.article_b): pair.relation for pair in result.scored(LEAST_PROBABILITY)}
        for result in (results[0], results[-1])
    )
    return lowest, highest


def _with_headlines(stories: Sequence[Story], tables: PageTables) -> Sequence[Story]:
    """The first stories, as many as there is room for the headlines of; these are added to the tables."""
    for index, story in enumerate(stories):
        if tables.size > HEADLINES_SIZE:
            return stories[:index]
        tables.headlines(story)
    return stories


def _with_articles(stories: Sequence[Story], tables: PageTables) -> int:
    """How many of the first stories there is room for with all articles; these are added to the tables."""
    most = tables.size + ARTICLES_SIZE
    for index, story in enumerate(stories):
        if tables.size > most:
            return index
        tables.story(story, in_full=True)
    return len(stories)


def _worth_explaining(report: ReportData, others: Sequence[ReportData], tables: PageTables) -> list[Pair]:
    """The nearest misses and the strongest links, as many as there is time to explain."""
    wanted = chain(
        near_misses(report)[:NEAR_MISSES_WITH_EVIDENCE], *(strongest_first(data) for data in (report, *others))
    )
    on_page = _without_repetitions(pair for pair in wanted if tables.has_pair(pair))
    return list(islice(on_page, PAIRS_WITH_EVIDENCE))


def _evidence(report: ReportData, pairs: Sequence[Pair], tables: PageTables) -> PageEvidence:
    """The evidence of the pairs, as much as there is room for, and what cleaning dropped."""
    evidence = PageEvidence()
    for pair in pairs:
        if evidence.size > EVIDENCE_SIZE:
            break
        evidence.add_pair(tables.pair(pair), report.evidence(pair))
    most = evidence.size + DROPPED_SIZE
    for id in tables.article_ids:
        if evidence.size > most:
            break
        evidence.add_dropped(tables.article(id), report.documents[id])
    return evidence


def _without_repetitions(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Each pair once, the first time it comes."""
    met = set[tuple[str, str]]()
    for pair in pairs:
        key = (pair.article_a, pair.article_b)
        if key not in met:
            met.add(key)
            yield pair


def _listed(stories: Sequence[Story], documents: Mapping[str, Document]) -> FirstOf[tuple[Story, Sequence[Document]]]:
    """The first stories, each with a few of its articles, its representative first."""
    first = _first(stories, LISTED)
    return FirstOf(
        [(story, [documents[id] for id in headline_articles(story, documents)]) for story in first.items], first.left
    )


def _left_out(report: ReportData, shown: int, tables: PageTables, evidence: PageEvidence) -> list[str]:
    """In sentences, what the page has no room for, and which file has it. shown: how many stories are listed."""
    sentences = []
    stories = sum(len(story) > 1 for story in report.result.stories)
    links = sum(len(report.links(story)) for story in report.result.stories)
    if shown < stories:
        sentences.append(f"The list has the first {shown:,} of {stories:,} stories. All are in stories.csv.")
    if tables.shortened:
        shortened = counted(tables.shortened, "story", "stories")
        sentences.append(f"Of {shortened} only some of the articles are here. All are in stories.csv.")
    if tables.pair_count < links:
        sentences.append(
            f"Of {links:,} links inside stories, {tables.pair_count:,} pairs are listed here. All are in pairs.csv."
        )
    if len(evidence) < min(links, tables.pair_count):
        sentences.append(
            f"Sentences are shown for {counted(len(evidence), 'pair', 'pairs')}, the strongest of each story first. "
            "stories.jsonl has those of the five strongest links of every story."
        )
    return sentences


def _thresholds_left_out(shown: int, thresholds: int) -> list[str]:
    if shown == thresholds:
        return []
    return [
        f"This page has the counts at {thresholds} thresholds, and the stories at {shown} of them. For the stories at "
        "another, run detector report again with --threshold; nothing is encoded again."
    ]


def _first(items: Sequence[T], most: int) -> FirstOf[T]:
    return FirstOf(items[:most], max(0, len(items) - most))


def _name_in_run(run: Mapping[str, object], part: str) -> str:
    """The name of the model or the profile, which the run holds as text or as an entry "name"."""
    value = run.get(part)
    name = value.get("name") if isinstance(value, Mapping) else value
    return str(name) if name else "not recorded"
