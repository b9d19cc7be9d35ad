"""Sources give the pairs that their labels allow, with the right grade."""

from __future__ import annotations

from collections import Counter
from math import comb
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from detector.fitting.adapter.sources import ALIKE, EVENT, PAIRS_OF_STORY, UNRELATED
from tests.fitting.adapter.making import graded, story_texts, translations

LABELS = st.text("abcd", min_size=2, max_size=12)


@given(LABELS, st.integers(0, 99), st.data())
def test_pairs_of_articles_have_the_grade_of_their_labels(stories: str, seed: int, data: st.DataObject) -> None:
    labels = st.text("xy_", min_size=len(stories), max_size=len(stories))
    topics = [label.strip("_") for label in data.draw(labels)]
    ambiguous = [label.strip("_") for label in data.draw(labels)]
    source = story_texts(stories, topics, ambiguous)
    chooser = Random(seed)
    counts = Counter(stories).values()
    positives = sum(min(comb(count, 2), PAIRS_OF_STORY) for count in counts)
    assert len(source) == positives + (positives // 2 if len(counts) > 1 else 0)
    for item in range(len(source)):
        pair = source.pair(item, chooser)
        a, b = source.texts.index(pair.a), source.texts.index(pair.b)
        assert a != b
        if stories[a] == stories[b]:
            assert pair.grade == EVENT
            continue
        assert item >= positives
        assert not (ambiguous[a] and ambiguous[a] == ambiguous[b])
        assert pair.grade == (ALIKE if topics[a] and topics[a] == topics[b] else UNRELATED)


def test_articles_of_two_stories_are_of_one_topic_if_there_are_any() -> None:
    source = story_texts("aabbcc", ["x", "x", "x", "x", "", ""])
    negatives = [source.pair(3, Random(seed)) for seed in range(50)]
    grades = {(pair.a[0], pair.b[0]): pair.grade for pair in negatives}
    assert grades.pop(("a", "b")) == grades.pop(("b", "a")) == ALIKE
    assert all("c" in names and grade == UNRELATED for names, grade in grades.items())


def test_every_story_is_an_item_for_each_of_its_pairs_but_a_large_one_is_not_everything() -> None:
    assert len(story_texts("aa")) == 1
    assert len(story_texts("a" * 50)) == PAIRS_OF_STORY


@given(st.integers(0, 99))
def test_translations_are_one_document_in_two_languages(seed: int) -> None:
    source, chooser = translations(), Random(seed)
    for item in range(len(source)):
        pair = source.pair(item, chooser)
        assert pair.grade == EVENT
        assert pair.a[0] == pair.b[0] == str(item)
        assert pair.a[1] != pair.b[1]


@given(st.integers(0, 99))
def test_lines_are_the_same_line_in_two_languages_and_never_empty(seed: int) -> None:
    pair = translations().line(seed % 3, Random(seed))
    assert (pair.a[0], pair.a[2]) == (pair.b[0], pair.b[2])
    assert pair.a[1] != pair.b[1]
    assert len(pair.a) == len(pair.b) == 3


def test_documents_in_one_language_are_no_items() -> None:
    assert len(translations(languages="e")) == 0


def test_a_part_of_a_source_has_only_the_texts_that_are_kept() -> None:
    pairs = graded(("a", "b", 1.0), ("a", "c", 0.0)).only({"a", "b"})
    assert [tuple(pair) for pair in pairs.pairs] == [("a", "b", 1.0)]
    stories = story_texts("aabb", ["x", "x", "y", "y"]).only({"a1", "b2", "b3"})
    assert (stories.texts, stories.story.tolist(), stories.topic.tolist()) == (
        ("a1", "b2", "b3"), ["a", "b", "b"], ["x", "y", "y"],
    )  # fmt: skip
    documents = translations(2)
    kept = {" ".join(lines) for lines in documents.documents["d1"].values()}
    assert documents.only(kept | {"other"}).names == ["d1"]
