"""How the report says things: article text made harmless to show, and numbers, languages and dates put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from langcodes import Language

from detector._moments import moment
from detector.records import Document, Pair

# Whole terminal escape sequences first, so that no "[31m" is left behind; then the other control characters.
_ESCAPE_SEQUENCES = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]"
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]"
# Embeddings and overrides of direction can make text read as something else; the markup isolates text without them.
_DIRECTION_CONTROLS = r"[\u202a-\u202e\u2066-\u2069]"
_HIDDEN = re.compile(f"{_ESCAPE_SEQUENCES}|{_CONTROLS}|{_DIRECTION_CONTROLS}")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)

VERDICTS = (
    (0.95, "almost certainly the same story"),
    (0.8, "very likely the same story"),
    (0.6, "probably the same story"),
    (0.4, "undecided"),
    (0.2, "probably different stories"),
    (0.05, "very likely different stories"),
    (0.0, "almost certainly different stories"),
)

_FEATURES = {
    "base": "before any evidence",
    "across": "two languages",
    "late": "sentences that answer each other",
    "headline": "headlines",
    "words": "shared words",
    "words_across": "words shared across languages",
    "numbers": "shared numbers",
    "numbers_differ": "no number in common",
    "names": "shared names",
    "days_apart": "days between them",
}


def encodable(text: str) -> str:
    """The text with lone surrogates, which no UTF-8 file may hold, replaced by U+FFFD."""
    return _LONE_SURROGATES.sub("\ufffd", text)


def clean(text: str) -> str:
    """The text without what a reader cannot see but a terminal, an XML parser or a browser would act on."""
    return _HIDDEN.sub("", encodable(text))


def line(text: str, longest: int | None = None) -> str:
    """The cleaned text on one line, cropped to `longest` characters with an ellipsis."""
    # Of a text that is far longer only the beginning is read: a word may be a megabyte long.
    begun = text if longest is None else text[: 8 * longest]
    folded = " ".join(clean(begun).split())
    if longest is None or (len(folded) <= longest and len(begun) == len(text)):
        return folded
    return folded[: longest - 1].rstrip() + "…"


def title_of(document: Document) -> str:
    """The declared title, or the first sentence where that is the headline, or nothing."""
    if document.article.title and document.article.title.strip():
        return document.article.title
    return document.sentences[0] if document.titled and document.sentences else ""


def headline(document: Document) -> str:
    """What to call an article: its title, else how it begins, else its id; always one line with something in it."""
    opening = document.sentences[0] if document.sentences else ""
    return line(title_of(document), 200) or line(opening, 120) or line(document.article.id, 120) or "(no text)"


def web_address(url: str | None) -> str | None:
    """The address if it is safe to link: http or https, and nothing odd inside."""
    return url if url and clean(url) == url and _WEB_ADDRESS.fullmatch(url) else None


@cache
def language_name(code: str) -> str:
    """The English name of a language code, or the code itself where it has none."""
    try:
        return Language.get(code).display_name()
    except ValueError:
        return code


def language_names(codes: Iterable[str]) -> str:
    """The names of the languages, in alphabetical order, with commas."""
    return ", ".join(sorted(language_name(code) for code in codes))


def likelihood(probability: float) -> str:
    """A probability as a percentage; short of certain, it never reads 0% or 100%."""
    if 0 < probability < 0.001:
        return "<0.1%"
    if 0.999 < probability < 1:
        return ">99.9%"
    return f"{probability:.1%}"


def verdict(probability: float) -> str:
    """A probability in words."""
    return next(words for least, words in VERDICTS if probability >= least or least == 0)


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{share:.0%}"


def relation_of(pair: Pair) -> str:
    """The relation of a pair, and which article the other holds: "partial reuse: A is contained in B"."""
    if pair.contained is None:
        return pair.relation
    part, whole = "AB" if pair.contained == pair.article_a else "BA"
    return f"{pair.relation}: {part} is contained in {whole}"


def counted(count: int, one: str, many: str) -> str:
    """The number with its noun: "1 story", "2,000 stories"."""
    return f"{count:,} {one if count == 1 else many}"


def date(published: str | None) -> str:
    """The day of publication as the article gives it, or its own words where they are no date."""
    when = moment(published)
    return when.date().isoformat() if when else line(published or "", 40)


def span(published: Iterable[str | None]) -> str:
    """The first and the last day of several articles, or nothing where none is dated."""
    moments = sorted(when for when in map(moment, published) if when)
    if not moments:
        return ""
    first, last = moments[0].date().isoformat(), moments[-1].date().isoformat()
    return first if first == last else f"{first} to {last}"


def apart(days: float | None) -> str:
    """How long lies between two articles, in words."""
    if days is None:
        return "not known"
    if abs(days) < 1:
        return "less than a day"
    return counted(round(abs(days)), "day", "days")


def feature_name(feature: str) -> str:
    """What a feature of the score looks at, in words."""
    return _FEATURES.get(feature, line(feature, 60))
