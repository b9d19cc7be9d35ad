"""report.html: self-contained, honest about what it leaves out, and safe whatever an article says."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from detector.reporting.page.html import report_html
from detector.reporting.report_data import ReportData
from detector.reporting.sanitize import clean

VOID = {"meta", "link", "input", "img", "br"}


class Page(HTMLParser):
    """Every tag with its attributes, the text, the data for the script, and whether the tags close in order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.texts, self.raw = [], [], [], {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        assert len(attributes) == len(dict(attributes))
        self.tags.append((tag, dict(attributes)))
        self.texts.append(" ")
        if tag not in VOID:
            self.open.append((tag, dict(attributes).get("id", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and self.open[-1][0] in ("style", "script"):
            self.raw.setdefault(self.open[-1], []).append(data)
        else:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def data(self, name):
        return json.loads("".join(self.raw["script", f"{name}-data"]))


@pytest.fixture
def page(result):
    return Page(report_html(ReportData(result)))


@pytest.fixture
def hostile_page(hostile):
    return Page(report_html(ReportData(hostile)))


def test_the_counts_are_right_and_in_a_sentence(page):
    assert "8 articles in 5 languages. 6 of them form 2 stories, 1 in several languages; 2 match no other article." in (
        page.text
    )
    assert "articles 8 languages 5 sources 4 stories 2 in several languages 1" in page.text
    assert "unmatched 2 rejected 2 text pieces removed 1" in page.text


def test_the_threshold_the_model_and_the_profile_are_in_words(page):
    assert "if the probability that they report the same event is 50% or more" in page.text
    assert "with the model some-model; pairs were scored with the profile some-profile" in page.text


def test_rejected_records_have_their_table(page):
    assert "not valid JSON: the line ends early" in page.text


def test_the_first_stories_are_listed_without_a_script(page):
    assert "4 articles in Arabic, English, Italian, Vietnamese; strength 94.0%" in page.text
    assert "Clima, chiuso il vertice di Baku: 300 miliardi l'anno (Italian)" in page.text


def test_an_empty_result_makes_a_page(make_result):
    assert "No two of them report the same story." in Page(report_html(ReportData(make_result([], [], [])))).text


def test_article_text_says_its_language_and_direction(page):
    assert ("bdi", {"lang": "ar", "dir": "auto"}) in page.tags
    assert all("dir" in attributes for _, attributes in page.tags if "lang" in attributes and _ != "html")


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all("scope" in attributes for attributes in page.all("th"))


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_the_page_loads_nothing(which, request):
    page = request.getfixturevalue(which)
    policy = page.all("meta")[1]["content"]
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(page.raw[tag, ""]).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    kinds = [attributes.get("type") for attributes in page.all("script")]
    assert kinds == ["application/json", "application/json", None]
    assert policy.startswith("default-src 'none';")
    assert page.all("link") == [{"rel": "icon", "href": "data:,"}]
    own = "".join(page.raw["style", ""] + page.raw["script", ""])
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", own)
    assert not {tag for tag, _ in page.tags} & {"img", "iframe", "object", "embed", "base", "svg", "video"}
    names = {name for _, attributes in page.tags for name in attributes}
    assert "src" not in names
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]


def test_the_script_has_no_way_to_make_markup_of_a_text(page):
    script = "".join(page.raw["script", ""])
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser", script
    )


def test_hostile_texts_are_shown_as_text(hostile_page, hostile_texts):
    report = hostile_page.data("report")
    column = report["columns"]["article"].index("headline")
    headlines = [row[column] for row in report["articles"]]
    for text in hostile_texts:
        assert " ".join(clean(text).split()) in headlines
        assert " ".join(clean(text).split()) in hostile_page.text
    assert all(link["href"].startswith("#") for link in hostile_page.all("a"))


def test_no_hidden_character_reaches_the_page(hostile):
    html = report_html(ReportData(hostile))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert not re.search(r"\\u00[01]|\\u202[a-e]|\\u206[6-9]|\\ud[89a-f]", html.split('id="report-data"')[1])


def test_ids_in_the_page_are_ours(hostile_page):
    ids = [attributes["id"] for _, attributes in hostile_page.tags if "id" in attributes]
    assert all(re.fullmatch(r"[a-z-]+", id_) for id_ in ids)
    assert len(ids) == len(set(ids))


@pytest.mark.slow
def test_the_page_is_the_same_to_the_byte_in_any_process():
    code = (
        "import hashlib; from tests.reporting.conftest import _handmade; "
        "from detector.reporting.page.html import report_html; from detector.reporting.report_data import ReportData; "
        "print(hashlib.sha256(report_html(ReportData(_handmade())).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "7")
    }
    assert len(digests) == 1
    assert next(iter(digests)).strip()
