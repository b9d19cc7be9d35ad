"""The words of a text in a form that can be compared across scripts: romanised, in small letters, without marks.

Scripts without spaces between words have overlapping shingles of characters instead.
"""

from __future__ import annotations

from functools import lru_cache

import regex
from anyascii import anyascii

from detector.languages.script import SOUTHEAST_ASIAN

# A run of a script without spaces, or a word with its marks and inner apostrophes.
TOKEN = regex.compile(
    rf"\p{{Han}}+|[\p{{Katakana}}ー]+|\p{{Hiragana}}+|[{SOUTHEAST_ASIAN}]+"
    r"|[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*"
)
HAN = regex.compile(r"\p{Han}")
HIRAGANA = regex.compile(r"\p{Hiragana}")
UNSPACED = regex.compile(f"[{SOUTHEAST_ASIAN}]")
# Characters of a shingle: most Chinese words have two characters, words of the other scripts are longer.
HAN_SHINGLE, UNSPACED_SHINGLE = 2, 4


def word_forms(token: str) -> tuple[str, ...]:
    """The comparable forms of one token: its romanised form, or overlapping shingles in a script without spaces.

    Hiragana has none, because it writes endings and particles.
    """
    if not token.isascii():
        if HAN.match(token):
            return _shingles(token, HAN_SHINGLE)
        if UNSPACED.match(token):
            return _shingles(token, UNSPACED_SHINGLE)
        if HIRAGANA.match(token):
            return ()
    form = romanised(token)
    return (form,) if len(form) > 1 else ()


@lru_cache(1 << 16)
def romanised(token: str) -> str:
    """The token in small Latin letters without marks, by `anyascii`; empty if no letter is left."""
    return "".join(c for c in anyascii(token).lower() if "a" <= c <= "z")


def _shingles(token: str, size: int) -> tuple[str, ...]:
    return tuple(token[start : start + size] for start in range(max(1, len(token) - size + 1)))
