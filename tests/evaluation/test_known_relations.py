"""Pairs whose relation is known, made from labelled articles."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from detector.evaluation.known_relations import SHARED_WORDING, KnownPair, graded_pairs, known_pairs, shared_wording
from detector.evaluation.labelled import Labelled, read_labelled
from detector.reading.given_pairs import GivenPair
from detector.records import Article, Relation

LINES = {
    "en": "The {0} of the {1} was closed by the {2} after {3} days of heavy rain.",
    "it": "Il {0} del {1} è stato chiuso dal {2} dopo {3} giorni di forti piogge.",
}
WORDS = [
    "port", "bridge", "museum", "market", "theatre", "tunnel", "stadium", "hospital", "mayor", "minister", "judge",
    "council", "army", "union",
]  # fmt: skip


def report(story: int, language: str, newspaper: int = 0) -> str:
    """Ten lines on a story; each newspaper words it in its own way."""
    chooser = random.Random(100 * story + newspaper)
    lines = [LINES[language].format(*chooser.sample(WORDS, 3), chooser.randint(2, 90)) for _ in range(10)]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Labelled:
    """Six stories, each in two newspapers, the first of them in two languages."""
    rows = [
        {"id": f"{story}{name}", "story": f"s{story}", "document": f"{story}{name[0]}", "lang": language, "text": text}
        for story in range(6)
        for name, language, text in (
            ("a-en", "en", report(story, "en")),
            ("a-it", "it", report(story, "it")),
            ("b-en", "en", report(story, "en", 1)),
        )
    ]
    path = tmp_path_factory.mktemp("labelled") / "reports.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return read_labelled(path)


@pytest.fixture(scope="module")
def known(labelled: Labelled) -> list[KnownPair]:
    return known_pairs(labelled)


def test_every_relation_is_made_and_the_same_set_gives_the_same_pairs(
    labelled: Labelled, known: list[KnownPair]
) -> None:
    assert {pair.relation for pair in known} == set(Relation) - {Relation.FOLLOW_UP, Relation.SAME_FORM}
    assert known_pairs(labelled) == known
    assert max(Counter(pair.relation for pair in known_pairs(labelled, limit=3)).values()) == 3


def test_a_translation_is_one_document_in_two_languages(known: list[KnownPair]) -> None:
    for pair in (pair for pair in known if pair.relation == "translation"):
        assert pair.a.id[:2] == pair.b.id[:2]
        assert pair.a.language != pair.b.language


def test_a_copy_keeps_the_language_and_most_of_the_wording(known: list[KnownPair]) -> None:
    for pair in (pair for pair in known if pair.relation == "copy"):
        assert pair.a.language == pair.b.language
        assert shared_wording(pair.a, pair.b) > 0.7


def test_in_partial_reuse_the_shorter_article_is_contained(known: list[KnownPair]) -> None:
    parts = [pair for pair in known if pair.relation == "partial reuse"]
    for pair in parts:
        shorter = min(pair.a, pair.b, key=lambda article: len(article.text))
        assert pair.contained == shorter.id
    kinds = {pair.kind for pair in parts}
    assert {"first half", "second half", "first third", "spliced", "first half, across languages"} <= kinds
    assert all(("across" in pair.kind) == (pair.a.language != pair.b.language) for pair in parts)


def test_reports_of_one_story_are_independent_and_unrelated_pairs_have_two(known: list[KnownPair]) -> None:
    for pair in known:
        if pair.relation == "same story":
            assert pair.a.id[0] == pair.b.id[0]
            assert pair.a.id[1] != pair.b.id[1]
            assert shared_wording(pair.a, pair.b) < SHARED_WORDING
        elif pair.relation == "different":
            assert pair.a.id[0] != pair.b.id[0]


def test_graded_pairs_are_one_story_or_unlike_and_grades_between_are_left_out() -> None:
    a, b = Article("a", report(1, "en")), Article("b", report(2, "en"))
    given = [GivenPair(str(grade), a, b, grade) for grade in (1.0, 2.0, 2.5, 3.5, 4.0)]
    given += [GivenPair("copied", a, a, 1.0), GivenPair("not graded", a, b)]
    found = {pair.document: pair.relation for pair in graded_pairs(given)}
    assert found == {"1.0": "same story", "2.0": "same story", "4.0": "different"}
