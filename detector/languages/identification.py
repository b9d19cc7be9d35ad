"""The language of a text.

The identifier is py3langid: naive Bayes over byte n-grams (Lui and Baldwin, ACL 2012) with a model of 139 languages in
the package. This module adds what it does not know: words that distinguish neighbouring languages, and the script.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import langcodes
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from detector.languages.codes import UNKNOWN, canonical_language, usual_script
from detector.languages.script import is_traditional, script_of

_ENOUGH = 5000
"""Characters that are read; more text does not change the answer."""
_UNSURE = 0.2
"""Below this confidence py3langid advises not to trust its answer."""
_NEAR = 0.5
"""The declared language is used if it is at least this likely, as a share of the likeliest."""

# Scripts of many languages, so the script alone does not identify one.
_SHARED_SCRIPTS = frozenset(("Latn", "Cyrl", "Arab", "Deva", "Beng", "Hebr", "Ethi", "Hani", "Zyyy"))
# Languages with two scripts in use today; in any other language, another script is a quotation or a mistake.
_TWO_SCRIPTS = frozenset(("az", "bs", "kk", "ku", "mn", "pa", "sd", "sr", "tg", "tk", "uz"))


def identify_language(text: str, hint: str | None = None) -> tuple[str, float]:
    """The language of `text` in the form of `canonical_language`, and the confidence, 0 to 1.

    ("und", 0.0) if the text does not show its language. `hint` is a declared language in canonical form. It decides
    only if it is nearly as likely as the likeliest language, or if the text is too short for any language to be likely.
    The same text always gives the same answer, in any thread.
    """
    sample = text[:_ENOUGH]
    script = script_of(sample)
    if script == "Zyyy":
        return UNKNOWN, 0.0
    likely = _likely(sample)
    language = _likeliest(likely, hint)
    if language == UNKNOWN or likely[language] < _UNSURE:
        language, confidence = _of_short_text(script, hint, likely)
    else:
        language, confidence = _among_neighbours(language, sample, script, likely)
    # Rounded, because the last digits depend on the number of threads of the matrix products.
    return _with_script(language, script, sample), min(1.0, round(confidence, 4))


def _base(code: str) -> str:
    return code.split("-")[0]


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """The model of py3langid, read once. It never changes afterwards, so threads can share it."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _likely(text: str) -> dict[str, float]:
    """The probability of each language of the identifier, likeliest first; with "no language" they add up to 1."""
    likely: dict[str, float] = {}
    for label, probability in _identifier().rank(text):
        language = canonical_language(label) or UNKNOWN
        likely[language] = likely.get(language, 0.0) + probability
    return dict(sorted(likely.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Languages that are easily confused, their script, and a pattern of the distinguishing words of each."""

    languages: tuple[str, ...]
    script: str
    words: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def _neighbours() -> tuple[_Neighbours, ...]:
    source = resources.files(__package__).joinpath("neighbours.toml")
    groups = tomllib.loads(source.read_text(encoding="utf-8"))["group"]
    return tuple(
        _Neighbours(
            tuple(group["languages"]),
            group["script"],
            {language: _word_pattern(words, group["inside_words"]) for language, words in group["words"].items()},
        )
        for group in groups
    )


def _word_pattern(words: list[str], inside_words: bool) -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))
    return re.compile(alternatives if inside_words else rf"\b(?:{alternatives})\b", re.IGNORECASE)


def _likeliest(likely: dict[str, float], hint: str | None) -> str:
    """The likeliest language, or the hint if it is nearly as likely."""
    first = next(iter(likely))
    declared = _base(hint) if hint is not None else first
    return declared if likely.get(declared, 0.0) >= _NEAR * likely[first] else first


def _among_neighbours(language: str, text: str, script: str, likely: dict[str, float]) -> tuple[str, float]:
    """The language, or a neighbour if the text has more words of the neighbour; and its probability."""
    for group in _neighbours():
        if language in group.languages and script == group.script:
            counts = {name: sum(1 for _ in words.finditer(text)) for name, words in group.words.items()}
            most = max(counts.values())
            if counts[language] < most:
                neighbour = next(name for name in group.languages if counts[name] == most)
                return neighbour, sum(likely.get(name, 0.0) for name in group.languages)
    return language, likely[language]


def _of_short_text(script: str, hint: str | None, likely: dict[str, float]) -> tuple[str, float]:
    """The language of a text with too few letters for the identifier: by its script, or the hint."""
    if script not in _SHARED_SCRIPTS:
        language = langcodes.Language.make(script=script).maximize().language
        return (language, 1.0) if language else (UNKNOWN, 0.0)
    if hint is not None and _is_written_in(_base(hint), script):
        return _base(hint), likely.get(_base(hint), 0.0)
    return UNKNOWN, 0.0


def _is_written_in(language: str, script: str) -> bool:
    if script == "Hani":
        return language in ("zh", "yue", "ja")
    return language in _TWO_SCRIPTS or script == usual_script(language)


def _with_script(language: str, script: str, text: str) -> str:
    """The language, with its script if that is not the usual one."""
    if language == "zh":
        return "zh-Hant" if is_traditional(text) else "zh"
    if language in _TWO_SCRIPTS and script != usual_script(language):
        return canonical_language(f"{language}-{script}") or language
    return language
