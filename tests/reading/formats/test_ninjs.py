"""ninjs, field by field as the schemas 1.4, 1.7, 2.4 and 3.2 and the examples of the IPTC (iptc/newsinjson) have it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from detector.reading import read_articles
from detector.records import Article
from tests.reading.conftest import Read, lines

URI = "http://ninjs.example.com/newsitems/20130709med123"
HEADLINE = "Captain of wrecked cruise ship on trial in Italy"
PLAIN = "The trial of the captain has begun. His lawyer spoke to reporters."
MARKED_UP = "<p>The trial of the captain has begun.</p><p>His lawyer spoke to reporters.</p>"
PARAGRAPHS = "The trial of the captain has begun.\nHis lawyer spoke to reporters."
SHARED: dict[str, Any] = {
    "uri": URI,
    "type": "text",
    "profile": "text-only",
    "language": "en",
    "located": "Grossetto, Italy",
}
V1_4 = {
    **SHARED,
    "version": "1",
    "versioncreated": "2013-07-09T10:37:00Z",
    "pubstatus": "usable",
    "copyrightholder": "The News Agency",
    "person": [{"name": "Francesco Schettino", "rel": "about", "scheme": "http://example.com/", "code": "0hzcydt"}],
    "byline": "Paulo Santalucia",
    "headline": HEADLINE,
    "body_text": PLAIN,
    "body_xhtml": MARKED_UP,
}
V1_7 = {
    **SHARED,
    "versioncreated": "2013-07-09T10:37:00Z",
    "infosource": [{"name": "The News Agency", "rel": "source"}],
    "headline_main": HEADLINE,
    "body_main": PLAIN,
    "body_richtext": MARKED_UP,
}
V2_4 = {
    **SHARED,
    "versioncreated": "2013-07-09T10:37:00Z",
    "infosources": [{"name": "The News Agency"}],
    "headlines": [{"role": "sub", "value": "A trial"}, {"role": "main", "value": HEADLINE}],
    "bodies": [
        {"role": "richtext", "contenttype": "application/xhtml+xml", "value": MARKED_UP},
        {"role": "main", "contenttype": "text/plain", "value": PLAIN},
    ],
}
V3_2 = {
    **SHARED,
    "version": "1",
    "firstCreated": "2013-07-09T10:00:00Z",
    "versionCreated": "2013-07-09T10:37:00Z",
    "contentCreated": "2013-07-09T09:00:00Z",
    "pubStatus": "usable",
    "copyrightHolder": "The News Agency",
    "by": "Paulo Santalucia",
    "headlines": [{"value": HEADLINE}],
    "bodies": [{"role": "main", "contentType": "text/plain", "charCount": 66, "value": PLAIN}],
}
ARTICLE = Article(URI, PLAIN, HEADLINE, "en", "2013-07-09T10:37:00+00:00", "The News Agency")


@pytest.mark.parametrize("record", [V1_4, V1_7, V2_4, V3_2])
@pytest.mark.parametrize(
    "written",
    [
        lambda record: json.dumps(record),
        lambda record: json.dumps(record, indent=4),
        lambda record: json.dumps([record]),
        lambda record: lines(record),
    ],
)
def test_every_field_of_every_version_is_found(record: dict[str, Any], written: Any, read: Read) -> None:
    for name in ("a.json", "a.ninjs", "a"):
        reading = read(name, written(record))
        assert list(reading) == [ARTICLE]
        assert reading.summary["formats"] == {"ninjs": 1}


def test_the_summary_names_the_fields_of_ninjs() -> None:
    reading = read_articles([V2_4])
    assert reading.articles == [ARTICLE]
    assert reading.summary["fields"] == {
        "id": {"uri": 1},
        "language": {"language": 1},
        "published": {"versioncreated": 1},
        "source": {"infosources": 1},
        "text": {"bodies": 1},
        "title": {"headlines": 1},
    }


def test_marked_up_bodies_become_paragraphs() -> None:
    """As dpa sends them: one body, as HTML."""
    html = (
        '<section class="main"><p>Für Favre war es «der größte Skandal».</p><p>Das sagte er&nbsp;später.</p></section>'
    )
    dpa = {
        "uri": "urn:newsml:dpa.com:20090101:190510-99-167362",
        "version": "2",
        "versioncreated": "2019-05-10T16:02:28+02:00",
        "pubstatus": "usable",
        "language": "de",
        "bodies": [{"role": "html", "contenttype": "text/html", "value": html}],
        "headlines": [{"role": "main", "value": "Faktencheck Derby-Elfmeter"}],
    }  # fmt: skip
    [article] = read_articles([dpa]).articles
    assert article.text == "Für Favre war es «der größte Skandal».\nDas sagte er später."
    without_plain = {name: value for name, value in V1_4.items() if name != "body_text"}
    assert read_articles([without_plain]).articles[0].text == PARAGRAPHS


@pytest.mark.parametrize(
    ("status", "reason"),
    [({"pubstatus": "canceled"}, "cancelled by its sender"), ({"pubStatus": "withheld"}, "withheld by its sender")],
)
def test_withdrawn_and_withheld_items_are_rejected_and_counted(status: dict[str, str], reason: str) -> None:
    reading = read_articles([{**V2_4, **status}, {**V3_2, "uri": "b"}])
    assert [article.id for article in reading.articles] == ["b"]
    assert [(rejected.reason, rejected.id) for rejected in reading.rejected] == [(reason, URI)]
    assert reading.summary["rejected"] == {reason: 1}


def test_an_embargo_with_an_end_only_concerns_publication() -> None:
    assert len(read_articles([{**V3_2, "embargoedUntil": "2099-01-01T00:00:00Z"}]).articles) == 1
    [rejected] = read_articles([{**V3_2, "embargoed": "until further notice"}]).rejected
    assert rejected.reason == "embargoed until 'until further notice', which is not a date"


def test_a_picture_has_no_text() -> None:
    picture = {**SHARED, "type": "picture", "versioncreated": "2013-07-09T10:37:00Z", "headlines": []}
    [rejected] = read_articles([picture]).rejected
    assert rejected.reason.startswith("no text, or an empty one; fields found: 'uri', 'type', 'profile'")


@pytest.mark.parametrize("bodies", [["text"], [{}], [{"value": 7}], [{"role": "main"}], {"value": PLAIN}])
def test_unusable_bodies_cost_only_their_record(bodies: object) -> None:
    [rejected] = read_articles([{**SHARED, "bodies": bodies}]).rejected
    assert rejected.reason in ("the text is a list, not a string", "the text is an object, not a string")


@pytest.mark.parametrize("text", ["دخل القبطان قاعة المحكمة", "船长 出庭 受审", "Капитан предстал перед судом"])
def test_texts_in_every_script_are_unchanged(text: str, read: Read) -> None:
    record = {
        **V2_4,
        "bodies": [{"contenttype": "text/html", "value": f"<p>{text}</p>"}],
        "headlines": [{"value": text}],
    }
    [article] = read("a.json", json.dumps(record, ensure_ascii=False))
    assert isinstance(article, Article)
    assert (article.text, article.title) == (text, text)
