"""Plain text: HTML entities resolved, one Unicode form, no control characters."""

from __future__ import annotations

import html
import re
import unicodedata

# Control characters and lone surrogates, but not white space.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n]+")

_MOST_MARKS = 30
"""Most marks on one letter in Unicode's Stream-Safe Text Format (UAX #15); no language needs as many."""
_MAYBE_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MOST_MARKS + 1},}}")
_JOINER = "\u034f"


def plain_text(text: str) -> str:
    """`text` with HTML entities resolved, in NFC, without control characters. Tags stay, as text."""
    resolved = _UNWANTED.sub("", html.unescape(text))
    return unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_stream_safe, resolved))


def lines_of(text: str) -> list[str]:
    """The lines that are not blank, without white space around them and with single spaces inside."""
    return [line for raw in text.splitlines() if (line := _BLANKS.sub(" ", raw).strip())]


def _stream_safe(run: re.Match[str]) -> str:
    """A run of marks with a joiner after every 30 of them, because sorting a longer run takes quadratic time in NFC."""
    marks = run[0]
    if not any(map(unicodedata.combining, marks)):
        return marks
    return _JOINER.join(marks[start : start + _MOST_MARKS] for start in range(0, len(marks), _MOST_MARKS))
