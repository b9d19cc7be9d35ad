"""Text as it came to plain text: entities, Unicode form, control characters."""

from __future__ import annotations

import html
import re
import unicodedata

# Control characters and lone surrogates; the white space among them stays.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")

_MOST_MARKS = 30
"""Marks on one letter in Unicode's Stream-Safe Text Format (UAX #15); no language comes near."""
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_JOINER = "\u034f"


def plain(text: str) -> str:
    """`text` with HTML entities resolved, in NFC, without control characters. Tags are left: they are text here."""
    resolved = _UNWANTED.sub("", html.unescape(text))
    return unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_stream_safe, resolved))


def lines_of(text: str) -> list[str]:
    """The lines that hold anything, without the white space around them and with single spaces inside."""
    return [line for raw in text.splitlines() if (line := _BLANKS.sub(" ", raw).strip())]


def _stream_safe(run: re.Match[str]) -> str:
    """A run of marks with a joiner after every 30: sorting a longer one into NFC takes quadratic time."""
    marks = run[0]
    if not any(map(unicodedata.combining, marks)):
        return marks
    return _JOINER.join(marks[start : start + _MOST_MARKS] for start in range(0, len(marks), _MOST_MARKS))
