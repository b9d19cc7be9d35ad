"""Nothing that is connected is in both halves, and together they are everything."""

from __future__ import annotations

from itertools import combinations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.fitting.adapter.halves import components, half_of
from detector.fitting.adapter.sources import Source
from tests.fitting.adapter.making import graded, story_texts, translations

LETTERS = [f"{story}{index}" for index, story in enumerate("aaabbcdd")]
PAIRS = st.lists(st.tuples(*[st.sampled_from([*LETTERS, "x", "y", "z"])] * 2), max_size=6)


def texts_of(sources: list[Source]) -> set[str]:
    return {text for source in sources for group in source.connected() for text in group}


@given(st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=4), max_size=8))
def test_components_are_those_of_the_graph(groups: list[list[str]]) -> None:
    graph = networkx.Graph()
    for group in groups:
        graph.add_nodes_from(group)
        graph.add_edges_from(combinations(group, 2))
    found = components(groups)
    assert sorted(found) == sorted(sorted(each) for each in networkx.connected_components(graph))
    assert [len(each) for each in found] == sorted(map(len, found), reverse=True)


@given(PAIRS)
def test_what_is_connected_in_any_file_is_in_one_half(pairs: list[tuple[str, str]]) -> None:
    sources: list[Source] = [
        graded(*((a, b, 0.5) for a, b in pairs)),
        story_texts("aaabbcdd", ["t", "t", "t", "", "", "t", "", ""]),
        translations(),
    ]
    halves = [half_of(sources, half) for half in (0, 1)]
    first, second = map(texts_of, halves)
    for source in sources:
        for group in source.connected():
            assert not (set(group) & first and set(group) & second)
    count = sum(len(source) for half in halves for source in half if source.name == "pairs")
    assert count == len(pairs)
    assert all(len(source) for half in halves for source in half)


def test_each_file_is_about_halved() -> None:
    sources: list[Source] = [
        graded(*((f"p{index}", f"q{index}", 0.5) for index in range(20))),
        story_texts("aabbccddeeff"),
        translations(6),
    ]
    for half in (0, 1):
        pairs, stories, parallel = half_of(sources, half)
        assert (len(pairs), len(stories), len(parallel)) == (10, 4, 3)


def test_the_order_in_a_file_does_not_matter() -> None:
    rows = [(f"p{index}", f"q{index // 2}", 0.5) for index in range(12)]
    one, other = half_of([graded(*rows)], 0), half_of([graded(*reversed(rows))], 0)
    assert texts_of(one) == texts_of(other)


def test_there_are_two_halves() -> None:
    with pytest.raises(ValueError, match="half is 2; give 0 or 1"):
        half_of([graded(("a", "b", 1.0))], 2)
