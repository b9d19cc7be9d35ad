"""ninjs 1 to 3, the IPTC's News in JSON: detected by its field names, in JSON and in JSON Lines.

Its field names are in `fields.KNOWN_NAMES`; this module handles its values: lists of {"role", "contenttype", "value"}
since version 2, and XHTML in separate fields before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from detector.reading.formats import json_document, json_lines
from detector.reading.formats.json_values import is_json, is_one_per_line
from detector.reading.formats.markup import text_of_html
from detector.reading.source import Content, Format, Record
from detector.records import Rejected

_NINJS = re.compile(
    r'"(versioncreated|pubstatus|bodies|headlines|body_(text|xhtml|html|main|richtext)|headline_main)"\s*:',
    re.IGNORECASE,
)
_MARKED_UP = re.compile(r"(body|content)[_-]?(x?html|richtext)", re.IGNORECASE)


def recognizes(content: Content) -> bool:
    """Whether the file starts as JSON with a "uri" and a field name that only ninjs uses."""
    return is_json(content) and '"uri"' in content.head_text and _NINJS.search(content.head_text) is not None


def read(content: Content) -> Iterator[Record | Rejected]:
    """The records of the JSON."""
    yield from (json_lines if is_one_per_line(content) else json_document).read(content)


def plain_value(name: str, value: object) -> object:
    """The value of a field as plain text if it is a ninjs body or headline, else unchanged.

    Of several bodies or headlines, plain text is preferred to markup, then the main role, then the first.
    """
    if isinstance(value, list):
        items = [item for item in value if isinstance(item, Mapping) and isinstance(item.get("value"), str)]
        return _item_text(min(items, key=_rank)) if items and len(items) == len(value) else value
    return text_of_html(value) if isinstance(value, str) and "<" in value and _MARKED_UP.fullmatch(name) else value


def _rank(item: Mapping[object, object]) -> tuple[bool, bool]:
    return _is_marked_up(item), item.get("role") != "main"


def _item_text(item: Mapping[object, object]) -> str:
    value = str(item["value"])
    return text_of_html(value) if _is_marked_up(item) else value


def _is_marked_up(item: Mapping[object, object]) -> bool:
    kind = item.get("contenttype", item.get("contentType", item.get("mimetype")))
    return "html" in str(kind or item.get("role")).lower()


FORMAT = Format("ninjs", (".ninjs",), recognizes, read)
