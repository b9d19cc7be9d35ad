"""Countries, found by their names in the language of the text and compared by their codes.

"@ID" is Indonésie and 印度尼西亚 alike. The names come from CLDR.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import regex

from detector.languages.cldr import territories
from detector.languages.script import WITHOUT_SPACES
from detector.pairs.words import TOKEN, romanised

# A word and the name of a country begin with at least so many equal letters; a name of so many letters is long.
SHARED_START, LONG_NAME = 4, 8
_UNSPACED = regex.compile(f"[{WITHOUT_SPACES}]")


def countries_in(sentence: str, tokens: Sequence[str], language: str) -> Iterator[tuple[str, str]]:
    """The countries that a sentence names: "@" and their code, and the name as written.

    tokens: the words of the sentence. Names of one word are found with their endings ("Indonesian", "Индонезии"),
    longer names word by word in the same way.
    """
    spaced, unspaced = _country_names(language)
    if unspaced:
        yield from ((f"@{unspaced[1][match.group()]}", match.group()) for match in unspaced[0].finditer(sentence))
    for index, token in enumerate(tokens):
        if token[0].islower():
            continue
        for forms, code in spaced.get(romanised(token)[:SHARED_START], ()):
            written = tokens[index : index + len(forms)]
            if len(written) == len(forms) and all(map(_inflected, map(romanised, written), forms)):
                yield f"@{code}", " ".join(written)
                break


def _inflected(word: str, name: str) -> bool:
    """Whether a word is a name, possibly with another ending: the shorter the name, the less of it may change."""
    if len(name) <= SHARED_START:
        return word == name
    changed, added = (1, 1) if len(name) == SHARED_START + 1 else (1, 4) if len(name) < LONG_NAME else (2, 4)
    return word.startswith(name[:-changed]) and len(word) <= len(name) + added


@cache
def _country_names(
    language: str,
) -> tuple[dict[str, list[tuple[tuple[str, ...], str]]], tuple[regex.Pattern[str], dict[str, str]] | None]:
    """The names of countries by the start of their first word, longest first; and those in scripts without spaces."""
    spaced: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    unspaced: dict[str, str] = {}
    for name, code in territories(language).items():
        if _UNSPACED.search(name):
            unspaced[name] = code
        else:
            forms = tuple(filter(None, map(romanised, TOKEN.findall(name))))
            if forms:
                spaced.setdefault(forms[0][:SHARED_START], []).append((forms, code))
    for candidates in spaced.values():
        candidates.sort(key=lambda candidate: (-len(candidate[0]), candidate))
    pattern = "|".join(map(regex.escape, sorted(unspaced, key=lambda name: (-len(name), name))))
    return spaced, (regex.compile(pattern), unspaced) if unspaced else None
