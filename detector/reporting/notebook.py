"""Small HTML fragments by which a result, a story and a pair show themselves in a notebook."""

from __future__ import annotations

from detector.records import Pair, Story
from detector.reporting.rendering import environment
from detector.reporting.reported import ReportedResult, crosses_languages, told_more_than_once

STORIES = 20


def result_html(result: ReportedResult) -> str:
    """The counts, and the first stories of two or more."""
    several = told_more_than_once(result)
    documents = {document.article.id: document for document in result.documents}
    counts = {
        "articles": len(result.documents),
        "several": len(several),
        "across": sum(map(crosses_languages, several)),
        "rejected": len(result.rejected),
    }
    rows = [(story, documents[story.representative.id]) for story in several[:STORIES]]
    return _fragment("result", counts, rows, max(0, len(several) - STORIES))


def story_html(story: Story) -> str:
    """The articles of a story, each with its probability of belonging there."""
    return _fragment("story", story, list(zip(story.articles, story.membership, strict=True)))


def pair_html(pair: Pair) -> str:
    """What the detector says of a pair, with the aligned sentences where the evidence is filled in."""
    return _fragment("pair", pair)


def _fragment(name: str, *values: object) -> str:
    macros = environment().get_template("notebook.html.jinja").module
    return str(getattr(macros, name)(*values)).strip()
