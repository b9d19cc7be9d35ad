"""What is marked inside a sentence, and where a browser finds it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reporting.marking import Kind, marked, spans


@pytest.mark.parametrize(
    ("text", "shared", "found"),
    [
        ("12 of 120 in 2012", ["12"], ["12"]),
        ("Ali in Italia, Alice", ["Ali"], ["Ali", "Ali"]),
        ("北京市と東京", ["東京"], ["東京"]),
        ("a.b (c)", ["(c)", "."], [".", "(c)"]),
        ("nothing", ["", " "], []),
    ],
)
def test_shared_names_and_numbers_are_marked_as_separate_words(text, shared, found):
    stretches = marked(text, shared)
    assert [piece for piece, kind in stretches if kind is Kind.SHARED] == found
    assert "".join(piece for piece, _ in stretches) == text


def test_inside_an_added_clause_nothing_else_is_marked():
    stretches = marked("Baku met, and Baku decided, in Baku", ["Baku"], ["and Baku decided,"])
    assert [(piece, kind.name) for piece, kind in stretches if kind] == [
        ("Baku", "SHARED"),
        ("and Baku decided,", "ADDED"),
        ("Baku", "SHARED"),
    ]


def test_a_number_that_the_aligned_sentence_lacks_is_not_marked_as_shared():
    stretches = marked("8 to 10 mm, at most 25", ["10", "25"], different=["8", "10"])
    assert [(piece, kind.name) for piece, kind in stretches if kind] == [
        ("8", "DIFFERENT"),
        ("10", "DIFFERENT"),
        ("25", "SHARED"),
    ]


TEXTS = st.text(st.sampled_from("aA1 .(𝒜é東\u0301"), max_size=12)


@given(TEXTS, st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=2), st.lists(TEXTS, max_size=2))
def test_a_browser_cuts_out_what_is_marked(text, shared, added, different):
    stretches = marked(text, shared, added, different)
    assert "".join(piece for piece, _ in stretches) == text
    units = text.encode("utf-16-le")
    cut = [
        (units[2 * start : 2 * (start + length)].decode("utf-16-le"), kind) for start, length, kind in spans(stretches)
    ]
    assert cut == [(piece, kind) for piece, kind in stretches if kind]


def cut_by_pattern(text: str, words: list[str]) -> list[str]:
    """The words that are separate words of the text, found by one regular expression, longest first."""

    def separate(word: str) -> str:
        if word[0].isdigit():
            return rf"(?<!\d){re.escape(word)}(?!\d)"
        return rf"(?<!\w){re.escape(word)}" if word[0].isupper() else re.escape(word)

    patterns = [separate(word) for word in sorted(set(words), key=lambda word: (-len(word), word)) if word.strip()]
    return re.findall("|".join(patterns), text) if patterns else []


@given(TEXTS, st.lists(st.text(st.sampled_from("aA1 .é東_"), max_size=3), max_size=5))
def test_of_words_that_overlap_the_first_and_then_the_longest_is_marked(text, words):
    assert [piece for piece, kind in marked(text, words) if kind] == cut_by_pattern(text, words)
