"""Codes and names of languages, as other tools write them, as BCP 47 codes."""

from __future__ import annotations

from functools import lru_cache

import langcodes
from langcodes.tag_parser import LanguageTagError

UNKNOWN = "und"
"""The code of a text whose language is unknown."""

_NO_LANGUAGE = frozenset((UNKNOWN, "mul", "mis", "zxx"))
# Codes of countries that APIs give for their languages; none of these is the code of another language.
_COUNTRIES = {"cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "kr": "ko", "ua": "uk"}
# Codes of one written norm, or labels of the identifier for a neighbour that it lacks.
_SAME = {"nb": "no", "ary": "ar", "arz": "ar", "sdh": "ckb", "wuu": "zh", "uzs": "uz"}
_LONGEST_NAME = 40


def bcp47(written: str) -> str | None:
    """The BCP 47 code of a language, with the region if one is written; None if no language is named.

    Takes BCP 47, ISO 639-1, 639-2 (both kinds) and 639-3 in any case, with "-" or "_", and the name of the language in
    English or in the language itself.

    >>> [bcp47(written) for written in ("eng", "FRE", "pt_BR", "French", "русский", "cmn", "unknown")]
    ['en', 'fr', 'pt-BR', 'fr', 'ru', 'zh', None]
    """
    return _bcp47(written.strip().lower()) if len(written) <= _LONGEST_NAME else None


def canonical_language(written: str) -> str | None:
    """The code by which languages are compared: that of `bcp47` in its shortest form, without the region.

    The script stays only if the language is usually written in another one. Codes of one written norm become one:
    "pes" and "prs" are "fa", "nob" is "no". None if no language is named.

    >>> [canonical_language(written) for written in ("en-GB", "zho-CN", "zh-TW", "srp-Cyrl", "srp-Latn")]
    ['en', 'zh', 'zh-Hant', 'sr', 'sr-Latn']
    """
    code = bcp47(written)
    return None if code is None else _without_region(code)


@lru_cache(maxsize=1024)
def usual_script(language: str) -> str | None:
    """The ISO 15924 code of the script in which a language is usually written."""
    return langcodes.Language.make(language).maximize().script


@lru_cache(maxsize=4096)
def _bcp47(written: str) -> str | None:
    code = _standard(_COUNTRIES.get(written, written))
    if code is None or not langcodes.tag_is_valid(code):
        code = _code_of_name(written)
    return code if code is not None and code.split("-")[0] not in _NO_LANGUAGE else None


def _standard(tag: str) -> str | None:
    try:
        return langcodes.standardize_tag(tag, macro=True)
    except LanguageTagError:
        return None


def _code_of_name(written: str) -> str | None:
    # Up to three letters are an unknown code, not a name: short names would match many languages. Characters that
    # cannot be printed are in no name, and the index of names fails on NUL.
    if (len(written) <= 3 and written.isascii()) or not written.isprintable():
        return None
    try:
        return _standard(langcodes.find(written).to_tag())
    except LookupError:
        return None


@lru_cache(maxsize=4096)
def _without_region(code: str) -> str:
    tag = langcodes.Language.get(code)
    language = _SAME.get(tag.language or UNKNOWN, tag.language or UNKNOWN)
    script = langcodes.Language.make(language, script=tag.script, territory=tag.territory).maximize().script
    shown = tag.script is not None or language == "zh"
    return f"{language}-{script}" if shown and script != usual_script(language) else language
