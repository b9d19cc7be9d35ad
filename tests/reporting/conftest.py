"""A detection result made by hand: one story in four languages, one in one language, articles alone, hostile texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest

from detector.records import (
    Aligned,
    Article,
    Disagreement,
    Document,
    Dropped,
    Evidence,
    Pair,
    Rejected,
    Relation,
    Story,
    Storyline,
)


@dataclass
class HandmadeResult:
    """What the report stage reads of a detection result."""

    documents: Sequence[Document]
    stories: Sequence[Story]
    candidates: Sequence[Pair]
    evidence: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)
    rejected: Sequence[Rejected] = ()
    threshold: float = 0.5
    storyline_threshold: float = 0.4
    storylines: Sequence[Storyline] = field(init=False)
    floor: float = 0.1
    run: Mapping[str, Any] = field(default_factory=lambda: {"model": "some-model", "profile": "some-profile"})

    def __post_init__(self) -> None:
        """Stories are one storyline if a chain of pairs connects them."""
        group_of = {story.id: [story] for story in self.stories}
        story_of = {id: story.id for story in self.stories for id in story.article_ids}
        for link in self.scored(self.storyline_threshold):
            first, second = (group_of[story_of[id]] for id in (link.article_a, link.article_b))
            if first is not second and link.relation != "same form":
                first.extend(second)
                group_of.update((story.id, first) for story in second)
        groups = [
            sorted(each, key=len, reverse=True) for each in {id(each): each for each in group_of.values()}.values()
        ]
        named = [[replace(story, storyline=f"sl-{group[0].id}") for story in group] for group in groups]
        self.storylines = [Storyline(group[0].storyline, tuple(group), 0.75) for group in named]
        by_id = {story.id: story for group in named for story in group}
        self.stories = [by_id[story.id] for story in self.stories]

    @property
    def pairs(self) -> Sequence[Pair]:
        return self.scored(self.floor)

    def scored(self, minimum_probability: float) -> Sequence[Pair]:
        return [pair for pair in self.candidates if pair.storyline_probability >= minimum_probability]

    def relations_to_representatives(self) -> Mapping[str, Relation]:
        relations = {(pair.article_a, pair.article_b): pair.relation for pair in self.candidates}
        return {
            id: Relation(relations.get((min(id, chosen), max(id, chosen)), "different"))
            for story in self.stories
            for id, chosen in zip(story.article_ids, [story.representative.id] * len(story), strict=True)
            if id != chosen
        }

    def explain(self, article_a: str, article_b: str, *, clauses: bool = True) -> Evidence:
        return self.evidence.get((article_a, article_b), Evidence((), (), (), (), (), ()))

    def rethreshold(self, threshold: float) -> HandmadeResult:
        """Articles are one story if a chain of pairs at or above the threshold connects them."""
        group_of = {document.article.id: [document] for document in self.documents}
        for link in self.candidates:
            if link.probability < threshold:
                continue
            first, second = group_of[link.article_a], group_of[link.article_b]
            if first is not second:
                first.extend(second)
                group_of.update((document.article.id, first) for document in second)
        groups = sorted({id(group): group for group in group_of.values()}.values(), key=len, reverse=True)
        stories = [story(*sorted(group, key=lambda document: document.article.id)) for group in groups]
        return replace(self, stories=stories, threshold=threshold)


def document(id_: str, language: str, *sentences: str, **fields: Any) -> Document:
    dropped = fields.pop("dropped", ())
    titled = fields.pop("titled", True)
    article = Article(id=id_, text="\n".join(sentences), **fields)
    return Document(article, language, 0.99, sentences, titled, dropped)


def story(*documents: Document, strength: float = 1.0, weakest: float = 1.0, roundups: tuple[str, ...] = ()) -> Story:
    ids = tuple(document.article.id for document in documents)
    languages = tuple(sorted({document.language for document in documents}))
    membership = tuple(strength for _ in ids)
    return Story(f"s-{ids[0]}", documents, ids, languages, strength, weakest, 0, membership, roundups)


def pair(a: Document, b: Document, probability: float, **fields: Any) -> Pair:
    known = {"similarity": 0.8, "cosine": 0.7, "coverage_a": 0.6, "coverage_b": 0.5, "relation": "same story"}
    known["storyline_probability"] = probability
    languages = {"language_a": a.language, "language_b": b.language}
    return Pair(a.article.id, b.article.id, probability, **{**known, **languages, **fields})


def _handmade() -> HandmadeResult:
    arabic = document(
        "summit-ar.txt",
        "ar",
        "قمة المناخ تختتم أعمالها باتفاق على 300 مليار دولار",
        "اتفقت الدول على تمويل سنوي قدره 300 مليار دولار بحلول عام 2035.",
        published="2024-11-24T09:00:00Z",
        source="الخليج",
        url="https://example.org/ar/qimma?x=1&y=2",
    )
    english = document(
        "summit-en.txt",
        "en",
        "Climate summit ends with deal on $300 billion",
        "Rich countries will pay 300 billion dollars a year by 2035, the summit in Baku agreed.",
        "Talks ran 33 hours over.",
        title="Climate summit ends with deal on $300 billion",
        published="2024-11-24T04:10:00Z",
        source="The Morning Paper",
        url="https://example.org/climate",
        dropped=(Dropped("Read more: five charts on the climate", "link to another article"),),
    )
    italian = document(
        "summit-it.txt",
        "it",
        "Clima, chiuso il vertice di Baku: 300 miliardi l'anno",
        "I Paesi ricchi verseranno 300 miliardi di dollari l'anno entro il 2035, ha deciso il vertice di Baku.",
        "Il negoziato è durato 35 ore oltre il termine.",
        "L'Italia era rappresentata dal ministro dell'Ambiente.",
        published="2024-11-24",
        source="Il Giornale del Mattino",
        url="javascript:alert(1)",
    )
    vietnamese = document(
        "summit-vi.txt",
        "vi",
        "Hội nghị khí hậu kết thúc với thỏa thuận 300 tỷ USD",
        "Các nước giàu sẽ chi 300 tỷ USD mỗi năm đến năm 2035.",
        source="Báo Sáng",
    )
    flood_a = document("flood-a.txt", "en", "River floods old town", "The river rose 4 metres.", published="2024-10-01")
    flood_b = document("flood-b.txt", "en", "Old town under water", "The river rose 4 metres.", published="2024-10-02")
    lone = document("lone.txt", "ja", "新しい図書館が開館", "市は新しい図書館を開いた。")
    far = document("no-date.txt", "und", "…", titled=False)
    documents = [flood_a, flood_b, lone, far, arabic, english, italian, vietnamese]
    return HandmadeResult(
        documents=documents,
        stories=[
            story(arabic, english, italian, vietnamese, strength=0.94, weakest=0.81),
            story(flood_a, flood_b, strength=0.9992, weakest=0.9992),
            story(lone),
            story(far),
        ],
        candidates=[
            pair(flood_a, flood_b, 0.9992, relation="copy", coverage_a=1.0, coverage_b=1.0, days_apart=1.0),
            pair(english, italian, 0.985, relation="partial reuse", days_apart=-0.17),
            pair(arabic, english, 0.97, relation="translation", days_apart=0.2),
            pair(english, vietnamese, 0.93),
            pair(arabic, italian, 0.9),
            pair(italian, vietnamese, 0.81),
            pair(lone, english, 0.2, relation="follow-up", storyline_probability=0.7),
            pair(flood_a, vietnamese, 0.02, relation="different"),
        ],
        evidence={
            ("summit-en.txt", "summit-it.txt"): Evidence(
                aligned=(
                    Aligned(1, 1, english.sentences[1], italian.sentences[1], 0.91),
                    Aligned(2, 2, english.sentences[2], italian.sentences[2], 0.74),
                ),
                only_a=(),
                only_b=(italian.sentences[3],),
                shared_numbers=("300", "2035"),
                shared_names=(("Baku", "Baku"),),
                disagreements=(Disagreement(1, ("33",), ("35",)),),
                shares={"base": -2.0, "cosine": 4.5, "numbers": 1.25},
            ),
            ("summit-ar.txt", "summit-en.txt"): Evidence(
                aligned=(Aligned(1, 1, arabic.sentences[1], english.sentences[1], 0.88),),
                only_a=(),
                only_b=(english.sentences[2],),
                shared_numbers=("300", "2035"),
                shared_names=(),
                disagreements=(),
            ),
        },
        rejected=(
            Rejected("in/broken.jsonl", "not valid JSON: the line ends early", 7),
            Rejected("in/x.bin", "no text"),
        ),
    )


HOSTILE_TEXTS = (
    "</script><script>alert(1)</script>",
    "<img src=https://evil.example/x onerror=alert(1)>",
    "{{7*7}} {% raw %} ${7*7}",
    "\u202egnp.exe\u202c \u2066over\u2069",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m \x00\x08 \x9b2J",
    "lone \ud800 surrogate",
    "[bold red]markup[/] [link=https://evil.example]x[/link]",
    '" onmouseover="alert(1)',
)


def _hostile() -> HandmadeResult:
    """Two stories of the hostile texts, each text in every field of an article."""
    documents = [
        document(
            text, "en", text, text, title=text, source=text, published=text, url=url, dropped=(Dropped(text, text),)
        )
        for text, url in zip(
            sorted(HOSTILE_TEXTS),
            (
                "javascript:alert(1)",
                "JaVaScRiPt:alert(1)",
                "data:text/html,x",
                ' https://x" onclick="y',
                "//evil.example",
            )
            * 2,
            strict=True,
        )
    ]
    joined, alone = documents[:-2], documents[-2:]
    names = [document.article.id for document in joined]
    evidence = Evidence(
        aligned=tuple(Aligned(index, index, text, text, 0.9) for index, text in enumerate(names)),
        only_a=tuple(names),
        only_b=tuple(names),
        shared_numbers=tuple(names),
        shared_names=tuple((name, name) for name in names),
        disagreements=(Disagreement(0, tuple(names), tuple(names)),),
        shares=dict.fromkeys(names, 0.5),
    )
    pairs = [pair(a, b, 0.9, relation="same story") for a, b in pairwise(joined)]
    near = [pair(alone[0], alone[1], 0.3)]
    return HandmadeResult(
        documents=documents,
        stories=[story(*joined, strength=0.9, weakest=0.9), *map(story, alone)],
        candidates=pairs + near,
        evidence={(link.article_a, link.article_b): evidence for link in pairs},
        rejected=[Rejected(text, text, 1, text) for text in HOSTILE_TEXTS],
        run={"model": HOSTILE_TEXTS[0], "profile": {"name": HOSTILE_TEXTS[1]}},
    )


@pytest.fixture
def result() -> HandmadeResult:
    return _handmade()


@pytest.fixture
def hostile() -> HandmadeResult:
    return _hostile()


@pytest.fixture
def hostile_texts() -> tuple[str, ...]:
    return HOSTILE_TEXTS


@pytest.fixture
def make_result() -> Callable[..., HandmadeResult]:
    return HandmadeResult


@pytest.fixture
def make_document() -> Callable[..., Document]:
    return document


@pytest.fixture
def make_story() -> Callable[..., Story]:
    return story


@pytest.fixture
def make_pair() -> Callable[..., Pair]:
    return pair
