"""Small HTML fragments that show a result, a story or a pair in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from detector._moments import moment
from detector.records import Document, Evidence, Pair, Story, Storyline
from detector.reporting.marking import marked
from detector.reporting.phrases import earliest
from detector.reporting.rendering import environment
from detector.reporting.report_data import (
    ReportedResult,
    is_multilingual,
    multi_article_stories,
    multi_story_storylines,
)
from detector.reporting.sanitize import line

# A fragment is short, since it is one cell of many: the first of everything, and where to find the rest.
STORIES = 10
ARTICLES = 20
ALIGNED = 8
SENTENCES = 5
LONGEST = 600

_NO_DATE = datetime.max.replace(tzinfo=UTC)


def result_html(result: ReportedResult) -> str:
    """The counts and the first stories of two or more articles, those in several languages before the others."""
    several = multi_article_stories(result)
    across = sum(map(is_multilingual, several))
    counts = {
        "articles": len(result.documents),
        "languages": len({code for story in result.stories for code in story.languages} - {"und"}),
        "several": len(several),
        "across": across,
        "storylines": len(multi_story_storylines(result)),
        "rejected": len(result.rejected),
        "threshold": result.threshold,
    }
    first = sorted(several, key=lambda story: not is_multilingual(story))[:STORIES]
    rows = [(story, story.documents[story.representative_index]) for story in first]
    return _fragment("result", counts, rows, len(several) - len(first))


def story_html(story: Story) -> str:
    """The articles of a story by date, each with its probability of belonging to it."""
    by_date = sorted(zip(story.documents, story.membership, strict=True), key=_date_and_id)
    rows = by_date[:ARTICLES]
    return _fragment("story", story, story.documents[story.representative_index], rows, len(story) - len(rows))


def storyline_html(storyline: Storyline) -> str:
    """The stories of a storyline, in order of time."""
    rows = [
        (story, story.documents[story.representative_index], earliest(article.published for article in story.articles))
        for story in storyline.stories[:STORIES]
    ]
    return _fragment("storyline", storyline, rows, len(storyline) - len(rows))


def pair_html(pair: Pair) -> str:
    """The scores of a pair; if it has evidence, also its best aligned sentences and what only one article has.

    The sentences are side by side, in reading order.
    """
    evidence = pair.evidence
    if evidence is None:
        return _fragment("pair", pair)
    strongest = sorted(range(len(evidence.aligned)), key=lambda index: (-evidence.aligned[index].cosine, index))
    rows = [_row(evidence, index) for index in sorted(strongest[:ALIGNED])]
    left = len(evidence.aligned) - len(rows)
    return _fragment("pair", pair, rows, left, _first(evidence.only_a), _first(evidence.only_b))


def _date_and_id(row: tuple[Document, float]) -> tuple[datetime, str]:
    """Orders articles by date, those without a date last."""
    article = row[0].article
    return moment(article.published) or _NO_DATE, article.id


def _row(evidence: Evidence, index: int) -> dict[str, Any]:
    """Both sentences with what they share or add marked, and the words that only one of them has."""
    aligned = evidence.aligned[index]
    numbers = evidence.shared_numbers
    names_a, names_b = zip(*evidence.shared_names, strict=True) if evidence.shared_names else ((), ())
    differ = [found for found in evidence.disagreements if found.position == index]
    return {
        "a": marked(line(aligned.text_a, LONGEST), (*numbers, *names_a), evidence.only_a),
        "b": marked(line(aligned.text_b, LONGEST), (*numbers, *names_b), evidence.only_b),
        "differ_a": [word for found in differ for word in found.only_a],
        "differ_b": [word for found in differ for word in found.only_b],
        "cosine": aligned.cosine,
    }


def _first(sentences: Sequence[str]) -> tuple[list[str], int]:
    """The first sentences, cropped, and how many more there are."""
    return [line(sentence, LONGEST) for sentence in sentences[:SENTENCES]], max(0, len(sentences) - SENTENCES)


def _fragment(name: str, *values: object) -> str:
    macros = environment().get_template("notebook.html.jinja").module
    return str(getattr(macros, name)(*values)).strip()
