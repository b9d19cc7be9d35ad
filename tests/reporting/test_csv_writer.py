"""The cells of the CSV files: on one line, readable back, and never a formula."""

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reporting.csv_writer import defused
from detector.reporting.report_data import ReportData
from detector.reporting.tables import pairs_csv, stories_csv

# How the README says that a defused cell becomes the text again.
DEFUSED = re.compile(r"""((?:^|;)[\s"'\u200b-\u200f\u2060\ufeff]*)'(?=[=+\-@＝＋－＠])""")


def rows(chunks):
    return list(csv.DictReader(io.StringIO("".join(chunks), newline="")))


def test_hostile_ids_stay_apart_and_can_be_undone(hostile):
    written_ids = [row["article_id"] for row in rows(stories_csv(ReportData(hostile)))]
    undone = [
        re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), DEFUSED.sub(r"\1", id)) for id in written_ids
    ]
    assert sorted(undone) == sorted(document.article.id for document in hostile.documents)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", "\t", "\r", " ", '"', "'", "\x00", "\x1b[0m", "\u200b", "Rain; ", 'Rain;"'])
def test_no_text_is_a_formula_in_a_spreadsheet(before, sign, make_document, make_story, make_result):
    text = f"{before}{sign}cmd|' /C calc'!A0"
    document = make_document(text, "en", text, title=text, source=text, published=text)
    made = make_result(documents=[document], stories=[make_story(document)], candidates=[])
    [row] = rows(stories_csv(ReportData(made)))
    for column in ("article_id", "title", "source", "published", "story_title"):
        # Where semicolons end cells, quotes do not hold them together.
        for cell in row[column].split(";"):
            assert not cell.lstrip(" \"'\u200b").startswith(sign) or cell.lstrip(' "\u200b').startswith("'"), column
        assert "cmd|' /C calc'!A0" in row[column]


@given(st.text(alphabet="=+-@＝;'\" ,\tab\u200b", max_size=12))
def test_defusing_loses_nothing(text):
    assert DEFUSED.sub(r"\1", defused(text)) == text
    assert not re.search(r"""(^|;)[\s"\u200b]*[=+\-@＝]""", defused(text))


def test_numbers_are_never_taken_for_formulas(result):
    [row] = rows(pairs_csv(ReportData(result), [replace(result.pairs[0], days_apart=-0.17)]))
    assert row["days_apart"] == "-0.170000"


def test_a_cell_is_one_line_of_what_can_be_seen(make_document, make_story, make_result):
    title = 'Flood,\r\n "river"\x00\x1b[31m rises\u202e;\x9b2J'
    document = make_document("a\nb\x1b\\u0041", "en", "x", title=title)
    made = make_result(documents=[document], stories=[make_story(document)], candidates=[])
    lines = list(stories_csv(ReportData(made)))
    assert len(lines) == 2
    assert lines[1].count("\n") == 1
    [row] = rows(lines)
    assert row["title"] == 'Flood, "river" rises;'
    assert row["article_id"] == r"a\u000ab\u001b\u005cu0041"
