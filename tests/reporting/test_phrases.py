"""The words the report uses."""

from pathlib import Path

import pytest

from detector.records import Relation
from detector.reporting import phrases
from detector.reporting.phrases import PHRASES, apart, date, language_name, lead, likelihood, more, relation_of, verdict


def test_a_probability_short_of_certain_never_reads_as_certain():
    assert [likelihood(p) for p in (0.0, 0.0004, 0.5, 0.9996, 1.0)] == ["0.0%", "<0.1%", "50.0%", ">99.9%", "100.0%"]
    assert verdict(1.0) == "almost certainly the same story"
    assert verdict(0.5) == "undecided"
    assert verdict(0.0) == "almost certainly different stories"


def test_a_language_has_its_name_or_keeps_its_code():
    assert language_name("vi") == "Vietnamese"
    assert language_name("not a code!") == "not a code!"


def test_dates_are_days_and_odd_ones_keep_their_words():
    assert date("2024-11-24T09:00:00Z") == "2024-11-24"
    assert date("last week") == "last week"
    assert date(None) == ""


@pytest.mark.parametrize(
    ("days", "words"), [(None, "not known"), (-0.9, "less than a day"), (-1.2, "1 day"), (2_000.0, "2,000 days")]
)
def test_the_time_between_two_articles_is_in_days(days, words):
    assert apart(days) == words


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, 5), "No two of them report the same story."),
        ((1, 1, 2, 1), "2 of them form 1 story, in several languages; 1 matches no other article."),
        ((2, 2, 4, 0), "4 of them form 2 stories, all in several languages."),
        (
            (1_200, 0, 3_000, 2),
            "3,000 of them form 1,200 stories, none in several languages; 2 match no other article.",
        ),
    ],
)
def test_the_lead_says_what_was_found_in_one_sentence(counts, sentence):
    assert lead(*counts) == sentence


def test_what_is_left_out_is_counted_with_its_file():
    assert more(1, "story", "stories", "stories.csv") == "1 more story in stories.csv."
    assert more(2_000, "story", "stories", "stories.csv") == "2,000 more stories in stories.csv."


def test_a_relation_says_which_article_contains_the_other(result, make_pair):
    a, b, *_ = result.documents
    assert relation_of(make_pair(a, b, 0.9, relation="copy")) == "copy"
    contained = make_pair(a, b, 0.9, relation="partial reuse", contained=b.article.id)
    assert relation_of(contained) == "partial reuse: B is contained in A"


def test_every_relation_has_its_meaning():
    assert set(PHRASES["relations"]) == set(Relation)


def test_no_sentence_that_the_page_and_python_share_is_written_a_second_time():
    shared = {
        *PHRASES["relations"].values(),
        *(verdict["words"] for verdict in PHRASES["verdicts"]),
        PHRASES["no_story"],
    }
    # A single word, which may be part of any sentence.
    shared.remove("undecided")
    written = [
        (path.name, sentence)
        for path in Path(str(phrases.__file__)).parent.rglob("*")
        if path.suffix in (".py", ".mjs", ".jinja")
        for sentence in shared
        if sentence in path.read_text(encoding="utf-8")
    ]
    assert written == []
