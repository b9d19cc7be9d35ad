"""One code for a language, however other tools write it."""

from __future__ import annotations

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.languages.codes import bcp47, canonical_language


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(("it", "it"), ("IT", "it"), (" it ", "it"), ("pt_BR", "pt-BR"), ("en-us", "en-US"), ("zh-hant", "zh-Hant")),
        # ISO 639-2, for bibliographers and for terminology; ISO 639-3
        *(("fre", "fr"), ("fra", "fr"), ("ger", "de"), ("deu", "de"), ("chi", "zh"), ("cze", "cs"), ("cmn", "zh")),
        *(("vie", "vi"), ("arb", "ar"), ("yue", "yue"), ("prs", "fa-AF"), ("slv", "sl"), ("hrv", "hr")),
        # Replaced codes
        *(("iw", "he"), ("in", "id"), ("mo", "ro")),
        # As GDELT names them
        *(("English", "en"), ("Chinese", "zh"), ("Norwegian", "no"), ("Persian", "fa"), ("Vietnamese", "vi")),
        *(("Brazilian Portuguese", "pt-BR"), ("Chinese (Traditional)", "zh-Hant"), ("english", "en"), ("FRENCH", "fr")),
        # In themselves
        *(("français", "fr"), ("Deutsch", "de"), ("русский", "ru"), ("中文", "zh"), ("Tiếng Việt", "vi")),
        # Names of languages whose own code is another one's
        *(("Mandarin", "zh"), ("Tagalog", "fil"), ("Serbo-Croatian", "sr-Latn")),
        # Countries, as NewsCatcher names languages
        *(("cn", "zh"), ("ua", "uk"), ("jp", "ja")),
    ],
)  # fmt: skip
def test_codes_and_names(written: str, code: str) -> None:
    assert bcp47(written) == code


@pytest.mark.parametrize(
    "written", ["", "?", "xx", "und", "mul", "xxx", "unknown", "None", "12", "a" * 1000, "-", "\0\x80", "\ud800name"]
)
def test_other_text_names_no_language(written: str) -> None:
    assert bcp47(written) is None


@given(st.text(max_size=50))
def test_every_result_is_a_valid_code(written: str) -> None:
    code = bcp47(written)
    assert code is None or (langcodes.tag_is_valid(code) and canonical_language(code) is not None)


@pytest.mark.parametrize(
    ("code", "canonical"),
    [
        ("it", "it"),
        ("ita", "it"),
        ("Italian", "it"),
        ("VIE", "vi"),
        ("français", "fr"),
        ("eng-GB", "en"),
        ("en_US", "en"),
        ("spa-MX", "es"),
        ("ger", "de"),
        ("iw", "he"),
        ("nob", "no"),
        ("nno", "nn"),
        ("pes", "fa"),
        ("prs", "fa"),
        ("arb", "ar"),
        ("kmr", "ku"),
        ("ckb-Arab", "ckb"),
        ("srp-Cyrl", "sr"),
        ("srp-Latn", "sr-Latn"),
        ("sh", "sr-Latn"),
        ("aze-Latn", "az"),
        ("zho-CN", "zh"),
        ("zho-TW", "zh-Hant"),
        ("Traditional Chinese", "zh-Hant"),
        ("yue", "yue"),
        ("haw", "haw"),
        # Names of four letters, and countries: as in `bcp47`.
        ("Thai", "th"),
        ("Urdu", "ur"),
        ("Dari", "fa"),
        ("cn", "zh"),
        ("jp", "ja"),
    ],
)
def test_all_codes_of_a_language_have_one_canonical_form(code: str, canonical: str) -> None:
    assert canonical_language(code) == canonical
    assert canonical_language(canonical) == canonical


@pytest.mark.parametrize("code", ["", "und", "mul", "xx", "12", "-", "no such language"])
def test_other_text_has_no_canonical_form(code: str) -> None:
    assert canonical_language(code) is None


@given(st.text(max_size=12))
def test_a_canonical_form_is_its_own_canonical_form(declared: str) -> None:
    found = canonical_language(declared)
    assert found is None or canonical_language(found) == found


@pytest.mark.parametrize("declared", ["\0", "fr\0nch", "en-\ud83d", "\x7f"])
def test_text_that_cannot_be_printed_names_no_language(declared: str) -> None:
    assert canonical_language(declared) is None
