"""Which encoding the bytes of a page or a feed are in, where they may be UTF-8 in spite of what they declare."""

from __future__ import annotations

import codecs
import re

# What is declared and what it means on the web (WHATWG Encoding): a superset that writers use under the older name.
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
_OTHER_NAMES = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso8859-8",
}
# Charsets of texts that hold ASCII, and none of the other codecs (punycode, unicode-escape) that take any bytes.
_CHARSETS = re.compile(
    r"(ascii|utf-8|cp\d+|iso8859-\d+|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*|tis-620|mac-\w+|iso2022_jp\w*)"
)
# Behind <meta charset=…> and <meta http-equiv="Content-Type" content="…; charset=…">, and in XML's declaration.
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\s[^>]{0,1000}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_DECLARED_WITHIN = 4096
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NOT_UTF_8 = b"\x1b"  # what ISO-2022-JP, written in ASCII alone, changes its alphabet by


def codec(label: str | None) -> str | None:
    """The codec for the name of a charset as pages declare it; None for none, an unknown one, or UTF-16.

    Whoever reads a declaration in ASCII bytes knows that it cannot be UTF-16.

    >>> codec("ISO-8859-1"), codec("GB2312"), codec("UTF-16"), codec("rot13")
    ('cp1252', 'gb18030', None, None)
    """
    label = (label or "").strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_OTHER_NAMES.get(label, label))
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(found.name, found.name) if _CHARSETS.fullmatch(found.name) else None


def is_utf_8(data: bytes) -> bool | None:
    """Whether bytes, which may break off inside a character, are UTF-8; None where they are ASCII and tell nothing."""
    if data.isascii():
        return False if _NOT_UTF_8 in data else None
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def charset(head: bytes, *declared: str | None) -> str:
    """The codec of a text that begins with `head`: UTF-8 where it is, else the first one declared that is known.

    Without any, UTF-8 for ASCII, windows-1252 for the rest, as browsers do.
    """
    utf_8 = is_utf_8(head)
    known = "utf-8" if utf_8 else next(filter(None, map(codec, declared)), None)
    return known or ("cp1252" if utf_8 is False else "utf-8")


def declared(head: bytes) -> str | None:
    """The charset that a page or an XML document declares near its beginning, by the name it uses."""
    found = _DECLARED.search(head[:_DECLARED_WITHIN])
    return found[1].decode("ascii") if found else None


def decoded(data: bytes, *told: str | None) -> str:
    """The text of a page: by its byte order mark, else as `charset` tells from what it declares and what was told.

    told: the charset by the names others gave, such as the server; they count before the page's own declaration. What
    the charset does not have becomes U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return data.decode(charset(data, *told, declared(data)), "replace")
