"""What a terminal shows: it fits any width, is plain text in a pipe, and no article can control the terminal."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from detector.reporting.comparison import PairView
from detector.reporting.terminal import StoriesView, cropped, spelled

# The stories and the comparison of two articles that `conftest` makes, printed as the command line prints them.
PROGRAM = """
from dataclasses import replace
from rich.console import Console
from detector.reporting.comparison import PairView
from detector.reporting.terminal import StoriesView
from tests.reporting.conftest import _handmade

result = _handmade()
documents = {document.article.id: document for document in result.documents}
pair = result.pairs[1]
pair = replace(pair, evidence=result.explain(pair.article_a, pair.article_b))
Console().print(StoriesView(result, "report/report.html"), crop=False)
Console().print(PairView(pair, documents[pair.article_a], documents[pair.article_b]))
"""
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
STYLES = re.compile(r"\x1b\[[\d;]*m")


def environment(**variables):
    """The environment of this process with these variables, and without others that change what rich prints."""
    printing = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE")
    known = {name: value for name, value in os.environ.items() if name not in printing}
    return {**known, "PYTHONIOENCODING": "utf-8", "TERM": "xterm-256color", **variables}


def in_a_pipe(**variables):
    """What the program writes to a pipe, as bytes."""
    completed = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, env=environment(**variables)
    )
    return completed.stdout


def on_a_terminal(width, **variables):
    """What the program writes to a terminal so many columns wide."""
    pty = pytest.importorskip("pty", reason="no terminals to open here")
    import termios

    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (50, width))
    command = [sys.executable, "-c", PROGRAM]
    written = b""
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment(**variables)) as process:
        os.close(its)
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:  # Linux reports the closed end like this
            pass
        assert process.wait() == 0, written.decode()
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def printed(view, width=80, encoding="utf-8"):
    console = Console(file=io.TextIOWrapper(io.BytesIO(), encoding), width=width)
    console.print(view, crop=False)
    console.file.seek(0)
    return console.file.read()


def view_of(result, pair):
    documents = {document.article.id: document for document in result.documents}
    explained = replace(pair, evidence=result.explain(pair.article_a, pair.article_b))
    return PairView(explained, documents[pair.article_a], documents[pair.article_b])


@pytest.fixture
def compared(result):
    return view_of(result, result.pairs[1])


@pytest.mark.slow
@pytest.mark.parametrize("width", [40, 80, 140])
def test_nothing_but_the_path_of_the_report_is_wider_than_the_terminal(width):
    shown = on_a_terminal(width)
    assert "\x1b[1m" in shown
    lines = STYLES.sub("", shown).splitlines()
    # Only the line with the path of the report may be longer: half a path is of no use.
    assert all(cell_len(line) <= width or line.endswith("report/report.html") for line in lines)
    assert any("Rich countries" in line and "I Paesi ricchi" in line for line in lines) == (width >= 80)


def test_a_pipe_gets_plain_text():
    shown = in_a_pipe(COLUMNS="80").decode()
    assert not CONTROLS.search(shown)
    assert not re.search("[\u2500-\u259f]", shown)
    assert all(line == line.rstrip() for line in shown.splitlines())


@pytest.mark.slow
def test_letters_that_the_terminal_lacks_are_spelled_as_they_sound():
    shown = in_a_pipe(COLUMNS="80", PYTHONIOENCODING="ascii").decode("ascii")
    assert "Il negoziato e durato 35 ore" in " ".join(shown.split())
    assert "?" not in shown


def test_the_stories_in_several_languages_come_with_languages_probability_and_headline(result):
    lines = printed(StoriesView(result, "out/report.html"), 100).splitlines()
    assert lines[0] == "Stories in several languages"
    assert re.fullmatch(r" +4  ar en it vi +very likely, 94\.0%  قمة المناخ .*", lines[3])
    assert lines[-1] == (
        "8 articles, 2 stories of two or more articles, 1 in several languages, 1 storyline of two or more stories: "
        "out/report.html"
    )
    assert not any("River floods" in line for line in lines)


def test_the_largest_ten_are_shown_and_the_others_counted(make_document, make_story, make_result):
    documents = [
        make_document(f"{number:02}{language}", language, f"Story {number}")
        for number in range(12)
        for language in ("en", "fr")
    ]
    stories = [make_story(*documents[index : index + 2], strength=0.9 - index / 100) for index in range(0, 24, 2)]
    lines = printed(StoriesView(make_result(documents=documents, stories=stories, candidates=[]), "r")).splitlines()
    assert [line.split()[-1] for line in lines[3:13]] == [str(number) for number in range(10)]
    assert lines[13] == "and 2 more"


def test_without_stories_in_several_languages_the_largest_are_shown(result, make_document, make_story, make_result):
    floods = [document for document in result.documents if document.article.id.startswith("flood")]
    shown = printed(StoriesView(make_result(documents=floods, stories=[make_story(*floods)], candidates=[]), "r"))
    assert shown.startswith("No story is in several languages. The largest stories:\n")
    assert "River floods old town" in shown
    alone = make_result(documents=floods, stories=list(map(make_story, floods)), candidates=[])
    counts = (
        "2 articles, 0 stories of two or more articles, 0 in several languages, 0 storylines of two or more stories"
    )
    assert printed(StoriesView(alone, "r")) == f"{counts}: r\n"


def test_many_languages_are_counted_if_there_is_no_room(make_document, make_story, make_result):
    codes = ("ar", "de", "en", "es", "fr", "it", "zh-Hant")
    documents = [make_document(code, code, "Text") for code in codes]
    made = make_result(documents=documents, stories=[make_story(*documents)], candidates=[])
    assert " ar de en es +3  " in printed(StoriesView(made, "r"))


def test_a_comparison_shows_the_score_and_the_evidence(compared):
    shown = printed(compared, 100)
    for expected in (
        "Almost certainly the same story (98.5%)",
        "A  Climate summit ends with deal on $300 billion",
        "English, The Morning Paper, 2024-11-24, summit-en.txt",
        "relation     partial reuse\n             one reuses part of the other",
        "same event   98.5%",
        "same affair  98.5%",
        "similarity   0.80",
        "coverage     60% of A, 50% of B",
        "2: A has 33, B has 35",
        "300, 2035",
        "+4.50",
        "-2.00",
    ):
        assert expected in shown
    assert shown.index("Only in B") < shown.index("L'Italia era rappresentata")
    assert "Only in A" not in shown


def test_a_comparison_of_a_follow_up_says_so(result, make_pair):
    a, b, *_ = result.documents
    pair = make_pair(a, b, 0.03, storyline_probability=0.92, relation="follow-up")
    shown = printed(PairView(pair, a, b))
    assert shown.startswith("Almost certainly different stories (3.0%)")
    assert "relation     follow-up\n             another event of the same affair" in shown
    assert "same event   3.0%" in shown
    assert "same affair  92.0%" in shown


def test_a_comparison_without_evidence_is_the_score(result):
    documents = {document.article.id: document for document in result.documents}
    pair = result.pairs[1]
    shown = printed(PairView(pair, documents[pair.article_a], documents[pair.article_b]))
    assert "similarity" in shown
    assert "Aligned" not in shown


def test_sentences_written_from_right_to_left_are_stacked(result):
    lines = printed(view_of(result, result.pairs[2]), 140).splitlines()
    [arabic] = [index for index, line in enumerate(lines) if "2035." in line and "A  " in line]
    assert lines[arabic + 1].strip().startswith("B  Rich countries")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "shift_jis"])
@pytest.mark.parametrize("width", [40, 80, 140])
def test_no_text_styles_or_controls_the_terminal(hostile, width, encoding):
    views = [StoriesView(hostile, "r"), *(view_of(hostile, pair) for pair in hostile.pairs)]
    shown = "".join(printed(view, width, encoding) for view in views)
    assert "[bold red]markup[/]" in shown
    assert "owned" not in shown
    assert not CONTROLS.search(shown)


def test_a_word_of_a_megabyte_is_cropped(make_document, make_story, make_result):
    documents = [make_document(name, name, "w" * 1_000_000) for name in ("en", "fr")]
    made = make_result(documents=documents, stories=[make_story(*documents)], candidates=[])
    assert len(printed(StoriesView(made, "r"), 40)) < 500


@given(st.text(max_size=40), st.integers(4, 60), st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_what_is_cropped_fits_and_can_be_written(text, width, encoding):
    shown = cropped(text, width, encoding)
    assert cell_len(shown) <= width
    shown.encode(encoding)
    assert not CONTROLS.search(shown)


def test_only_the_letters_that_are_lacking_are_spelled():
    assert spelled("Málaga 会议…", "cp1252") == "Málaga HuiYi…"
    assert spelled("Málaga 会议…", "ascii") == "Malaga HuiYi..."
