"""The one template environment: everything a template prints is cleaned and escaped, whatever the template says."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from detector.reporting import phrases


@cache
def environment() -> Environment:
    """The templates of this package, with the words of the report as filters."""
    made = Environment(
        loader=PackageLoader("detector.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_cleaned,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for say in (
        phrases.apart,
        phrases.counted,
        phrases.date,
        phrases.headline,
        phrases.language_name,
        phrases.language_names,
        phrases.likelihood,
        phrases.line,
        phrases.percent,
        phrases.verdict,
    ):
        made.filters[say.__name__] = say
    return made


def source(name: str) -> str:
    """A file of the templates folder as it stands: style and script, which are ours and hold no data."""
    environment_ = environment()
    assert environment_.loader is not None
    return environment_.loader.get_source(environment_, name)[0]


def _cleaned(value: object) -> object:
    """Article text without hidden characters; `Markup` is already-escaped output of a macro, or our own style."""
    return phrases.clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
