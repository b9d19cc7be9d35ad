"""Shared terms against dense vectors computed term by term."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.overlap import KINDS, Overlap, background_counts, term_keys
from detector.profile import Profile
from detector.terms import Terms
from tests.making import make_profile

COUNTERS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=6).map(Counter[str])
ARTICLES = st.lists(st.builds(Terms, COUNTERS, COUNTERS, COUNTERS, st.just({})), min_size=1, max_size=6)
KEYS = st.tuples(st.sampled_from(KINDS), st.sampled_from("abcxyz"))
BACKGROUND = st.dictionaries(KEYS, st.integers(1, 50), max_size=8)


def idf(kind: str, term: str, articles: Sequence[Terms], background: dict[tuple[str, str], int], size: int) -> float:
    held = sum(term in getattr(article, kind) for article in articles) + background.get((kind, term), 0)
    return math.log((len(articles) + size + 1) / (held + 0.5))


@given(ARTICLES, BACKGROUND)
def test_the_cosine_is_that_of_dense_vectors(articles: list[Terms], background: dict[tuple[str, str], int]) -> None:
    overlap = Overlap.of(articles, make_profile(background=background, background_articles=60))
    pairs = np.array([(a, b) for a in range(len(articles)) for b in range(len(articles))], np.int64)
    for kind in KINDS:
        dense = np.zeros((len(articles), 8))
        for row, article in enumerate(articles):
            for term, count in getattr(article, kind).items():
                dense[row, "abcdefgh".index(term)] = (1 + math.log(count)) * idf(kind, term, articles, background, 60)
        lengths = np.linalg.norm(dense, axis=1, keepdims=True)
        dense /= np.where(lengths > 0, lengths, 1)
        expected = [max(0.0, float(dense[a] @ dense[b])) for a, b in pairs]
        np.testing.assert_allclose(overlap.cosines(kind, pairs), expected, atol=1e-9)
        assert overlap.has(kind).tolist() == [bool(getattr(article, kind)) for article in articles]


@given(ARTICLES, BACKGROUND)
def test_rarity_counts_the_batch_and_the_background(
    articles: list[Terms], background: dict[tuple[str, str], int]
) -> None:
    overlap = Overlap.of(articles, make_profile(background=background, background_articles=60))
    for kind in KINDS:
        terms = set().union(*(getattr(article, kind) for article in articles))
        assert overlap.rarity[kind] == pytest.approx(
            {term: idf(kind, term, articles, background, 60) for term in terms}, abs=1e-9
        )


@given(ARTICLES, st.data())
def test_the_order_of_articles_does_not_change_a_bit(articles: list[Terms], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(articles))))
    profile = make_profile(background_articles=10)
    one, turned = Overlap.of(articles, profile), Overlap.of([articles[place] for place in order], profile)
    for kind in KINDS:
        assert one.rarity[kind] == turned.rarity[kind]
        np.testing.assert_array_equal(one.vectors[kind].toarray()[order], turned.vectors[kind].toarray())


def test_a_batch_of_two_tells_a_common_word_from_a_rare_one() -> None:
    def article(*words: str) -> Terms:
        return Terms(Counter(words), Counter(), Counter(), {})

    profile = make_profile(background={("words", "the"): 900}, background_articles=1000)
    pairs = np.array([[0, 1]], np.int64)
    common = Overlap.of([article("the", "flood"), article("the", "vote")], profile).cosines("words", pairs)
    rare = Overlap.of([article("a", "charvirakul"), article("the", "charvirakul")], profile).cosines("words", pairs)
    assert 0 < common[0] < 0.01
    assert 0.5 < rare[0] < 1


def test_a_batch_without_any_number_or_name_shares_none() -> None:
    overlap = Overlap.of([Terms(Counter("ab"), Counter(), Counter(), {})] * 2, make_profile())
    pairs = np.array([[0, 1]], np.int64)
    assert [overlap.cosines(kind, pairs)[0] for kind in KINDS] == pytest.approx([1, 0, 0])
    assert not overlap.has("numbers").any()


def test_without_articles_pairs_or_background_nothing_fails() -> None:
    overlap = Overlap.of([], make_profile())
    for kind in KINDS:
        assert overlap.cosines(kind, np.empty((0, 2), np.int64)).shape == (0,)
        assert overlap.has(kind).shape == (0,)


def test_one_term_of_two_kinds_has_two_keys() -> None:
    assert term_keys("words", ["a", "b"]).dtype == np.uint32
    assert len({int(key) for kind in KINDS for key in term_keys(kind, ["2026"])}) == len(KINDS)


@given(BACKGROUND, st.lists(st.sampled_from("abcxyz!"), max_size=7))
def test_background_counts_are_looked_up(background: dict[tuple[str, str], int], terms: list[str]) -> None:
    profile: Profile = make_profile(background=background)
    found = background_counts(profile, term_keys("words", terms))
    assert found.tolist() == [background.get(("words", term), 0) for term in terms]
