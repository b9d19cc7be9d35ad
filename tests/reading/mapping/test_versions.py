"""Corrections, updates and records sent again are versions of one item; everything else stays an article."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.reading import Reading, read_articles
from detector.records import Article, Rejected, Version
from tests.reading.conftest import TEXT, Put, lines

FIRST = "The river rose by two metres in the night, and people left their homes near the old bridge."
SECOND = FIRST.replace("two", "three")
OTHER = "The minister opened a museum where many children came to see paintings of former times."


def record(
    id: str, version: int | None = None, day: int | None = None, text: str = FIRST, **more: Any
) -> dict[str, Any]:
    """A record; `day` is one of March 2026."""
    dated = {} if day is None else {"published": f"2026-03-{day:02}"}
    return {"id": id, "text": text, **({} if version is None else {"version": version}), **dated, **more}


def shown(reading: Reading) -> list[tuple[str, str]]:
    """Each outcome: an article's id and text, or why there is none."""
    return [
        (outcome.id, outcome.text) if isinstance(outcome, Article) else ("-", outcome.reason) for outcome in reading
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (record("a", version=2), record("a", version=10, text=SECOND)),
        (record("a", version=2, text=OTHER), record("a", version=10, day=1)),
        (record("a", day=3), record("a", day=4, text=SECOND)),
        (record("a", version=1, day=4), record("a", version=2, day=3, text=SECOND)),
        ({"url": "http://x.org/1", "text": FIRST, "date": "2026-03-04T10:00:00+01:00"},
         {"url": "http://x.org/1", "text": SECOND, "date": "2026-03-04T09:30:00Z"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_the_latest_version_is_the_article(earlier: dict[str, Any], later: dict[str, Any], turned: bool) -> None:
    reading = read_articles([later, earlier] if turned else [earlier, later])
    [article], [rejected] = reading.articles, reading.rejected
    number = earlier.get("version")
    assert article.text == later["text"]
    [version] = article.history
    assert version.number == (None if number is None else str(number))
    assert version.id == article.id
    assert rejected.superseded
    assert rejected.id == article.id
    assert rejected.reason == (
        f"earlier version of '{article.id}': superseded by <records>, record {1 if turned else 2}"
    )
    assert reading.summary["superseded"] == 1
    assert reading.summary["rejected"] == {"earlier version of …": 1}


def test_the_history_holds_every_earlier_version_in_order() -> None:
    records = [
        record("a", version=number, day=number, text=f"{FIRST} {number}", title=f"Flood, part {number}")
        for number in (2, 11, 1, 3)
    ]
    reading = read_articles([record("b"), *records])
    assert reading.articles == [
        Article("b", FIRST),
        Article("a", f"{FIRST} 11", "Flood, part 11", published="2026-03-11", history=tuple(
            Version("a", str(number), f"2026-03-{number:02}", f"Flood, part {number}") for number in (1, 2, 3)
        )),
    ]  # fmt: skip
    assert len(reading) == 5
    assert [type(outcome) for outcome in reading][1:] == [Rejected, Article, Rejected, Rejected]


def test_all_versions_may_be_kept() -> None:
    records = [record("a", version=2, text=SECOND), record("a", version=1), record("a", version=2, text=SECOND)]
    reading = read_articles(records, versions="all")
    assert shown(reading) == [
        ("a", SECOND), ("a@1", FIRST), ("-", "sent again: identical to <records>, record 1"),
    ]  # fmt: skip
    assert reading.articles[0].history == ()
    assert shown(read_articles([record("a", day=3), record("a", day=4, text=SECOND)], versions="all")) == [
        ("a@2026-03-03", FIRST), ("a", SECOND),
    ]  # fmt: skip


def test_a_record_sent_again_is_counted_as_superseded() -> None:
    reading = read_articles([record("a", version=1), record("a", version=1), record("a", day=5), record("b")])
    assert shown(reading)[1:3] == [("-", "sent again: identical to <records>, record 1")] * 2
    assert all(rejected.superseded for rejected in reading.rejected)
    assert [article.id for article in reading.articles] == ["a", "b"]


def test_copies_with_different_ids_or_urls_stay_articles() -> None:
    """Which of them tell one story is found later; here nothing is lost."""
    records = [record(id, url=f"http://{id}.org/1", title="Flood in the valley", source="AFP", day=3) for id in "abc"]
    marked = record("d", title="UPDATE 1-Flood in the valley", source="AFP", day=3)
    assert len(read_articles([*records, marked]).articles) == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (record("a"), record("a", text=SECOND)),
        (record("a", day=3), record("a", day=3, text=SECOND)),
        (record("a", day=3), record("a", text=SECOND)),
        (record("a", day=3), record("a", day=4, text=OTHER)),
        (record("a", day=3, language="it"), record("a", day=4, text=SECOND, language="fr")),
        (record("a", day=3, source="AFP"), record("a", day=4, text=SECOND, source="dpa")),
        (record("a", version=1), record("a", version=1, text=SECOND)),
        ({**record("a"), "version": "draft"}, {**record("a", text=SECOND), "version": "final"}),
    ],
)
def test_without_evidence_of_a_version_an_equal_id_is_a_duplicate(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    reading = read_articles([first, second])
    assert shown(reading) == [
        ("a", first["text"]), ("-", "duplicate id 'a': already used by <records>, record 1, which is kept"),
    ]  # fmt: skip
    assert not reading.rejected[0].superseded
    assert reading.articles[0].history == ()


HEADLINE = "Fed raises its rates again"
UPDATE = record("b", day=4, text=SECOND, title=f"UPDATE 1-{HEADLINE}", source="Reuters")
BASE = record("a", day=3, title=HEADLINE, source="Reuters")


@pytest.mark.parametrize(
    "title",
    [
        *(f"UPDATE 2-{HEADLINE}", f"CORRECTED-{HEADLINE}", f"CORRECTED-UPDATE 1-{HEADLINE}", f"REFILE-{HEADLINE}"),
        *(f"RECASTS-{HEADLINE}", f"(LEAD) {HEADLINE}", f"(2nd LD) {HEADLINE}", f"{HEADLINE} (1st Ld-Writethru)"),
        *(f"{HEADLINE}, 1st Ld-Writethru", f"1st LD-Writethru: {HEADLINE}", f"Correction: {HEADLINE}"),
    ],
)
def test_marked_headlines_of_one_source_are_versions(title: str) -> None:
    for records in ([BASE, {**UPDATE, "title": title}], [{**UPDATE, "title": title}, BASE]):
        [article] = read_articles(records).articles
        assert (article.id, article.title) == ("b", title)
        assert article.history == (Version("a", None, "2026-03-03", HEADLINE),)
    assert len(read_articles([BASE, {**UPDATE, "title": title}], versions="all").articles) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"source": "AFP"},
        {"source": None},
        {"published": "2026-03-09"},
        {"published": None},
        {"published": "2026-03-02"},
        {"text": OTHER},
        {"language": "fr"},
        {"title": HEADLINE},
        {"title": f"UPDATE 1-{HEADLINE} and more"},
        {"title": f"Lead {HEADLINE}"},
        {"title": f"{HEADLINE} UPDATE 1"},
    ],
)
def test_a_doubtful_version_stays_an_article(change: dict[str, Any]) -> None:
    reading = read_articles([{**BASE, "language": "en"}, {**UPDATE, **change}])
    assert len(reading.articles) == 2
    assert not reading.rejected


CANCELLED = {"pubstatus": "canceled"}


def test_a_cancelled_item_takes_its_earlier_versions_with_it() -> None:
    notice = {"id": "a", "version": 3, **CANCELLED}
    versions = [record("a", version=1), record("a", version=2, text=SECOND)]
    for records in ([*versions, notice], [notice, *versions], [versions[0], notice, versions[1]]):
        reading = read_articles([*records, record("b")])
        assert [article.id for article in reading.articles] == ["b"]
        reasons = reading.summary["rejected"]
        assert sum(reasons.values()) == 3
        assert set(reasons) <= {"cancelled by its sender", "earlier version of …"}


def test_an_item_may_come_back_after_it_was_cancelled() -> None:
    notice = {"id": "a", "version": 2, **CANCELLED}
    reading = read_articles([record("a", version=1), notice, record("a", version=3, text=SECOND)])
    assert shown(reading) == [
        ("-", "cancelled by its sender: see <records>, record 2"),
        ("-", "cancelled by its sender"),
        ("a", SECOND),
    ]


def test_without_a_number_or_a_date_a_cancellation_means_every_version() -> None:
    assert not read_articles([{"id": "a", **CANCELLED}, record("a", day=3)]).articles


def test_versions_are_found_across_files_whatever_the_order(put: Put) -> None:
    paths = [
        put("b/new.jsonl", lines(record("a", version=2, text=SECOND), {"text": TEXT})),
        put("a/old.json", json.dumps([record("a", version=1), record("c")])),
        put("c.csv", f'id,version,text\na,3,"{FIRST} Again."\nd,1,{TEXT}\n'),
    ]
    expected = list(read_articles(paths))
    assert [outcome.id for outcome in expected if isinstance(outcome, Article)] == ["c", "new.jsonl:2", "a", "d"]
    assert [outcome.reason for outcome in expected if isinstance(outcome, Rejected)] == [
        f"earlier version of 'a': superseded by {later}, record 1" for later in (paths[0], paths[2])
    ]
    for _ in range(5):
        random.shuffle(paths)
        assert list(read_articles(paths)) == expected


def test_the_url_of_a_page_never_equals_a_declared_id(put: Put, tmp_path: Path) -> None:
    url = "http://x.org/1"
    text = "".join(
        f"<p>{FIRST} The mayor said so in the town hall, {day} days after the rain had begun.</p>" for day in "23456"
    )
    page = f'<html><head><link rel="canonical" href="{url}"></head><body><article>{text}</article></body></html>'
    put("a.html", page), put("b.html", page), put("c.jsonl", lines({"url": url, "text": FIRST})), put("d.txt", FIRST)
    reading = read_articles(tmp_path)
    assert len({article.id for article in reading.articles}) == len(reading.articles)
    assert url in {article.id for article in reading.articles}
    assert len(reading) == 4


def test_a_rejected_record_is_not_a_version() -> None:
    reading = read_articles([record("a", version=2, text="One"), record("a", version=1), {"id": "a"}])
    assert [article.text for article in reading.articles] == [FIRST]
    assert [rejected.superseded for rejected in reading.rejected] == [False, False]


def test_articles_keep_their_history_when_they_are_read_again() -> None:
    [article] = read_articles([record("a", version=1), record("a", version=2, text=SECOND)]).articles
    assert read_articles([article]).articles == [article]
    assert article.history


def test_an_unknown_value_of_versions_raises() -> None:
    with pytest.raises(ValueError, match="unknown versions 'newest'; choose from latest, all"):
        read_articles([], versions="newest")  # type: ignore[arg-type]


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["a", "b", "c", None])},
        optional={
            "text": st.sampled_from([FIRST, SECOND, OTHER, "One", None]),
            "title": st.sampled_from([HEADLINE, f"UPDATE 1-{HEADLINE}", f"(LEAD) {HEADLINE}", None]),
            "version": st.sampled_from([1, 2, "3", "x", None, [1]]),
            "published": st.sampled_from(["2026-03-03", "2026-03-04T10:00:00Z", "2026-03-04T09:00:00", None]),
            "source": st.sampled_from(["Reuters", "AFP", None]),
            "pubstatus": st.sampled_from(["usable", "canceled", "withheld", None]),
        },
    ),
    max_size=8,
)


@given(RECORDS, st.sampled_from(["latest", "all"]))
def test_every_record_has_one_outcome_and_every_article_its_own_id(records: list[dict[str, Any]], keep: Any) -> None:
    reading = read_articles(records, versions=keep)
    outcomes = list(reading)
    assert len(outcomes) == len(records) == len(reading.articles) + len(reading.rejected)
    assert len({article.id for article in reading.articles}) == len(reading.articles)
    earlier_versions = sum(len(article.history) for article in reading.articles)
    assert earlier_versions <= sum(rejected.superseded for rejected in reading.rejected)
    assert sum(reading.summary["rejected"].values()) == len(reading.rejected)
