"""Which encoding a text is in that declares none: UTF-8 unless its beginning shows that it is anything but that."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from contextlib import suppress

FEWEST_BYTES = 8
"""Bytes beyond ASCII that a guess needs; with less the few records that hold them are rejected."""

_SAMPLE = 32 * 1024
_VOTES = 5
# Characters that records in other encodings seem to hold by chance: in Thai one for every two bytes that are no UTF-8.
_SURELY_UTF8 = 6
# How well the letters must fit, by charset-normalizer: it calls Japanese with Western digits a little messy.
_MESS = 0.3
_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "cp1258"})
_CANDIDATES = (
    *sorted(_LATIN),
    *("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic"),
    *("cp1253", "iso8859_7", "cp1255", "cp1256", "cp874"),
    *("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"),
)
# The code page Windows has in each country whose language is written in Latin letters; the others have 1252.
_CODE_PAGES = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), "cp1250"),
    **dict.fromkeys(("az", "tr"), "cp1254"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    "vi": "cp1258",
}
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_NOT_IN_TEXTS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_UNMARKED_SAMPLE = 4096
_HAN = re.compile("[\u3400-\u9fff]")
# Two letters of ASCII read as one look like Han, but like the seldom used.
_USUAL_HAN = ("gb2312", "big5", "cp932", "euc_kr")
_MOST_HAN = 0.9
_LABELS = {"cp932": "Shift-JIS", "cp949": "EUC-KR", "cp874": "TIS-620", "big5hkscs": "Big5", "iso8859_2": "ISO-8859-2"}


def encoding_of(head: bytes) -> str:
    """The codec of the text that begins so.

    UTF-8 where the beginning is UTF-8, mixed, no text, holds less than `FEWEST_BYTES` bytes beyond ASCII, or is like
    nothing known: then what is not UTF-8 is rejected record by record.
    """
    characters, bad = _utf8_in(head)
    if bad < FEWEST_BYTES or characters > bad or _NOT_IN_TEXTS.search(head):
        return "utf-8"
    return _guessed(_telling_lines(head)) or "utf-8"


def unmarked(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without its mark: the one as which a beginning with NULs is a text, if there is one."""
    sample = head[:_UNMARKED_SAMPLE]
    ascii_characters = {}
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") if b"\x00" in sample else ():
        with suppress(UnicodeDecodeError):
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
            if all(map(_is_in_texts, text)) and _is_usual("".join(_HAN.findall(text))):
                ascii_characters[encoding] = sum(map(str.isascii, text))
    likeliest = max(ascii_characters, key=ascii_characters.__getitem__, default=None)
    return likeliest if likeliest and ascii_characters[likeliest] else None


def decoded_as(data: bytes, encoding: str) -> str:
    """The text of a record; one that is UTF-8 beyond chance is taken as such, whatever the rest of its file is in.

    Raises UnicodeDecodeError.
    """
    if encoding != "utf-8" and not data.isascii():
        characters, bad = _utf8_in(data)
        if bad or characters < _SURELY_UTF8:
            return data.decode(encoding)
    return data.decode("utf-8")


def label(encoding: str) -> str:
    """The name of a codec as people know it: "windows-1251", "KOI8-R"."""
    if encoding.startswith("cp125"):
        return f"windows-{encoding[2:]}"
    return _LABELS.get(encoding) or encoding.removesuffix("-le").removesuffix("-be").upper().replace("_", "-")


def _utf8_in(data: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are UTF-8, and how many bytes are not; the last character may break off."""
    if data.isascii():
        return 0, 0
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(data)
    bad = len(_BAD_BYTE.findall(text))
    return len(text) - len(text.encode("ascii", "ignore")) - bad, bad


def _telling_lines(head: bytes) -> list[bytes]:
    """Lines that hold more than ASCII, `_SAMPLE` bytes at most, and no character that breaks off.

    In no encoding do the signs by which the last line is cut stand inside a character.
    """
    if len(head) > _SAMPLE:
        head = head[: max(map(head[:_SAMPLE].rfind, (b" ", b"\n", b",", b'"'))) + 1]
    return [line for line in head.splitlines(keepends=True) if not line.isascii()]


def _guessed(lines: list[bytes]) -> str | None:
    """What the lines are in. Where most of `_VOTES` parts are in what a damaged line speaks against, it is that."""
    whole = b"".join(lines)
    parts = (lines[start::_VOTES] for start in range(min(_VOTES, len(lines))))
    votes = Counter(_likeliest(b"".join(part)) for part in parts)
    for voted, count in votes.most_common(1):
        if voted is not None and count * 2 > votes.total() and not _decodes(whole, voted):
            return voted
    return _likeliest(whole)


def _likeliest(sample: bytes) -> str | None:
    """The encoding whose letters make the likeliest words; among those of Latin letters the one of the language."""
    from charset_normalizer import from_bytes  # seldom needed

    matches = from_bytes(
        sample, cp_isolation=list(_CANDIDATES), threshold=_MESS, preemptive_behaviour=False, enable_fallback=False
    )
    best = max(matches, key=lambda match: match.coherence - match.chaos, default=None)
    if best is None or best.encoding not in _LATIN:
        return None if best is None else best.encoding
    code_page = _CODE_PAGES.get(_language(str(best)), "cp1252")
    if code_page == "cp1250" and not _WINDOWS_ONLY.search(sample):
        code_page = "iso8859_2"
    return code_page if _decodes(sample, code_page) else None


def _decodes(data: bytes, encoding: str) -> bool:
    with suppress(UnicodeDecodeError):
        return bool(data.decode(encoding))
    return False


def _language(text: str) -> str:
    from detector.languages.identification import identify_language  # takes half a second to load

    return identify_language(text)[0].split("-")[0]


def _is_in_texts(char: str) -> bool:
    return char in "\t\n\r\f" or unicodedata.category(char) not in ("Cc", "Cn", "Co", "Cs")


def _is_usual(han: str) -> bool:
    return max(len(han.encode(charset, "ignore")) for charset in _USUAL_HAN) >= 2 * len(han) * _MOST_HAN
