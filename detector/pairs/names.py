"""Names in a form that survives transliteration and inflection: a consonant skeleton, as in Soundex and its kin.

Vowels and endings are what transliteration and inflection change: Путин, Путина, Putin, Poutine and 푸틴 all become
"ptn". Chinese names have no such form, because romanising them loses how other languages spell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from detector.pairs.words import HAN, HIRAGANA, UNSPACED, romanised

# Spellings of one sound in the Latin letters of different languages, longest first.
SOUNDS = (
    ("sch", "s"), ("tch", "s"), ("tsh", "s"), ("shch", "s"), ("sh", "s"), ("ch", "s"), ("kh", "h"), ("gh", "g"),
    ("zh", "s"), ("dj", "j"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("cz", "s"),
    ("c", "k"), ("q", "k"), ("w", "v"), ("z", "s"), ("x", "ks"),
)  # fmt: skip
VOWELS = regex.compile(r"[aeiouyj]")
REPEATED = regex.compile(r"(.)\1+")
# Too many words share a shorter skeleton.
SHORTEST_NAME = 3


def names_in(tokens: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The tokens that may be names: their comparable form, and the token as written."""
    for token in tokens:
        form = name_form(token)
        if form:
            yield form, token


@lru_cache(1 << 16)
def name_form(token: str) -> str:
    """The consonant skeleton of a token that may be a name, empty if it cannot be one.

    In scripts with capitals a name begins with a capital; in others every word may be a name.
    """
    if token[0].islower() or HAN.match(token) or HIRAGANA.match(token) or UNSPACED.match(token):
        return ""
    form = romanised(token)
    if len(form) < SHORTEST_NAME:
        return ""
    skeleton = _skeleton(form)
    return skeleton if len(skeleton) >= SHORTEST_NAME else ""


def _skeleton(form: str) -> str:
    for spelling, sound in SOUNDS:
        form = form.replace(spelling, sound)
    first = "a" if VOWELS.match(form) else form[0]
    return str(REPEATED.sub(r"\1", first + VOWELS.sub("", form[1:])))
