"""stories.jsonl, storylines.jsonl, rejected.jsonl, run.json: texts exactly as they came, hidden characters as codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from detector.records import Article, Evidence, Pair, Rejected, Story, Storyline
from detector.reporting.phrases import earliest, title_of
from detector.reporting.report_data import ReportData
from detector.reporting.sanitize import hidden_as_codes
from detector.reporting.tables import rounded

STRONGEST_LINKS = 5


def stories_jsonl(report: ReportData) -> Iterator[str]:
    """One line per story: its articles, and the evidence of its strongest links."""
    yield from _json_lines(_story_record(story, report) for story in report.result.stories)


def storylines_jsonl(report: ReportData) -> Iterator[str]:
    """One line per storyline: its stories in order of time, each with what to call it."""
    return _json_lines(_storyline_record(storyline, report) for storyline in report.result.storylines)


def strongest_links(report: ReportData) -> Iterator[Pair]:
    """The links whose evidence stories.jsonl shows, story after story."""
    return (pair for story in report.result.stories for pair in report.links(story)[:STRONGEST_LINKS])


def _storyline_record(storyline: Storyline, report: ReportData) -> dict[str, Any]:
    return {
        "id": storyline.id,
        "size": len(storyline.article_ids),
        "languages": list(storyline.languages),
        "strength": rounded(storyline.strength),
        "stories": [
            {
                "id": story.id,
                "size": len(story),
                "title": report.title(story.representative.id),
                "published": earliest(article.published for article in story.articles),
                "languages": list(story.languages),
                "representative": story.representative.id,
            }
            for story in storyline.stories
        ],
    }


def _story_record(story: Story, report: ReportData) -> dict[str, Any]:
    return {
        "id": story.id,
        "size": len(story),
        "languages": list(story.languages),
        "strength": rounded(story.strength),
        "weakest": rounded(story.weakest),
        "representative": story.representative.id,
        "storyline": story.storyline,
        "articles": [
            _article_record(article, probability, article.id in story.roundups, report)
            for article, probability in zip(story.articles, story.membership, strict=True)
        ],
        "links": [_link_record(pair, report.evidence(pair)) for pair in report.links(story)[:STRONGEST_LINKS]],
    }


def _article_record(article: Article, probability: float, roundup: bool, report: ReportData) -> dict[str, Any]:
    document = report.documents[article.id]
    return {
        "id": article.id,
        "title": title_of(document) or None,
        "language": document.language,
        "source": article.source,
        "published": article.published,
        "url": article.url,
        "probability": rounded(probability),
        **({"roundup": True} if roundup else {}),
        **({"history": [asdict(version) for version in article.history]} if article.history else {}),
    }


def _link_record(pair: Pair, evidence: Evidence) -> dict[str, Any]:
    numbers = ("probability", "storyline_probability", "similarity", "cosine", "coverage_a", "coverage_b")
    return {
        "article_a": pair.article_a,
        "article_b": pair.article_b,
        **{name: rounded(getattr(pair, name)) for name in numbers},
        "relation": pair.relation,
        "days_apart": None if pair.days_apart is None else rounded(pair.days_apart),
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
                "cosine": rounded(aligned.cosine),
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
        "shares": {feature: rounded(share) for feature, share in evidence.shares.items()},
    }


def rejected_jsonl(rejected: Iterable[Rejected]) -> Iterator[str]:
    """One line per rejected record."""
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
    """Everything recorded about the run; the entry "detector" marks the folder as one a later report may overwrite."""
    return json.dumps({"detector": "report", **run}, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def _json_lines(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for record in records:
        yield hidden_as_codes(json.dumps(record, ensure_ascii=False)) + "\n"
