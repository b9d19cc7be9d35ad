"""The encoding of pages and feeds, which declare one but may be UTF-8 regardless."""

from __future__ import annotations

import codecs
import re

# Declared codec → the superset it means on the web (WHATWG Encoding): writers use the superset under the older name.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
}
_ALIASES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso8859-8",
}
# Charsets that contain ASCII. Leaves out other codecs of Python, such as punycode and unicode-escape.
_CHARSETS = re.compile(
    r"(ascii|utf-8|cp\d+|iso8859-\d+|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*|tis-620|mac-\w+|iso2022_jp\w*)"
)
# In <meta charset=…>, in <meta http-equiv="Content-Type" content="…; charset=…"> and in the XML declaration.
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\s[^>]{0,1000}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_SEARCHED_BYTES = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ESCAPE = b"\x1b"  # ISO-2022-JP consists of ASCII bytes and switches alphabets with this one


def codec_of(label: str | None) -> str | None:
    """The codec for a charset name as pages declare it; None if it is missing, unknown or UTF-16.

    UTF-16 is left out because a declaration that can be read as ASCII cannot be UTF-16.

    >>> codec_of("ISO-8859-1"), codec_of("GB2312"), codec_of("UTF-16"), codec_of("rot13")
    ('cp1252', 'gb18030', None, None)
    """
    label = (label or "").strip().strip("\"'").lower()
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(name, name) if _CHARSETS.fullmatch(name) else None


def is_utf_8(data: bytes) -> bool | None:
    """Whether bytes, which may end inside a character, are UTF-8; None if they are ASCII and could be anything."""
    if data.isascii():
        return False if _ESCAPE in data else None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def choose_codec(head: bytes, *declared: str | None) -> str:
    """The codec of a text that starts with `head`: UTF-8 if the bytes are, else the first known one of `declared`.

    If nothing is declared, ASCII is read as UTF-8 and anything else as windows-1252, as browsers do.
    """
    utf_8 = is_utf_8(head)
    known = "utf-8" if utf_8 else next(filter(None, map(codec_of, declared)), None)
    return known or ("cp1252" if utf_8 is False else "utf-8")


def declared_charset(head: bytes) -> str | None:
    """The charset name that a page or an XML document declares near its beginning."""
    match = _DECLARED.search(head[:_SEARCHED_BYTES])
    return match[1].decode("ascii") if match else None


def decode_page(data: bytes, *charsets: str | None) -> str:
    """The text of a page, decoded by its byte order mark, else by `choose_codec`.

    charsets: names given by others, such as the server; they come before the page's own declaration. Bytes that are
    not in the charset become U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode(choose_codec(data, *charsets, declared_charset(data)), "replace")
