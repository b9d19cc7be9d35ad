"""Small HTML fragments by which a result, a story and a pair show themselves in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from detector._moments import moment
from detector.preparing import prepare
from detector.records import Aligned, Evidence, Pair, Story
from detector.reporting.marking import marked
from detector.reporting.rendering import environment
from detector.reporting.report_data import ReportedResult, crosses_languages, told_more_than_once
from detector.reporting.sanitize import line

# A fragment stands among other cells: a look at the first of everything, the rest where it says.
STORIES = 10
ARTICLES = 20
ALIGNED = 8
SENTENCES = 5
LONGEST = 600

_NO_DATE = datetime.max.replace(tzinfo=UTC)


def result_html(result: ReportedResult) -> str:
    """The counts, and the first stories of two or more, those across languages before the others."""
    several = told_more_than_once(result)
    across = sum(map(crosses_languages, several))
    counts = {
        "articles": len(result.documents),
        "languages": len({code for story in result.stories for code in story.languages} - {"und"}),
        "several": len(several),
        "across": across,
        "rejected": len(result.rejected),
        "threshold": result.threshold,
    }
    first = sorted(several, key=lambda story: not crosses_languages(story))[:STORIES]
    rows = [(story, prepare(story.representative)) for story in first]
    return _fragment("result", counts, rows, len(several) - len(first))


def story_html(story: Story) -> str:
    """The articles of a story in the order they appeared, each with its probability of belonging there."""
    found = sorted(
        zip(story.articles, story.membership, strict=True),
        key=lambda row: (moment(row[0].published) or _NO_DATE, row[0].id),
    )
    rows = [(prepare(article), membership) for article, membership in found[:ARTICLES]]
    return _fragment("story", story, prepare(story.representative), rows, len(story) - len(rows))


def pair_html(pair: Pair) -> str:
    """What the detector says of a pair; where the evidence is filled in, its strongest aligned sentences side by side,
    in reading order, and what only one of the articles tells.
    """
    evidence = pair.evidence
    if evidence is None:
        return _fragment("pair", pair)
    strongest = sorted(range(len(evidence.aligned)), key=lambda place: (-evidence.aligned[place].cosine, place))
    rows = [_row(evidence.aligned[place], place, evidence) for place in sorted(strongest[:ALIGNED])]
    left = len(evidence.aligned) - len(rows)
    return _fragment("pair", pair, rows, left, _first(evidence.only_a), _first(evidence.only_b))


def _row(aligned: Aligned, place: int, evidence: Evidence) -> dict[str, Any]:
    """Both sentences in stretches, what they share or add marked, and the words that stand in one of them only."""
    numbers = evidence.shared_numbers
    names_a, names_b = zip(*evidence.shared_names, strict=True) if evidence.shared_names else ((), ())
    differ = [(a, b) for where, a, b in evidence.disagreements if where == place]
    return {
        "a": marked(line(aligned.text_a, LONGEST), (*numbers, *names_a), evidence.only_a),
        "b": marked(line(aligned.text_b, LONGEST), (*numbers, *names_b), evidence.only_b),
        "differ_a": [word for a, _ in differ for word in a],
        "differ_b": [word for _, b in differ for word in b],
        "cosine": aligned.cosine,
    }


def _first(sentences: Sequence[str]) -> tuple[list[str], int]:
    """The first sentences, cropped, and how many are left."""
    return [line(sentence, LONGEST) for sentence in sentences[:SENTENCES]], max(0, len(sentences) - SENTENCES)


def _fragment(name: str, *values: object) -> str:
    macros = environment().get_template("notebook.html.jinja").module
    return str(getattr(macros, name)(*values)).strip()
