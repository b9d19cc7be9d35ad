"""Copies against a look at every pair of articles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from detector.pairs import near_duplicates as module
from detector.pairs.near_duplicates import COPIED, copies
from detector.pairs.shingles import Shingles
from tests.making import make_document

NAN = float("nan")


def wording_of(rows: list[set[int]]) -> Shingles:
    """The wording of articles with these runs."""
    columns = [run for row in rows for run in sorted(row)]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    ones = np.ones(len(columns), np.float32)
    return Shingles(csr_matrix((ones, np.array(columns, np.int32), offsets), shape=(len(rows), 1000)))


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b)


@st.composite
def articles(draw: st.DrawFn) -> list[set[int]]:
    """Articles that share all, most, some or nothing of their wording; some have none."""
    bases = [set(range(start, start + 20)) for start in (0, 5, 500)]
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        base = draw(st.sampled_from([*bases, set()]))
        rows.append(base ^ draw(st.sets(st.integers(0, 24), max_size=3)) if base else set())
    return rows


@given(articles(), st.integers(1, 50))
def test_each_copy_shares_nine_tenths_with_an_article_that_is_no_copy(rows: list[set[int]], held: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "HELD", held)
        first = copies(wording_of(rows))
    assert first.shape == (len(rows),)
    assert first.dtype == np.int64
    for article, original in enumerate(first.tolist()):
        assert original <= article
        assert first[original] == original
        assert original == article or jaccard(rows[original], rows[article]) >= COPIED
    assert first.tolist() == copies(wording_of(rows)).tolist()


@given(st.lists(st.sampled_from([0, 100, 200, None]), max_size=12))
def test_articles_of_the_same_words_are_copies_of_the_first(starts: list[int | None]) -> None:
    rows = [set() if start is None else set(range(start, start + 30)) for start in starts]
    expected = [place if not row else rows.index(row) for place, row in enumerate(rows)]
    assert copies(wording_of(rows)).tolist() == expected


def test_nearly_all_that_share_so_much_are_found_and_nothing_else() -> None:
    generator = np.random.default_rng(0)
    story = set(range(300))
    near = [story - set(generator.choice(300, 12, replace=False).tolist()) for _ in range(200)]
    far = [story - set(generator.choice(300, 100, replace=False).tolist()) for _ in range(200)]
    first = copies(wording_of([story, *near, *far]))
    assert len(set(first[:201].tolist())) < 5
    assert first[201:].tolist() == list(range(201, 401))


def test_what_is_like_two_neighbours_that_differ_joins_no_chain() -> None:
    chain = [set(range(start, start + 100)) for start in range(0, 40, 4)]
    first = copies(wording_of(chain))
    assert all(jaccard(chain[a], chain[b]) >= COPIED for a, b in enumerate(first))
    assert len(set(first.tolist())) >= 5


def test_copies_are_sought_inside_a_stretch_of_the_window() -> None:
    shingles = wording_of([{1, 2, 3}] * 6)
    days = np.array([0.0, 6.9, 7.0, NAN, 13.0, NAN])
    assert copies(shingles, days, 7).tolist() == [0, 0, 2, 3, 2, 3]
    assert copies(shingles, days, 0).tolist() == [0, 1, 2, 3, 4, 3]
    assert copies(shingles, days).tolist() == [0] * 6


def test_a_reprint_under_another_headline_is_a_copy_and_a_translation_is_none() -> None:
    text = " ".join(f"In the night of day {day} the river rose by {day} metres." for day in range(20))
    told = " ".join(f"Nella notte del giorno {day} il fiume è salito di {day} metri." for day in range(20))
    documents = [make_document("a", text), make_document("b", "River floods town", text), make_document("c", told)]
    assert copies(Shingles.of(documents)).tolist() == [0, 0, 2]


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_articles_are_no_copies(count: int) -> None:
    assert copies(wording_of([{1, 2}] * count)).tolist() == list(range(count))
    assert copies(wording_of([set()] * count)).tolist() == list(range(count))
