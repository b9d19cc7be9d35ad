"""How the report words things: titles, probabilities, languages, dates, counts and the sentences around them.

What the page's script words too is in phrases.json. Python and the script read the same file, so that no sentence is
written twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TypedDict

from langcodes import Language

from detector._moments import moment
from detector.records import Document, Pair
from detector.reporting.sanitize import line


class Verdict(TypedDict):
    """The words for probabilities from `least` up to that of the verdict before it."""

    least: float
    words: str


class LikelihoodLimits(TypedDict):
    """Probabilities under `low` or over `high` are worded specially, unless they are 0 or 1."""

    low: float
    below_low: str
    high: float
    above_high: str


class Phrases(TypedDict):
    """The content of phrases.json; values replace the words in braces."""

    verdicts: list[Verdict]
    likelihood: LikelihoodLimits
    relations: Mapping[str, str]
    contained: str
    more: str
    no_story: str
    features: Mapping[str, str]


PHRASES: Phrases = json.loads(files("detector.reporting").joinpath("phrases.json").read_text(encoding="utf-8"))


def title_of(document: Document) -> str:
    """The declared title, or the first sentence if that is the headline, or an empty text."""
    if document.article.title and document.article.title.strip():
        return document.article.title
    return document.sentences[0] if document.titled and document.sentences else ""


def headline(document: Document) -> str:
    """What to call an article: its title, else how it begins, else its id; always one line and never empty."""
    opening = document.sentences[0] if document.sentences else ""
    return line(title_of(document), 200) or line(opening, 120) or line(document.article.id, 120) or "(no text)"


@cache
def language_name(code: str) -> str:
    """The English name of a language code, or the code itself if it has no name."""
    try:
        return Language.get(code).display_name()
    except ValueError:
        return code


def language_names(codes: Iterable[str]) -> str:
    """The names of the languages, in alphabetical order, with commas."""
    return ", ".join(sorted(language_name(code) for code in codes))


def likelihood(probability: float) -> str:
    """A probability as a percentage; only 0 reads "0.0%" and only 1 reads "100.0%"."""
    limits = PHRASES["likelihood"]
    if 0 < probability < limits["low"]:
        return limits["below_low"]
    if limits["high"] < probability < 1:
        return limits["above_high"]
    return f"{probability:.1%}"


def verdict(probability: float) -> str:
    """A probability in words."""
    *others, lowest = PHRASES["verdicts"]
    return next((verdict["words"] for verdict in others if probability >= verdict["least"]), lowest["words"])


def percent(share: float) -> str:
    """A share as a percentage without decimals."""
    return f"{share:.0%}"


def relation_of(pair: Pair) -> str:
    """The relation of a pair, and which article the other contains: "partial reuse: A is contained in B"."""
    if pair.contained is None:
        return pair.relation
    part, container = "AB" if pair.contained == pair.article_a else "BA"
    return f"{pair.relation}: {contained(part, container)}"


def meaning_of(relation: str) -> str:
    """What a relation means, in words."""
    return PHRASES["relations"][relation]


def contained(part: str, container: str) -> str:
    """Which article the other contains: "A is contained in B"."""
    return PHRASES["contained"].format(part=part, container=container)


def counted(count: int, singular: str, plural: str) -> str:
    """The count with its noun: "1 story", "2,000 stories"."""
    return f"{count:,} {singular if count == 1 else plural}"


def more(left: int, singular: str, plural: str, file: str) -> str:
    """Where the rest is: "12 more stories in stories.csv."."""
    return PHRASES["more"].format(more=counted(left, f"more {singular}", f"more {plural}"), file=file)


def lead(stories: int, across: int, inside: int, alone: int) -> str:
    """What the report found, in one sentence.

    stories: those of two or more articles. across: those of them in several languages. inside: the articles in stories.
    alone: the articles in none.
    """
    if not stories:
        return "No two of them report the same story."
    form = f"{inside:,} of them form {counted(stories, 'story', 'stories')}, "
    if across == stories:
        form += "in several languages" if stories == 1 else "all in several languages"
    else:
        form += f"{across:,} in several languages" if across else "none in several languages"
    unmatched = f"; {counted(alone, 'matches', 'match')} no other article" if alone else ""
    return f"{form}{unmatched}."


def date(published: str | None) -> str:
    """The day of publication as the article gives it; what is not a date is shown as it is."""
    when = moment(published)
    return when.date().isoformat() if when else line(published or "", 40)


def earliest(published: Iterable[str | None]) -> str | None:
    """The earliest of some dates, as the article gives it; None if none of them is a date."""
    dated = [(when, text) for text in published if text and (when := moment(text))]
    return min(dated)[1] if dated else None


def apart(days: float | None) -> str:
    """The time between two articles, in words."""
    if days is None:
        return "not known"
    if abs(days) < 1:
        return "less than a day"
    return counted(round(abs(days)), "day", "days")


def feature_name(feature: str) -> str:
    """What a feature of the score looks at, in words."""
    return PHRASES["features"].get(feature, line(feature, 60))
