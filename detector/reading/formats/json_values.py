"""Shared by the two JSON formats: detects JSON, tells the formats apart, and parses with clear reasons."""

from __future__ import annotations

import json
import re

from detector.reading.source import Content, Unusable

WRAPPERS = (
    *("articles", "items", "documents", "data", "results", "stories", "news", "entries", "hits", "records", "posts"),
    *("messages", "response", "docs", "value"),
)
"""The fields in which a JSON document may keep its list of records, or an object with such a field."""

# Prose may start with a bracket ("[Reuters] …", a Markdown link), so the next character must match too.
_JSON = re.compile(r"""\s*(\{\s*"|\{\s*\}\s*(\n|\Z)|\[\s*\{|\[\s*\]\s*\Z)""")
_WRAPPER = re.compile(rf'"({"|".join(WRAPPERS)})"\s*:\s*[\[{{]')


def parse_json(text: str) -> object:
    """The value of a JSON text. Raises `Unusable` with the parser's message."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno} of the record, " if "\n" in text else ""
        raise Unusable(f"malformed JSON: {error.msg} ({line}column {error.colno})") from None
    except ValueError:  # Python refuses integers with thousands of digits
        raise Unusable("malformed JSON: a number with too many digits") from None
    except RecursionError:
        raise Unusable("malformed JSON: nested too deeply") from None


def wraps(value: object) -> bool:
    """Whether a document such as {"articles": […]} or {"articles": {"results": […]}} contains a list of records."""
    inside = [value[key] for key in WRAPPERS if key in value] if isinstance(value, dict) else []
    return any(isinstance(each, list) or wraps(each) for each in inside)


def is_json(content: Content) -> bool:
    """Whether the file starts as JSON, in either format."""
    return _JSON.match(content.head_text) is not None


def is_one_per_line(content: Content) -> bool:
    """Whether a file that starts as JSON has one record per line, judged by its first line."""
    first, newline, _ = content.head_text.lstrip().partition("\n")
    if first.startswith("["):
        return False
    if not newline:  # the line is longer than the head: the suffix or a list under a known name decides
        return not (content.ends_in_head or content.suffix == ".json" or _WRAPPER.search(first))
    try:
        return not wraps(json.loads(first))
    except json.JSONDecodeError as error:
        # A document over several lines is incomplete at the end of the line; a damaged record fails inside it.
        return error.pos < len(first.rstrip())
    except (ValueError, RecursionError):
        return True
