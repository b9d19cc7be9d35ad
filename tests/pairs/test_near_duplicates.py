"""Near-duplicates against a comparison of every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from detector.pairs import near_duplicates
from detector.pairs.near_duplicates import SIMILARITY, find_near_duplicates, without_copies
from detector.pairs.shingles import Shingles
from tests.making import make_document

NAN = float("nan")


def shingles_of(rows: list[set[int]]) -> Shingles:
    """The shingles of articles."""
    columns = [shingle for row in rows for shingle in sorted(row)]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    ones = np.ones(len(columns), np.float32)
    return Shingles(csr_matrix((ones, np.array(columns, np.int32), offsets), shape=(len(rows), 1000)))


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b)


@st.composite
def articles(draw: st.DrawFn) -> list[set[int]]:
    """Articles that share all, most, some or none of their shingles; some are empty."""
    bases = [set(range(start, start + 20)) for start in (0, 5, 500)]
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        base = draw(st.sampled_from([*bases, set()]))
        rows.append(base ^ draw(st.sets(st.integers(0, 24), max_size=3)) if base else set())
    return rows


@given(articles(), st.integers(1, 50))
def test_each_copy_is_similar_to_an_earlier_article_that_is_no_copy(rows: list[set[int]], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "HASHED_AT_ONCE", at_once)
        copy_of = find_near_duplicates(shingles_of(rows))
    assert copy_of.shape == (len(rows),)
    assert copy_of.dtype == np.int64
    for article, original in enumerate(copy_of.tolist()):
        assert original <= article
        assert copy_of[original] == original
        assert original == article or jaccard(rows[original], rows[article]) >= SIMILARITY
    assert copy_of.tolist() == find_near_duplicates(shingles_of(rows)).tolist()


@given(st.lists(st.sampled_from([0, 100, 200, None]), max_size=12))
def test_articles_of_the_same_words_are_copies_of_the_first(starts: list[int | None]) -> None:
    rows = [set() if start is None else set(range(start, start + 30)) for start in starts]
    expected = [index if not row else rows.index(row) for index, row in enumerate(rows)]
    assert find_near_duplicates(shingles_of(rows)).tolist() == expected


def test_nearly_all_near_duplicates_are_found_and_nothing_else() -> None:
    generator = np.random.default_rng(0)
    story = set(range(300))
    near = [story - set(generator.choice(300, 12, replace=False).tolist()) for _ in range(200)]
    far = [story - set(generator.choice(300, 100, replace=False).tolist()) for _ in range(200)]
    copy_of = find_near_duplicates(shingles_of([story, *near, *far]))
    assert len(set(copy_of[:201].tolist())) < 5
    assert copy_of[201:].tolist() == list(range(201, 401))


def test_copies_form_no_chains() -> None:
    chain = [set(range(start, start + 100)) for start in range(0, 40, 4)]
    copy_of = find_near_duplicates(shingles_of(chain))
    assert all(jaccard(chain[a], chain[b]) >= SIMILARITY for a, b in enumerate(copy_of))
    assert len(set(copy_of.tolist())) >= 5


def test_only_articles_of_the_same_stretch_of_days_are_compared() -> None:
    shingles = shingles_of([{1, 2, 3}] * 6)
    days = np.array([0.0, 6.9, 7.0, NAN, 13.0, NAN])
    assert find_near_duplicates(shingles, days, 7).tolist() == [0, 0, 2, 3, 2, 3]
    assert find_near_duplicates(shingles, days, 0).tolist() == [0, 1, 2, 3, 4, 3]
    assert find_near_duplicates(shingles, days).tolist() == [0] * 6


def test_a_reprint_under_another_headline_is_a_copy_and_a_translation_is_not() -> None:
    text = " ".join(f"In the night of day {day} the river rose by {day} metres." for day in range(20))
    translation = " ".join(f"Nella notte del giorno {day} il fiume è salito di {day} metri." for day in range(20))
    documents = [
        make_document("a", text),
        make_document("b", "River floods town", text),
        make_document("c", translation),
    ]
    assert find_near_duplicates(Shingles.of(documents)).tolist() == [0, 0, 2]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_articles_are_no_copies(count: int) -> None:
    assert find_near_duplicates(shingles_of([{1, 2}] * count)).tolist() == list(range(count))
    assert find_near_duplicates(shingles_of([set()] * count)).tolist() == list(range(count))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.data())
def test_pairs_without_copies_join_two_originals(copy_of: list[int], data: st.DataObject) -> None:
    count = len(copy_of)
    indices = st.integers(0, count - 1)
    pairs = data.draw(st.lists(st.tuples(indices, indices), max_size=6))
    expected = [copy_of[a] == a and copy_of[b] == b for a, b in pairs]
    assert without_copies(np.array(pairs, np.int64).reshape(-1, 2), np.array(copy_of)).tolist() == expected
