"""Languages are understood however tools write them."""

from __future__ import annotations

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.languages.codes import bcp47
from detector.languages.identification import canonical_language


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
        # Countries, as NewsCatcher names languages
        *(("cn", "zh"), ("ua", "uk"), ("jp", "ja")),
    ],
)  # fmt: skip
def test_codes_and_names(written: str, code: str) -> None:
    assert bcp47(written) == code


@pytest.mark.parametrize(
    "written", ["", "?", "xx", "und", "mul", "xxx", "unknown", "None", "12", "a" * 1000, "-", "\0\x80", "\ud800name"]
)
def test_what_names_no_language(written: str) -> None:
    assert bcp47(written) is None


@given(st.text(max_size=50))
def test_whatever_comes_out_is_a_code(written: str) -> None:
    code = bcp47(written)
    assert code is None or (langcodes.tag_is_valid(code) and canonical_language(code) is not None)
