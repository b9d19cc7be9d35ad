"""The files for other programs, each as one text: stories, pairs, stories with evidence, rejected records, the run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from detector.records import Article, Evidence, Pair, Rejected, Story
from detector.reporting.reported import Gathered
from detector.reporting.words import clean, title_of

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
# The wide forms work as formula signs too, in spreadsheets set to Chinese or Japanese.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def stories_csv(gathered: Gathered) -> str:
    """One line an article, story after story."""
    return _csv(STORY_COLUMNS, (row for story in gathered.result.stories for row in _story_rows(story, gathered)))


def _story_rows(story: Story, gathered: Gathered) -> Iterable[Sequence[str]]:
    for article, probability in zip(story.articles, story.membership, strict=True):
        document = gathered.documents[article.id]
        # Ids stay exactly as they came, even where they look like a formula: other tools join on them.
        yield (
            story.id,
            article.id,
            document.language,
            _defused(title_of(document)),
            _defused(article.source),
            _defused(article.published),
            _decimal(probability),
            "true" if article.id == story.representative.id else "false",
        )


def pairs_csv(pairs: Iterable[Pair]) -> str:
    """One line a pair, in the order given."""
    return _csv(PAIR_COLUMNS, (tuple(_cell(getattr(pair, column)) for column in PAIR_COLUMNS) for pair in pairs))


def _cell(value: str | float | None) -> str:
    return value if isinstance(value, str) else _decimal(value)


def _decimal(value: float | None) -> str:
    """Six decimals, nothing for None, and no minus before a zero."""
    return "" if value is None else f"{value:z.6f}"


def _defused(text: str | None) -> str:
    """The text with a leading apostrophe where a spreadsheet would run it as a formula."""
    cell = clean(text or "")
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The lines end in "\\n"; the writer is left to end them in "\\r\\n", else it would not quote a "\\r" in a cell."""
    lines: list[str] = []
    writer = csv.writer(SimpleNamespace(write=lines.append))
    writer.writerow(columns)
    writer.writerows(rows)
    return "".join(line.removesuffix("\r\n") + "\n" for line in lines)


def stories_jsonl(gathered: Gathered) -> str:
    """One line a story: its articles, and the evidence of its strongest links."""
    stories = gathered.result.stories
    shown = (pair for story in stories for pair in gathered.links(story)[:STRONGEST_LINKS])
    gathered.result.read_ahead(filter(gathered.read_closely, shown))
    return _json_lines(_story_record(story, gathered) for story in stories)


def _story_record(story: Story, gathered: Gathered) -> dict[str, Any]:
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


def _article_record(article: Article, probability: float, roundup: bool, gathered: Gathered) -> dict[str, Any]:
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
            {"aligned": place, "numbers_a": numbers_a, "numbers_b": numbers_b}
            for place, numbers_a, numbers_b in evidence.disagreements
        ],
        "shares": {feature: _rounded(share) for feature, share in evidence.shares.items()},
    }


def rejected_jsonl(rejected: Iterable[Rejected]) -> str:
    """One line a rejected record."""
    return _json_lines(
        {"path": record.path, "record": record.record, "id": record.id, "reason": record.reason} for record in rejected
    )


def run_json(run: Mapping[str, Any]) -> str:
    """The run in full; the entry "detector" marks the folder as one a later report may overwrite."""
    return json.dumps({"detector": "report", **run}, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def _json_lines(records: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _rounded(value: float) -> float:
    """Six decimals are all a number here means; plus 0 turns a minus zero into zero."""
    return round(float(value), 6) + 0.0
