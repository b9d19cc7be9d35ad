"""The one template environment: everything that a template prints is cleaned and escaped, without exception."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detector.reporting import phrases, sanitize


@cache
def environment() -> Environment:
    """The templates of this package, with the phrases of the report as filters."""
    made = Environment(
        loader=PackageLoader("detector.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for filter_ in (
        phrases.apart,
        phrases.contained,
        phrases.counted,
        phrases.date,
        phrases.headline,
        phrases.language_name,
        phrases.language_names,
        phrases.likelihood,
        phrases.meaning_of,
        phrases.more,
        phrases.percent,
        phrases.verdict,
        sanitize.line,
    ):
        made.filters[filter_.__name__] = filter_
    return made


def source(name: str) -> str:
    """The text of a file in the templates folder, as it is: style and script, which hold no data."""
    return files("detector.reporting").joinpath("templates", name).read_text(encoding="utf-8")


def _cleaned(value: object) -> object:
    """Article text without hidden characters; `Markup` is already-escaped output of a macro, or our own style."""
    return sanitize.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
