"""What a notebook and a terminal show, and the words the report uses."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from detector.reporting.notebook import pair_html, result_html, story_html
from detector.reporting.terminal import pair_view, story_table
from detector.reporting.words import date, language_name, likelihood, line, span, verdict, web_address


def printed(renderable, width=80, colour=False):
    written = io.StringIO()
    console = Console(file=written, width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(renderable)
    return written.getvalue()


@pytest.fixture
def explained(result):
    strongest = result.pairs[1]
    return replace(strongest, evidence=result.explain(strongest.article_a, strongest.article_b))


def test_the_notebook_shows_a_result_a_story_and_a_pair(result, explained):
    assert "8 articles, 2 stories of two or more, 1 across languages, 2 rejected." in result_html(result)
    assert "4 articles in Arabic, English, Italian, Vietnamese" in story_html(result.stories[0])
    assert "almost certainly the same story (98.5%), relation partial reuse" in pair_html(explained)
    assert "Il negoziato è durato 35 ore" in pair_html(explained)


def test_the_notebook_escapes_everything(hostile):
    link = replace(hostile.pairs[0], evidence=hostile.explain(hostile.pairs[0].article_a, hostile.pairs[0].article_b))
    html = result_html(hostile) + story_html(hostile.stories[0]) + pair_html(link)
    assert set(re.findall(r"</?([a-z]+)", html)) == {"p", "table", "thead", "tbody", "tr", "th", "td", "bdi"}
    assert not re.search(r"<[^>]*(onmouseover|onerror|src|href)", html)


@pytest.mark.parametrize("width", [60, 100])
def test_the_story_table_keeps_each_story_on_one_line(result, width):
    lines = printed(story_table(result), width).splitlines()
    assert len(lines) == 3
    assert "ar en it vi" in lines[1] and "yes" in lines[1]
    assert "yes" not in lines[2]
    assert all(len(row.rstrip()) <= width for row in lines)


def test_the_pair_view_shows_the_score_and_the_evidence(explained):
    shown = printed(pair_view(explained, "Climate summit", "Clima"), 100)
    assert "Almost certainly the same story (98.5%)" in shown
    assert "60% of A, 50% of B" in shown
    assert "2: A 33; B 35" in shown
    assert "+4.50" in shown and "-2.00" in shown
    assert shown.index("Only in B") < shown.index("L'Italia era rappresentata")
    assert "Only in A" not in shown


def test_the_pair_view_works_without_evidence(explained):
    assert "Aligned" not in printed(pair_view(replace(explained, evidence=None), "a", "b"))


@pytest.mark.parametrize("colour", [False, True])
def test_a_text_neither_styles_nor_steers_the_terminal(hostile, hostile_texts, colour):
    link = replace(hostile.pairs[0], evidence=hostile.explain(hostile.pairs[0].article_a, hostile.pairs[0].article_b))
    views = [story_table(hostile), *(pair_view(link, text, text) for text in hostile_texts)]
    shown = "".join(printed(view, 200, colour) for view in views)
    assert "[bold red]markup[/]" in shown
    ours = re.sub(r"\x1b\[[012]?m", "", shown)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", ours)
    assert "owned" not in shown


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
    assert span(["2024-11-25", None, "2024-11-24T23:00:00+02:00", "?"]) == "2024-11-24 to 2024-11-25"


def test_a_line_is_cropped_with_an_ellipsis():
    assert line(" one\n two ") == "one two"
    assert line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//host",
        " https://x",
        'https://x"',
    ],
)
def test_only_http_addresses_are_linked(url):
    assert web_address(url) is None


def test_an_http_address_is_kept_as_it_is():
    assert web_address("HTTPS://example.org/a?b=c&d#e") == "HTTPS://example.org/a?b=c&d#e"
