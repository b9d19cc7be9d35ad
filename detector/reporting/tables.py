"""The files for other programs: stories, pairs, stories with evidence, rejected records, the run; the long ones line by
line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

from detector.records import Article, Evidence, Pair, Rejected, Story
from detector.reporting.phrases import line, title_of
from detector.reporting.report_data import ReportData

Cell: TypeAlias = str | float | bool | None

STORY_COLUMNS = (
    "story_id",
    "article_id",
    "language",
    "title",
    "source",
    "published",
    "probability",
    "representative",
)
PAIR_COLUMNS = (
    "article_a",
    "article_b",
    "probability",
    "similarity",
    "cosine",
    "coverage_a",
    "coverage_b",
    "relation",
    "language_a",
    "language_b",
    "days_apart",
)
STRONGEST_LINKS = 5
_IDS = {"story_id", "article_id", "article_a", "article_b", "pair"}
BYTE_ORDER_MARK = "\ufeff"

# Where a spreadsheet begins to read a formula: at the start of a cell, or after a semicolon where that ends a cell,
# behind blanks, quotes or what has no width. The wide signs count where it is set to Chinese or Japanese.
_FORMULA = re.compile(r"""((?:^|;)[\s"'\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@＝＋－＠])""")
_QUOTED = re.compile(r"[\",;\t\r\n]")
# What acts on a terminal or hides in a text. Ids and JSON show its code: no id may become another.
_UNSEEN = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
_UNSEEN_IN_JSON = re.compile(_UNSEEN)
_UNSEEN_IN_ID = re.compile(_UNSEEN + r"|\\(?=u[0-9a-f]{4})")


def stories_csv(gathered: ReportData) -> Iterator[str]:
    """One line an article, story after story."""
    return csv_lines(STORY_COLUMNS, story_rows(gathered))


def pairs_csv(pairs: Iterable[Pair]) -> Iterator[str]:
    """One line a pair, in the order given."""
    return csv_lines(PAIR_COLUMNS, pair_rows(pairs))


def story_rows(gathered: ReportData) -> Iterator[tuple[Cell, ...]]:
    """The values of `STORY_COLUMNS`, an article a row, story after story; texts as they came."""
    for story in gathered.result.stories:
        representative = story.representative.id
        for article, probability in zip(story.articles, story.membership, strict=True):
            document = gathered.documents[article.id]
            yield (
                story.id,
                article.id,
                document.language,
                title_of(document) or None,
                article.source,
                article.published,
                _rounded(probability),
                article.id == representative,
            )


def pair_rows(pairs: Iterable[Pair]) -> Iterator[tuple[Cell, ...]]:
    """The values of `PAIR_COLUMNS`, a pair a row, in the order given."""
    for pair in pairs:
        values = (getattr(pair, column) for column in PAIR_COLUMNS)
        yield tuple(_rounded(value) if isinstance(value, float) else value for value in values)


def defused(text: str) -> str:
    """The text with an apostrophe before every sign that a spreadsheet would take for the start of a formula.

    Nothing is lost: an apostrophe that stands where `_FORMULA` looks, right before such a sign, is one put there.
    """
    return _FORMULA.sub(r"\1'", text)


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Lines as in RFC 4180, but ended by "\n"; what holds a semicolon is quoted too, as some readers split there."""
    yield ",".join(columns) + "\n"
    for row in rows:
        yield ",".join(_quoted(_cell(*named)) for named in zip(columns, row, strict=True)) + "\n"


def _cell(column: str, value: Cell) -> str:
    """Numbers with six decimals, texts on one line and without formulas, ids with what cannot be seen written out."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return defused(_UNSEEN_IN_ID.sub(_code, value) if column in _IDS else line(value))
        case _:
            return f"{value:z.6f}"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _code(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def stories_jsonl(gathered: ReportData) -> Iterator[str]:
    """One line a story: its articles, and the evidence of its strongest links."""
    yield from _json_lines(_story_record(story, gathered) for story in gathered.result.stories)


def strongest_links(gathered: ReportData) -> Iterator[Pair]:
    """The links whose evidence stories.jsonl shows, story after story."""
    return (pair for story in gathered.result.stories for pair in gathered.links(story)[:STRONGEST_LINKS])


def _story_record(story: Story, gathered: ReportData) -> dict[str, Any]:
    return {
        "id": story.id,
        "size": len(story),
        "languages": list(story.languages),
        "strength": _rounded(story.strength),
        "weakest": _rounded(story.weakest),
        "representative": story.representative.id,
        "articles": [
            _article_record(article, probability, article.id in story.roundups, gathered)
            for article, probability in zip(story.articles, story.membership, strict=True)
        ],
        "links": [_link_record(pair, gathered.evidence(pair)) for pair in gathered.links(story)[:STRONGEST_LINKS]],
    }


def _article_record(article: Article, probability: float, roundup: bool, gathered: ReportData) -> dict[str, Any]:
    document = gathered.documents[article.id]
    return {
        "id": article.id,
        "title": title_of(document) or None,
        "language": document.language,
        "source": article.source,
        "published": article.published,
        "url": article.url,
        "probability": _rounded(probability),
        **({"roundup": True} if roundup else {}),
        **({"history": [asdict(version) for version in article.history]} if article.history else {}),
    }


def _link_record(pair: Pair, evidence: Evidence) -> dict[str, Any]:
    numbers = ("probability", "similarity", "cosine", "coverage_a", "coverage_b")
    return {
        "article_a": pair.article_a,
        "article_b": pair.article_b,
        **{name: _rounded(getattr(pair, name)) for name in numbers},
        "relation": pair.relation,
        "days_apart": None if pair.days_apart is None else _rounded(pair.days_apart),
        **_evidence_record(evidence),
    }


def _evidence_record(evidence: Evidence) -> dict[str, Any]:
    return {
        "aligned": [
            {
                "place_a": aligned.place_a,
                "place_b": aligned.place_b,
                "text_a": aligned.text_a,
                "text_b": aligned.text_b,
                "cosine": _rounded(aligned.cosine),
            }
            for aligned in evidence.aligned
        ],
        "shared_numbers": evidence.shared_numbers,
        "shared_names": evidence.shared_names,
        "only_a": evidence.only_a,
        "only_b": evidence.only_b,
        "disagreements": [
            {"aligned": found.position, "only_a": found.only_a, "only_b": found.only_b}
            for found in evidence.disagreements
        ],
        "shares": {feature: _rounded(share) for feature, share in evidence.shares.items()},
    }


def rejected_jsonl(rejected: Iterable[Rejected]) -> Iterator[str]:
    """One line a rejected record."""
    return _json_lines(
        {
            "path": record.path,
            "record": record.record,
            "id": record.id,
            "reason": record.reason,
            **({"superseded": True} if record.superseded else {}),
        }
        for record in rejected
    )


def run_json(run: Mapping[str, Any]) -> str:
    """The run in full; the entry "detector" marks the folder as one a later report may overwrite."""
    return json.dumps({"detector": "report", **run}, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def _json_lines(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for record in records:
        yield _UNSEEN_IN_JSON.sub(_code, json.dumps(record, ensure_ascii=False)) + "\n"


def _rounded(value: float) -> float:
    """Six decimals are all a number here means; plus 0 turns a minus zero into zero."""
    return round(float(value), 6) + 0.0
