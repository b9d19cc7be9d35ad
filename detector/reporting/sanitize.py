"""Text of articles made safe to show: no hidden characters, one line, only web addresses that may be linked.

Everything that reaches a file, the page or a terminal passes through here.
"""

from __future__ import annotations

import re

# Terminal escape sequences come first, so that no "[31m" is left behind; then the other control characters.
_ESCAPE_SEQUENCES = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]"
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]"
# Embeddings and overrides of direction can make text read as something else; the markup isolates text without them.
_DIRECTION_CONTROLS = r"[\u202a-\u202e\u2066-\u2069]"
_HIDDEN = re.compile(f"{_ESCAPE_SEQUENCES}|{_CONTROLS}|{_DIRECTION_CONTROLS}")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
# Characters that act on a terminal or hide in a text. Ids and JSON keep them as codes: no id may become another.
_NEEDS_CODE = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
_NEEDS_CODE_IN_JSON = re.compile(_NEEDS_CODE)
_NEEDS_CODE_IN_ID = re.compile(_NEEDS_CODE + r"|\\(?=u[0-9a-f]{4})")
_WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


def encodable(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD."""
    return _LONE_SURROGATES.sub("\ufffd", text)


def clean(text: str) -> str:
    """The text without characters that a reader cannot see but a terminal, an XML parser or a browser acts on."""
    return _HIDDEN.sub("", encodable(text))


def line(text: str, longest: int | None = None) -> str:
    """The cleaned text on one line, cropped to `longest` characters with an ellipsis."""
    # Of a text that is far longer, only the beginning is read: a word may be a megabyte long.
    begun = text if longest is None else text[: 8 * longest]
    folded = " ".join(clean(begun).split())
    if longest is None or (len(folded) <= longest and len(begun) == len(text)):
        return folded
    return folded[: longest - 1].rstrip() + "…"


def visible(id: str) -> str:
    r"""An id with its hidden characters as codes (`\u000a`), so that it can be read back and no two become one."""
    return _NEEDS_CODE_IN_ID.sub(_code, id)


def hidden_as_codes(json_text: str) -> str:
    """JSON with the hidden characters of its texts as JSON's own escapes; it means the same."""
    return _NEEDS_CODE_IN_JSON.sub(_code, json_text)


def web_address(url: str | None) -> str | None:
    """The address if it is safe to link: http or https without spaces, quotes or hidden characters; else None."""
    return url if url and clean(url) == url and _WEB_ADDRESS.fullmatch(url) else None


def _code(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
