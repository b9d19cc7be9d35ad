"""report.html: complete, honest about what it leaves out, and safe whatever an article says."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from detector.records import Aligned, Evidence
from detector.reporting.page import report_html
from detector.reporting.reported import Gathered
from detector.reporting.view import evidence_view, marked
from detector.reporting.words import clean

VOID = {"meta", "link", "input", "img", "br"}
CELLS = {"td", "th", "dt", "dd"}


class Page(HTMLParser):
    """Every tag with its attributes, the text, and whether the tags close in order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.texts, self.raw = [], [], [], {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        assert len(attributes) == len(dict(attributes))
        self.tags.append((tag, dict(attributes)))
        self.texts.append(" " if tag in CELLS else "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "script"):
            self.raw.setdefault(self.open[-1], []).append(data)
        else:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(result):
    return Page(report_html(Gathered(result)))


@pytest.fixture
def hostile_page(hostile):
    return Page(report_html(Gathered(hostile)))


def test_the_counts_are_right(page):
    assert page.text.startswith("Story report Story report articles 8 languages 5 stories of two or more 2")
    assert "of them across languages 1 rejected 2" in page.text


def test_the_threshold_the_model_and_the_profile_are_in_words(page):
    assert "the probability that they tell the same story is 50% or more" in page.text
    assert "the model some-model" in page.text
    assert "the profile some-profile" in page.text


def test_every_article_and_link_is_shown(page, result):
    for document in result.documents:
        assert document.article.id in page.text
    assert "5 of 6 pairs inside this story are links; the rest lies under the reporting floor" in page.text
    assert "98.5%" in page.text
    assert ">99.9%" in page.text


def test_evidence_is_shown_with_what_agrees_and_what_does_not(page, result):
    assert "Only on this side: 33" in page.text
    assert "Only on this side: 35" in page.text
    assert "Only in 1 Italian L'Italia era rappresentata" in page.text
    assert page.all("mark")
    assert "link to another article: Read more: five charts on the climate" in page.text


def test_alone_near_misses_and_rejected_have_their_tables(page):
    assert "none at or above the reporting floor" in page.text
    assert "not valid JSON: the line ends early" in page.text
    assert re.search(r"Near misses .* 20\.0% 0\.80 different", page.text)


def test_a_roundup_is_marked_among_the_articles_of_its_story(make_result, make_document, make_story):
    documents = [make_document(name, "en", f"Headline {name}") for name in ("a", "b")]
    made = make_result(documents=documents, stories=[make_story(*documents, roundups=("b",))], candidates=[])
    spans = re.findall(r"<span>(representative|roundup)</span>", report_html(Gathered(made)))
    assert spans == ["representative", "roundup"]


def test_an_empty_result_makes_a_page(make_result):
    assert "No two articles tell the same story." in Page(report_html(Gathered(make_result([], [], [])))).text


def test_only_web_addresses_are_linked_and_say_nothing_of_the_reader(page):
    links = page.all("a")
    assert {link["href"] for link in links} == {"https://example.org/climate", "https://example.org/ar/qimma?x=1&y=2"}
    assert {link["rel"] for link in links} == {"noopener noreferrer nofollow"}
    assert "javascript:alert(1)" in page.text


def test_only_the_first_story_is_open(page):
    stories = [details for details in page.all("details") if details.get("class") == "story"]
    assert ["open" in details for details in stories] == [True, False]


def test_article_text_says_its_language_and_direction(page):
    assert ("bdi", {"lang": "ar", "dir": "auto"}) in page.tags
    assert ("p", {"lang": "it", "dir": "auto"}) in page.tags
    assert all("dir" in attributes for _, attributes in page.tags if "lang" in attributes and _ != "html")


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all("scope" in attributes for attributes in page.all("th"))


@pytest.mark.parametrize("which", ["page", "hostile_page"])
def test_the_page_asks_the_network_for_nothing(which, request):
    page = request.getfixturevalue(which)
    policy = page.all("meta")[1]["content"]
    for tag in ("style", "script"):
        assert len(page.all(tag)) == 1
        digest = base64.b64encode(hashlib.sha256("".join(page.raw[tag]).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert page.all("link") == [{"rel": "icon", "href": "data:,"}]
    assert not re.search(r"url\(|@import|https?:", "".join(page.raw["style"] + page.raw["script"]))
    assert not {tag for tag, _ in page.tags} & {"img", "iframe", "object", "embed", "form", "base", "svg", "video"}
    names = {name for _, attributes in page.tags for name in attributes}
    assert "src" not in names and "style" not in names
    assert not [name for name in names if name.startswith("on")]


def test_hostile_texts_are_shown_as_text(hostile_page, hostile_texts):
    for text in hostile_texts:
        assert " ".join(clean(text).split()) in hostile_page.text
    assert not hostile_page.all("a")


def test_no_hidden_character_reaches_the_page(hostile):
    html = report_html(Gathered(hostile))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert "49" not in re.sub(r"<(style|script)>.*?</\1>|sha256-[^']*", "", html, flags=re.DOTALL)


def test_ids_in_the_page_are_numbers_not_data(hostile_page):
    ids = [attributes["id"] for _, attributes in hostile_page.tags if "id" in attributes]
    assert all(re.fullmatch(r"[a-z-]+(\d+)?", id_) for id_ in ids)
    assert len(ids) == len(set(ids))


def test_the_page_is_bounded_and_says_what_it_leaves_out(make_result, make_document, make_story, make_pair):
    documents = [make_document(f"{number:04}", "en", f"Headline {number}") for number in range(1010)]
    couples = list(zip(documents[::2], documents[1::2], strict=True))
    made = make_result(
        documents=documents,
        stories=[make_story(*couple) for couple in couples],
        candidates=[make_pair(*couple, 0.9) for couple in couples],
    )
    page = Page(report_html(Gathered(made)))
    assert len([details for details in page.all("details") if details.get("class") == "story"]) == 500
    assert "This page shows the first 500 stories; 5 more are in stories.csv." in page.text


def test_sentences_whose_numbers_disagree_are_always_among_those_shown(result):
    aligned = tuple(Aligned(place, place, f"a{place}", f"b{place}", 1 - place / 100) for place in range(20))
    view = evidence_view(result.pairs[0], Evidence(aligned, (), (), (), (), ((19, ("1",), ("2",)),)))
    assert [row.segments_a[0][0] for row in view.aligned.items] == [f"a{place}" for place in (*range(9), 19)]
    assert view.aligned.left == 10


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
def test_shared_names_and_numbers_are_marked_where_they_stand_whole(text, shared, found):
    segments = marked(text, shared)
    assert [piece for piece, is_shared in segments if is_shared] == found
    assert "".join(piece for piece, _ in segments) == text
