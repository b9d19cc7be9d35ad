"""Languages as tools write them: codes of ISO 639 and BCP 47, or names, as the shortest BCP 47 code."""

from __future__ import annotations

from functools import lru_cache

import langcodes
from langcodes.tag_parser import LanguageTagError

# Codes of countries that APIs give for their languages; none of these is the code of another language.
_COUNTRIES = {"cn": "zh", "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "kr": "ko", "ua": "uk"}
_LONGEST_NAME = 40
_NO_LANGUAGE = {"und", "mul", "mis", "zxx"}


def bcp47(written: str) -> str | None:
    """The BCP 47 code, with the region where one is written; None for what names no language.

    Takes BCP 47, ISO 639-1, 639-2 (both kinds) and 639-3 in any case, with "-" or "_", and the name of the language in
    English or in any language.

    >>> [bcp47(written) for written in ("eng", "FRE", "pt_BR", "French", "русский", "cmn", "unknown")]
    ['en', 'fr', 'pt-BR', 'fr', 'ru', 'zh', None]
    """
    return _bcp47(written.strip().lower()) if len(written) <= _LONGEST_NAME else None


@lru_cache(maxsize=1024)
def _bcp47(written: str) -> str | None:
    try:
        code = langcodes.standardize_tag(_COUNTRIES.get(written, written), macro=True)
    except LanguageTagError:
        code = None
    if code is None or not langcodes.tag_is_valid(code):
        code = _named(written)
    return code if code is not None and code.split("-")[0] not in _NO_LANGUAGE else None


def _named(written: str) -> str | None:
    # Three letters and fewer are a code, and one that is not known; the shortest names would be taken for any language.
    # What is not printed is in no name, and the index of names may not be asked for a NUL.
    if (len(written) <= 3 and written.isascii()) or not written.isprintable():
        return None
    try:
        return langcodes.find(written).to_tag()
    except LookupError:
        return None
