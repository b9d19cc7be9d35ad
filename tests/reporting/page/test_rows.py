"""The rows of the page's data: the script's types name the same columns as Python does, in the same order."""

import re
from importlib.resources import files
from typing import get_type_hints

import pytest

from detector.reporting.page.page_data import page_data
from detector.reporting.page.rows import EVIDENCE_ROWS, REPORT_ROWS, columns
from detector.reporting.page.stories_at_threshold import StoriesAtThreshold
from detector.reporting.phrases import Phrases
from detector.reporting.report_data import ReportData

REPORT = files("detector.reporting").joinpath("templates", "report")


def described(script, type_):
    """The properties of a type in a script, in order."""
    text = REPORT.joinpath(script).read_text(encoding="utf-8")
    [block] = re.findall(rf"@typedef {{object}} {type_}\n((?: \* @property .*\n)+)", text)
    return re.findall(r"@property {.*} (\w+)", block)


@pytest.mark.parametrize("row", [*REPORT_ROWS.values(), *EVIDENCE_ROWS.values()], ids=lambda row: row.__name__)
def test_the_script_describes_the_columns_of_each_row(row):
    assert described("rows.mjs", row.__name__) == list(row._fields)


def test_the_script_describes_the_stories_at_a_threshold():
    assert described("rows.mjs", "StoriesAtThreshold") == list(get_type_hints(StoriesAtThreshold))


def test_the_script_describes_all_tables(result):
    page = page_data(ReportData(result))
    assert described("rows.mjs", "ReportTables") == list(page.report)
    assert described("rows.mjs", "EvidenceTables") == list(page.evidence)


def test_the_script_describes_the_phrases_that_it_uses():
    assert set(described("words.mjs", "Phrases")) < set(get_type_hints(Phrases))


def test_the_columns_of_each_kind_of_row_are_named():
    assert columns(REPORT_ROWS)["language"] == ("code", "name")
    assert columns(EVIDENCE_ROWS)["mark"] == ("start", "length", "kind")
