"""Which language a text is in, and one way to write languages.

The identifier is py3langid: naive Bayes over byte n-grams (Lui and Baldwin, ACL 2012) with a model of 139 languages
inside the package. What it does not know is added here: which neighbour a text is by the words that tell them apart,
and the script.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import langcodes
from langcodes.tag_parser import LanguageTagError
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from detector.languages.script import is_traditional, script_of

__all__ = ["canonical_language", "identify_language", "script_of"]

UNKNOWN = "und"

_ENOUGH = 5000
"""Characters after which more text changes no answer."""
_UNSURE = 0.2
"""Below this confidence py3langid advises not to trust its answer."""
_NEAR = 0.5
"""A declared language at least this likely, as a share of the likeliest, is believed."""

# Written by many languages, so the script alone shows none.
_SHARED_SCRIPTS = frozenset(("Latn", "Cyrl", "Arab", "Deva", "Beng", "Hebr", "Ethi", "Hani", "Zyyy"))
# Languages with two scripts in use today; for all others another script than theirs is a quotation or a mistake.
_TWO_SCRIPTS = frozenset(("az", "bs", "kk", "ku", "mn", "pa", "sd", "sr", "tg", "tk", "uz"))
# One written norm under two labels of the identifier, or a label that stands in for a neighbour it has not.
_SAME = {"nb": "no", "ary": "ar", "arz": "ar", "sdh": "ckb", "wuu": "zh", "uzs": "uz"}
_NO_LANGUAGE = frozenset(("und", "mul", "mis", "zxx"))


def identify_language(text: str, hint: str | None = None) -> tuple[str, float]:
    """The language of `text` in the form of `canonical_language`, and the confidence, 0 to 1.

    ("und", 0.0) where the text does not show its language. `hint` is a declared language in canonical form. It
    decides only where the text does not: when it is nearly as likely as the likeliest language, or the text is too
    short for any to be likely. The same text gives the same answer always, in any thread.
    """
    sample = text[:_ENOUGH]
    script = script_of(sample)
    if script == "Zyyy":
        return UNKNOWN, 0.0
    likely = _likely(sample)
    language = _likeliest(likely, hint)
    if language == UNKNOWN or likely[language] < _UNSURE:
        language, confidence = _too_short(script, hint, likely)
    else:
        language, confidence = _among_neighbours(language, sample, script, likely)
    # Rounded: the last digits hang on how many threads multiply the matrices.
    return _with_script(language, script, sample), min(1.0, round(confidence, 4))


@lru_cache(maxsize=4096)
def canonical_language(code: str) -> str | None:
    """The one way in which this library writes a language: BCP 47 in its shortest form without the region.

    Takes ISO 639-1, -2 and -3 codes, BCP 47 tags and names ("Vietnamese", "français"). The script stays only where
    it is not the one that the language is usually written in: "zho-CN" is "zh", "zh-TW" is "zh-Hant", "srp-Cyrl" is
    "sr", "srp-Latn" is "sr-Latn". Codes of one written norm are one: "pes" and "prs" are "fa", "nob" is "no".
    None where `code` names no language.
    """
    tag = _parse(code.strip().replace("_", "-"))
    if tag is None or tag.language is None or tag.language in _NO_LANGUAGE or not tag.is_valid():
        return None
    language = _SAME.get(tag.language, tag.language)
    script = langcodes.Language.make(language, script=tag.script, territory=tag.territory).maximize().script
    usual = _usual_script(language)
    written = tag.script is not None or language == "zh"
    return f"{language}-{script}" if written and script != usual else language


def _parse(code: str) -> langcodes.Language | None:
    """The tag that a code or a name stands for."""
    # What is not printed is in no code nor name, and the index of names may not be asked for a NUL.
    if not code.isprintable():
        return None
    try:
        return langcodes.Language.get(langcodes.standardize_tag(code, macro=True))
    except LanguageTagError:
        pass
    try:
        return langcodes.Language.get(langcodes.standardize_tag(langcodes.find(code), macro=True))
    except LookupError:
        return None


@lru_cache(maxsize=1024)
def _usual_script(language: str) -> str | None:
    return langcodes.Language.make(language).maximize().script


def _base(code: str) -> str:
    return code.split("-")[0]


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """py3langid's model, read once. It never changes after, so threads may share it."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _likely(text: str) -> dict[str, float]:
    """The probability of each language the identifier knows, likeliest first; they add up to 1 with "no language"."""
    likely: dict[str, float] = {}
    for label, probability in _identifier().rank(text):
        language = canonical_language(label) or UNKNOWN
        likely[language] = likely.get(language, 0.0) + probability
    return dict(sorted(likely.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """Languages that are easily mixed up, their script, and what finds the words of each."""

    languages: tuple[str, ...]
    script: str
    words: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def _neighbours() -> tuple[_Neighbours, ...]:
    source = resources.files(__package__).joinpath("neighbours.toml")
    groups = tomllib.loads(source.read_text(encoding="utf-8"))["group"]
    return tuple(
        _Neighbours(
            tuple(g["languages"]), g["script"], {k: _finder(v, g["inside_words"]) for k, v in g["words"].items()}
        )
        for g in groups
    )


def _finder(words: list[str], inside_words: bool) -> re.Pattern[str]:
    alternatives = "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))
    return re.compile(alternatives if inside_words else rf"\b(?:{alternatives})\b", re.IGNORECASE)


def _likeliest(likely: dict[str, float], hint: str | None) -> str:
    """The likeliest language, or the hint where it is nearly as likely."""
    first = next(iter(likely))
    declared = _base(hint) if hint is not None else first
    return declared if likely.get(declared, 0.0) >= _NEAR * likely[first] else first


def _among_neighbours(language: str, text: str, script: str, likely: dict[str, float]) -> tuple[str, float]:
    """The language, or its neighbour where the text has more of the neighbour's words; and its probability."""
    for group in _neighbours():
        if language in group.languages and script == group.script:
            counts = {name: sum(1 for _ in finder.finditer(text)) for name, finder in group.words.items()}
            most = max(counts.values())
            if counts[language] < most:
                better = next(name for name in group.languages if counts[name] == most)
                return better, sum(likely.get(name, 0.0) for name in group.languages)
    return language, likely[language]


def _too_short(script: str, hint: str | None, likely: dict[str, float]) -> tuple[str, float]:
    """What a text shows that has too few letters for the identifier: the language of its script, or the hint."""
    if script not in _SHARED_SCRIPTS:
        alone = langcodes.Language.make(script=script).maximize().language
        return (alone, 1.0) if alone else (UNKNOWN, 0.0)
    if hint is not None and _is_written_in(_base(hint), script):
        return _base(hint), likely.get(_base(hint), 0.0)
    return UNKNOWN, 0.0


def _is_written_in(language: str, script: str) -> bool:
    if script == "Hani":
        return language in ("zh", "yue", "ja")
    return language in _TWO_SCRIPTS or script == _usual_script(language)


def _with_script(language: str, script: str, text: str) -> str:
    """The language with its script where that is not the usual one."""
    if language == "zh":
        return "zh-Hant" if is_traditional(text) else "zh"
    if language in _TWO_SCRIPTS and script != _usual_script(language):
        return canonical_language(f"{language}-{script}") or language
    return language
