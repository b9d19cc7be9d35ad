"""Which sentences match, and the evidence a person reads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector.pairs.alignment import align, align_pair
from detector.records import Embeddings
from tests.making import make_batch, make_document

TENTHS = st.integers(-10, 10).map(lambda number: number / 10)


@st.composite
def matrices(draw: st.DrawFn) -> NDArray[np.float32]:
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    return np.array(draw(st.lists(TENTHS, min_size=rows * columns, max_size=rows * columns)), np.float32).reshape(
        rows, columns
    )


def slow_alignment(cosines: NDArray[np.float32], cut: float) -> list[tuple[int, int]]:
    """A slow version: takes the best remaining pair, the earliest of equals, until none reaches the cut."""
    left = {place: float(cosines[place]) for place in np.ndindex(*cosines.shape) if cosines[place] >= cut}
    found = []
    while left:
        row, column = min(left, key=lambda place: (-left[place], place))
        found.append((row, column))
        left = {place: value for place, value in left.items() if place[0] != row and place[1] != column}
    return sorted(found)


@given(matrices(), TENTHS)
def test_the_best_pair_comes_first_and_ties_go_to_earlier_sentences(cosines: NDArray[np.float32], cut: float) -> None:
    assert align(cosines, cut) == slow_alignment(cosines, cut)


@given(matrices(), TENTHS)
def test_each_sentence_is_aligned_once_and_no_pair_is_below_the_cut(cosines: NDArray[np.float32], cut: float) -> None:
    found = align(cosines, cut)
    for side in (0, 1):
        assert len({place[side] for place in found}) == len(found)
    assert all(cosines[place] >= cut for place in found)


def test_a_better_pair_takes_the_sentence() -> None:
    assert align(np.array([[0.8, 0.9], [0.1, 0.7]], np.float32), 0.5) == [(0, 1)]
    assert align(np.array([[0.8, 0.9], [0.6, 0.7]], np.float32), 0.5) == [(0, 1), (1, 0)]


def test_equal_pairs_go_to_the_earlier_sentences() -> None:
    assert align(np.ones((2, 3), np.float32), 0.5) == [(0, 0), (1, 1)]


def disagreements(
    *texts: tuple[str, str], languages: tuple[str, str] = ("en", "en")
) -> tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...]:
    """The disagreements of two articles whose sentences match one by one."""
    first, second = (
        make_document(f"article {side}", *(pair[side] for pair in texts), language=languages[side]) for side in (0, 1)
    )
    count = len(texts)
    vectors = np.tile(np.eye(count, dtype=np.float32), (2, 1))
    raw = Embeddings(np.eye(2, count, dtype=np.float32), vectors, np.array([0, count, 2 * count]))
    batch = make_batch(documents=[first, second], raw=raw)
    evidence = align_pair(batch, 0, 1, {})
    assert [(pair.place_a, pair.place_b) for pair in evidence.aligned] == [(place, place) for place in range(count)]
    return tuple((found.position, found.only_a, found.only_b) for found in evidence.disagreements)


def test_numbers_disagree_only_if_each_side_has_one_the_other_lacks() -> None:
    found = disagreements(
        ("It rose by 3 metres on 12 May.", "È salito di 4 metri il 12 maggio."),
        ("They paid 1,000 euros.", "Hanno pagato 1.000 euro."),
        ("Nobody was hurt.", "Nessuno dei 7 è rimasto ferito."),
        ("It took 5 days and 6 nights.", "Ci sono voluti 5 giorni."),
        ("5, 5 and 6 of them", "7, 6 and 7 of them"),
        ("It cost 2.5 million.", "È costato 2.500.000."),
        ("It cost 2.5 million.", "È costato 2,5 miliardi."),
        languages=("en", "it"),
    )
    assert found == ((0, ("3",), ("4",)), (4, ("5",), ("7",)), (6, ("2500000",), ("2500000000",)))


def test_countries_disagree_across_languages_and_other_names_within_one_language() -> None:
    story = ("The minister went to Indonesia with Mr Silva.", "Le ministre est allé en Malaisie avec M. Duarte.")
    assert disagreements(story, languages=("en", "fr")) == ((0, ("Indonesia",), ("Malaisie",)),)
    same_language = ("Yesterday Ahmed Silva spoke in Rome.", "Today Ahmed Duarte spoke in Rome.")
    assert disagreements(same_language) == ((0, ("Silva",), ("Duarte",)),)
    nouns = ("Da stieg der Fluss im Dorf.", "Da stieg das Wasser am Ort.")
    assert disagreements(nouns, languages=("de", "de")) == ()


def test_sentences_without_a_counterpart_are_listed_and_shares_kept() -> None:
    first, second = make_document("a", "One.", "Two."), make_document("b", "Two again.", "Three.")
    sentences = np.eye(3, dtype=np.float32)[[0, 1, 1, 2]]
    batch = make_batch(documents=[first, second], raw=Embeddings(sentences[:2], sentences, np.array([0, 2, 4])))
    evidence = align_pair(batch, 0, 1, {"base": -1.0})
    assert [(pair.text_a, pair.text_b) for pair in evidence.aligned] == [("Two.", "Two again.")]
    assert (evidence.only_a, evidence.only_b, evidence.shares) == (("One.",), ("Three.",), {"base": -1.0})


def test_shared_numbers_and_names_are_spelled_as_in_each_article() -> None:
    first = make_document("a", "Putin met 1,500 people in Baku.", language="en")
    second = make_document("b", "Путин встретил 1500 человек в Баку.", language="ru")
    vectors = np.eye(2, dtype=np.float32)
    evidence = align_pair(
        make_batch(documents=[first, second], raw=Embeddings(vectors, vectors, np.arange(3))), 0, 1, {}
    )
    assert evidence.shared_numbers == ("1500",)
    assert ("Putin", "Путин") in evidence.shared_names
    assert evidence.aligned == ()


@pytest.mark.parametrize("seed", range(3))
def test_swapping_the_articles_swaps_the_sides(seed: int) -> None:
    batch = make_batch(np.random.default_rng(seed), sizes=[4, 6])
    one, other = align_pair(batch, 0, 1, {}), align_pair(batch, 1, 0, {})
    assert {(pair.place_a, pair.place_b) for pair in one.aligned} == {
        (pair.place_b, pair.place_a) for pair in other.aligned
    }
    assert (one.only_a, one.only_b) == (other.only_b, other.only_a)
