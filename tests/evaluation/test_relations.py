"""Pairs whose relation is known, made from labelled articles, and what is said of them."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from detector.encoding.encoder import SentenceTransformerEncoder
from detector.evaluation.labelled import Labelled, read_labelled
from detector.evaluation.relations import (
    SHARED_WORDING,
    KnownPair,
    figures_of,
    graded_pairs,
    known_pairs,
    named,
    shared_wording,
)
from detector.fitting.relation_cuts import fit_cuts
from detector.pairs.features import FEATURES, PairFeatures
from detector.pairs.relations import relation_codes
from detector.profile import load_profile
from detector.reading.mapping.given_pairs import GivenPair
from detector.records import Article, Pair, Relation
from tests.benchmarks.readme import relations as readme_table

LINES = {
    "en": "The {0} of the {1} was closed by the {2} after {3} days of heavy rain.",
    "it": "Il {0} del {1} è stato chiuso dal {2} dopo {3} giorni di forti piogge.",
}
WORDS = [
    "port", "bridge", "museum", "market", "theatre", "tunnel", "stadium", "hospital", "mayor", "minister", "judge",
    "council", "army", "union",
]  # fmt: skip


def report(story: int, language: str, teller: int = 0) -> str:
    """Ten lines on a story; each teller has its own words for it."""
    chooser = random.Random(100 * story + teller)
    lines = [LINES[language].format(*chooser.sample(WORDS, 3), chooser.randint(2, 90)) for _ in range(10)]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Labelled:
    """Six stories, each told by two, the first of them in two languages."""
    rows = [
        {"id": f"{story}{name}", "story": f"s{story}", "document": f"{story}{name[0]}", "lang": language, "text": text}
        for story in range(6)
        for name, language, text in (
            ("a-en", "en", report(story, "en")),
            ("a-it", "it", report(story, "it")),
            ("b-en", "en", report(story, "en", 1)),
        )
    ]
    path = tmp_path_factory.mktemp("labelled") / "told.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_labelled(path)


@pytest.fixture(scope="module")
def known(labelled: Labelled) -> list[KnownPair]:
    return known_pairs(labelled)


def test_every_relation_is_made_and_always_the_same(labelled: Labelled, known: list[KnownPair]) -> None:
    assert {pair.relation for pair in known} == set(Relation)
    assert known_pairs(labelled) == known
    assert max(Counter(pair.relation for pair in known_pairs(labelled, limit=3)).values()) == 3


def test_a_translation_is_one_document_in_two_languages(known: list[KnownPair]) -> None:
    for pair in (pair for pair in known if pair.relation == "translation"):
        assert pair.a.id[:2] == pair.b.id[:2]
        assert pair.a.language != pair.b.language


def test_a_copy_keeps_language_and_nearly_all_of_the_wording(known: list[KnownPair]) -> None:
    for pair in (pair for pair in known if pair.relation == "copy"):
        assert pair.a.language == pair.b.language
        assert shared_wording(pair.a, pair.b) > 0.7


def test_of_partial_reuse_the_shorter_article_is_contained(known: list[KnownPair]) -> None:
    parts = [pair for pair in known if pair.relation == "partial reuse"]
    for pair in parts:
        shorter = min(pair.a, pair.b, key=lambda article: len(article.text))
        assert pair.contained == shorter.id
    kinds = {pair.kind for pair in parts}
    assert {"first half", "second half", "first third", "spliced", "first half, across languages"} <= kinds
    assert all(("across" in pair.kind) == (pair.a.language != pair.b.language) for pair in parts)


def test_reports_of_one_story_are_independent_and_strangers_of_two(known: list[KnownPair]) -> None:
    for pair in known:
        if pair.relation == "same story":
            assert pair.a.id[0] == pair.b.id[0]
            assert pair.a.id[1] != pair.b.id[1]
            assert shared_wording(pair.a, pair.b) < SHARED_WORDING
        elif pair.relation == "different":
            assert pair.a.id[0] != pair.b.id[0]


def test_graded_pairs_are_one_story_or_unlike_and_nothing_between() -> None:
    a, b = Article("a", report(1, "en")), Article("b", report(2, "en"))
    given = [GivenPair(str(grade), a, b, grade) for grade in (1.0, 2.0, 2.5, 3.5, 4.0)]
    given += [GivenPair("copied", a, a, 1.0), GivenPair("not graded", a, b)]
    found = {pair.document: pair.relation for pair in graded_pairs(given)}
    assert found == {"1.0": "same story", "2.0": "same story", "4.0": "different"}


def answer(relation: str, contained: str | None = None) -> Pair:
    return Pair("a", "b", 0.9, 0.9, 0.9, 1, 1, Relation(relation), "en", "en", contained=contained)


def test_figures_count_what_is_said_of_each_relation() -> None:
    a, b = Article("a", "A."), Article("b", "B.")
    truth = [
        KnownPair(a, b, "copy", "copy", "1"),
        KnownPair(a, b, "partial reuse", "first half", "2", "a"),
        KnownPair(a, b, "partial reuse", "first half", "3", "a"),
        KnownPair(a, b, "partial reuse", "spliced", "4", "a"),
    ]
    said = [answer("copy"), answer("partial reuse", "a"), answer("partial reuse", "b"), answer("copy")]
    figures = figures_of(truth, said)
    assert figures["confusion"]["partial reuse"] == dict.fromkeys(Relation, 0) | {"partial reuse": 2, "copy": 1}
    assert figures["kinds"]["partial reuse: first half"] == {"right": 2, "of": 2}
    assert figures["contained"] == {"right": 1, "of": 2}
    assert figures["accuracy"] == 0.75
    assert figures["relations"]["copy"] == {"precision": 0.5, "recall": 1}
    assert figures["relations"]["partial reuse"] == {"precision": 1, "recall": pytest.approx(2 / 3)}
    assert "**partial reuse** (6) |  | 2 | 4 |  |  | 1.000 | 0.667 |" in readme_table({"one": figures, "two": figures})


def test_cuts_are_chosen_to_tell_the_relations_apart() -> None:
    a, b = Article("a", "A."), Article("b", "B.")
    rows = [  # relation, across languages, what is taken of a and of b
        ("copy", False, 0.9, 0.95), ("partial reuse", False, 0.4, 1.0), ("same story", False, 0.1, 0.2),
        ("translation", True, 0.6, 0.62), ("partial reuse", True, 0.3, 0.5), ("same story", True, 0.2, 0.19),
    ]  # fmt: skip
    known = [KnownPair(a, b, relation, relation, "d") for relation, *_ in rows]
    across = np.array([beyond for _, beyond, *_ in rows])
    first, second = (np.array([row[side] for row in rows], float) for side in (2, 3))
    nothing = np.zeros(len(rows))
    evidence = PairFeatures(
        pairs=np.zeros((len(rows), 2), np.int64),
        matrix=np.zeros((len(rows), len(FEATURES))),
        cosine=nothing, coverage_a=nothing, coverage_b=nothing, reuse_a=first, reuse_b=second, days_apart=nothing,
    )  # fmt: skip
    cuts = fit_cuts(known, across, evidence)
    told = relation_codes(cuts, np.ones(len(rows), bool), across, evidence)
    assert [Relation.of_code(code) for code in told] == [relation for relation, *_ in rows]
    assert 0.4 < cuts.wording < 0.9
    assert 0.2 < cuts.answered < 0.5
    assert 0.6 < cuts.even < 0.97
    with pytest.raises(ValueError, match="no pair to learn 'translation' from across languages"):
        fit_cuts(
            known[:3], across[:3], PairFeatures(**{n: getattr(evidence, n)[:3] for n in evidence.__dataclass_fields__})
        )


def test_relations_of_a_real_article_and_its_parts_are_named(seeds: Path, encoder: SentenceTransformerEncoder) -> None:
    """The Italian article of the seeds against its own halves, and the French one, its original, against them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(seeds.iterdir())]
    italian, french = Article("it", texts[2]), Article("fr", texts[4])
    lines = [line for line in italian.text.split("\n") if line.strip()]
    half = Article("half", "\n".join(lines[: len(lines) // 2]))
    known = [
        KnownPair(italian, french, "translation", "seeds", "1"),
        KnownPair(italian, half, "partial reuse", "first half", "1", "half"),
        KnownPair(french, half, "partial reuse", "first half, across languages", "1", "half"),
        KnownPair(italian, Article("again", italian.text), "copy", "copy", "1"),
        KnownPair(italian, Article("vi", texts[0]), "different", "stranger", "1"),
    ]
    said = named(known, encoder, load_profile("multilingual-e5-small"))
    assert [(pair.relation, pair.contained) for pair in said] == [(pair.relation, pair.contained) for pair in known]
