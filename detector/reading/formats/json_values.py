"""What the two JSON formats share: telling JSON from prose, one from the other, and parsing with plain reasons."""

from __future__ import annotations

import json
import re

from detector.reading.source import Content, Unusable

WRAPPERS = (
    *("articles", "items", "documents", "data", "results", "stories", "news", "entries", "hits", "records", "posts"),
    *("messages", "response", "docs", "value"),
)
"""The fields under which a JSON document may keep its list of records, or an object that has it under another."""

# Prose may begin with a bracket ("[Reuters] …", a Markdown link), so one more character has to agree.
_JSON = re.compile(r"""\s*(\{\s*"|\{\s*\}\s*(\n|\Z)|\[\s*\{|\[\s*\]\s*\Z)""")
_WRAPPER = re.compile(rf'"({"|".join(WRAPPERS)})"\s*:\s*[\[{{]')


def parsed(text: str) -> object:
    """The value of a JSON text. Raises `Unusable` with the parser's message."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno} of the record, " if "\n" in text else ""
        raise Unusable(f"malformed JSON: {error.msg} ({line}column {error.colno})") from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise Unusable("malformed JSON: a number with too many digits") from None
    except RecursionError:
        raise Unusable("malformed JSON: nested too deeply") from None


def wraps(value: object) -> bool:
    """Whether a document such as {"articles": […]} or {"articles": {"results": […]}} has a list of records inside."""
    inside = [value[key] for key in WRAPPERS if key in value] if isinstance(value, dict) else []
    return any(isinstance(each, list) or wraps(each) for each in inside)


def is_json(content: Content) -> bool:
    """Whether the file begins as JSON, in either of the two formats."""
    return _JSON.match(content.head_text) is not None


def is_one_a_line(content: Content) -> bool:
    """Whether a file that begins as JSON has one record a line, by what its first line is."""
    first, newline, _ = content.head_text.lstrip().partition("\n")
    if first.startswith("["):
        return False
    if not newline:  # the line goes on beyond the head: only a name or a list under a known name tells
        return not (content.whole_in_head or content.suffix == ".json" or _WRAPPER.search(first))
    try:
        return not wraps(json.loads(first))
    except json.JSONDecodeError as error:
        # A document over several lines breaks off at the end of the line; a damaged record breaks inside.
        return error.pos < len(first.rstrip())
    except (ValueError, RecursionError):
        return True
