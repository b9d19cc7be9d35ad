"""What stands on the page, picked and bounded: the template only lays it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeAlias, TypeVar

from detector.records import Aligned, Document, Dropped, Evidence, Pair, Rejected, Story
from detector.reporting.reported import Gathered, crosses_languages, told_more_than_once
from detector.reporting.words import line, moment, span

# The page stays small enough to open on a phone; the tables beside it hold the rest.
STORIES = 500
ARTICLES_A_STORY = 50
LINKS_A_STORY = 30
EVIDENCE_A_STORY = 3
ALIGNED_A_LINK = 10
SENTENCES_ON_ONE_SIDE = 6
DROPPED_AN_ARTICLE = 10
ALONE = 500
NEAR_MISSES = 20
REJECTED = 200

_NO_DATE = datetime.max.replace(tzinfo=UTC)

T = TypeVar("T")
Segments: TypeAlias = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """The first items of many, and how many are left out."""

    items: Sequence[T]
    left: int


@dataclass(frozen=True, slots=True)
class AlignedView:
    """Two aligned sentences in segments, the shared names and numbers marked; and the numbers of one side only."""

    segments_a: Segments
    segments_b: Segments
    cosine: float
    numbers_a: tuple[str, ...]
    numbers_b: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The evidence of one link."""

    pair: Pair
    aligned: Shown[AlignedView]
    only_a: Shown[str]
    only_b: Shown[str]
    shared_numbers: tuple[str, ...]
    shared_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story of two or more; `places` numbers its articles from 1 in the order of publication."""

    story: Story
    representative: Document
    documents: Shown[Document]
    places: Mapping[str, int]
    membership: Mapping[str, float]
    sources: tuple[str, ...]
    span: str
    links: Shown[Pair]
    pairs_inside: int
    evidence: tuple[EvidenceView, ...]
    dropped: tuple[tuple[Document, Shown[Dropped]], ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page."""

    articles: int
    languages: frozenset[str]
    told_more_than_once: int
    across_languages: int
    stories: Shown[StoryView]
    alone: Shown[tuple[Document, Pair | None, Document | None]]
    near_misses: Shown[tuple[Pair, Document, Document]]
    rejected: Shown[Rejected]
    model: str
    profile: str
    threshold: float


def page_view(gathered: Gathered) -> PageView:
    """Pick what the page shows of a result."""
    result = gathered.result
    several = told_more_than_once(result)
    first = _first(several, STORIES)
    return PageView(
        articles=len(result.documents),
        languages=frozenset(document.language for document in result.documents) - {"und"},
        told_more_than_once=len(several),
        across_languages=sum(map(crosses_languages, several)),
        stories=Shown([_story_view(story, gathered) for story in first.items], first.left),
        alone=_alone(gathered),
        near_misses=_near_misses(gathered),
        rejected=_first(result.rejected, REJECTED),
        model=_named(result.run, "model"),
        profile=_named(result.run, "profile"),
        threshold=result.threshold,
    )


def _first(items: Sequence[T], most: int) -> Shown[T]:
    return Shown(items[:most], max(0, len(items) - most))


def _named(run: Mapping[str, object], part: str) -> str:
    """The name of the model or the profile, written as text or as an entry "name"."""
    value = run.get(part)
    name = value.get("name") if isinstance(value, Mapping) else value
    return str(name) if name else "not recorded"


def _story_view(story: Story, gathered: Gathered) -> StoryView:
    documents = sorted(
        (gathered.documents[article.id] for article in story.articles),
        key=lambda document: (moment(document.article.published) or _NO_DATE, document.article.id),
    )
    links = gathered.links(story)
    shown = _first(documents, ARTICLES_A_STORY)
    return StoryView(
        story=story,
        representative=gathered.documents[story.representative.id],
        documents=shown,
        places={document.article.id: place for place, document in enumerate(documents, 1)},
        membership=dict(zip((article.id for article in story.articles), story.membership, strict=True)),
        sources=tuple(sorted({line(article.source, 60) for article in story.articles if article.source})),
        span=span(article.published for article in story.articles),
        links=_first(links, LINKS_A_STORY),
        pairs_inside=len(story) * (len(story) - 1) // 2,
        evidence=tuple(evidence_view(pair, gathered.evidence(pair)) for pair in links[:EVIDENCE_A_STORY]),
        dropped=tuple(
            (document, _first(document.dropped, DROPPED_AN_ARTICLE)) for document in shown.items if document.dropped
        ),
    )


def evidence_view(pair: Pair, evidence: Evidence) -> EvidenceView:
    """The strongest aligned sentences in reading order, those whose numbers disagree among them for certain."""
    differ: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for place, only_a, only_b in evidence.disagreements:
        before = differ.get(place, ((), ()))
        differ[place] = (before[0] + only_a, before[1] + only_b)
    ranked = sorted(enumerate(evidence.aligned), key=lambda item: (item[0] not in differ, -item[1].cosine, item[0]))
    kept = sorted(ranked[:ALIGNED_A_LINK])
    rows = [_aligned_view(aligned, evidence, *differ.get(place, ((), ()))) for place, aligned in kept]
    return EvidenceView(
        pair=pair,
        aligned=Shown(rows, len(evidence.aligned) - len(rows)),
        only_a=_first(evidence.only_a, SENTENCES_ON_ONE_SIDE),
        only_b=_first(evidence.only_b, SENTENCES_ON_ONE_SIDE),
        shared_numbers=evidence.shared_numbers,
        shared_names=tuple(a if a == b else f"{a} = {b}" for a, b in evidence.shared_names),
    )


def _aligned_view(
    aligned: Aligned, evidence: Evidence, numbers_a: tuple[str, ...], numbers_b: tuple[str, ...]
) -> AlignedView:
    return AlignedView(
        segments_a=marked(aligned.text_a, (*evidence.shared_numbers, *(name for name, _ in evidence.shared_names))),
        segments_b=marked(aligned.text_b, (*evidence.shared_numbers, *(name for _, name in evidence.shared_names))),
        cosine=aligned.cosine,
        numbers_a=numbers_a,
        numbers_b=numbers_b,
    )


def marked(text: str, shared: Iterable[str]) -> Segments:
    """The text cut into segments, those that are a shared name or number told apart by True."""
    patterns = [_whole(word) for word in sorted(set(shared), key=lambda word: (-len(word), word)) if word.strip()]
    if not patterns:
        return ((text, False),)
    pieces = re.split(f"({'|'.join(patterns)})", text)
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece)


def _whole(word: str) -> str:
    """A number must not stand inside a longer one, nor a name start inside a word where the script has capitals."""
    escaped = re.escape(word)
    if word[0].isdigit():
        return rf"(?<![\d]){escaped}(?!\d)"
    return rf"(?<!\w){escaped}" if word[0].isupper() else escaped


def _alone(gathered: Gathered) -> Shown[tuple[Document, Pair | None, Document | None]]:
    """The articles of stories of one, each with the most probable pair it is in."""
    nearest: dict[str, Pair] = {}
    for pair in gathered.result.pairs:
        nearest.setdefault(pair.article_a, pair)
        nearest.setdefault(pair.article_b, pair)
    alone = [story.representative.id for story in gathered.result.stories if len(story) == 1]
    shown = _first(alone, ALONE)
    return Shown([_with_nearest(id_, nearest.get(id_), gathered) for id_ in shown.items], shown.left)


def _with_nearest(id_: str, pair: Pair | None, gathered: Gathered) -> tuple[Document, Pair | None, Document | None]:
    if pair is None:
        return gathered.documents[id_], None, None
    other = pair.article_b if pair.article_a == id_ else pair.article_a
    return gathered.documents[id_], pair, gathered.documents[other]


def _near_misses(gathered: Gathered) -> Shown[tuple[Pair, Document, Document]]:
    """The most probable pairs that clustering left in different stories."""
    apart = _first([pair for pair in gathered.result.pairs if not gathered.joined(pair)], NEAR_MISSES)
    documents = gathered.documents
    return Shown([(pair, documents[pair.article_a], documents[pair.article_b]) for pair in apart.items], apart.left)
