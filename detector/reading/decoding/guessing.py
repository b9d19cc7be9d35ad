"""Guesses the encoding of texts that declare none: UTF-8 unless their beginning shows that it is something else."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from contextlib import suppress

FEWEST_BYTES = 8
"""Non-ASCII bytes that a guess needs, chosen by hand. With fewer, the few records that hold them are rejected."""

_SAMPLE = 32 * 1024
# Groups of lines that are guessed separately.
_VOTES = 5
# UTF-8 characters from which a record is surely UTF-8, chosen by hand. Records in other encodings contain a few by
# chance: in Thai, one for every two bytes that are not UTF-8.
_SURELY_UTF_8 = 6
# The threshold of charset-normalizer, above its default because it finds Japanese with Western digits messy.
_MESS = 0.3
_LATIN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "cp1258"})
_CANDIDATES = (
    *sorted(_LATIN),
    *("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866", "mac_cyrillic"),
    *("cp1253", "iso8859_7", "cp1255", "cp1256", "cp874"),
    *("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"),
)
# The Windows code page for languages in Latin script; all others use cp1252.
_CODE_PAGES = {
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), "cp1250"),
    **dict.fromkeys(("az", "tr"), "cp1254"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    "vi": "cp1258",
}
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BAD_BYTE = re.compile("[\udc80-\udcff]")
_UTF_SAMPLE = 4096
_HAN = re.compile("[\u3400-\u9fff]")
# Two ASCII letters read as one UTF-16 unit look like Han characters, but mostly rare ones. At least this share of the
# Han characters of a text is in one of the character sets for everyday use; chosen by hand.
_COMMON_HAN = ("gb2312", "big5", "cp932", "euc_kr")
_COMMON_SHARE = 0.9
_LABELS = {"cp932": "Shift-JIS", "cp949": "EUC-KR", "cp874": "TIS-620", "big5hkscs": "Big5", "iso8859_2": "ISO-8859-2"}


def guess_encoding(head: bytes) -> str:
    """The codec of a text that starts with `head`.

    UTF-8 if `head` is UTF-8, mixed, binary, has fewer than `FEWEST_BYTES` non-ASCII bytes, or resembles no known
    encoding. Then records that are not UTF-8 are rejected one by one.
    """
    characters, bad_bytes = _count_utf_8(head)
    if bad_bytes < FEWEST_BYTES or characters > bad_bytes or _BINARY.search(head):
        return "utf-8"
    return _guess_by_vote(_non_ascii_lines(head)) or "utf-8"


def guess_unmarked_utf(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: the variant in which a head with NUL bytes is a text, if any."""
    sample = head[:_UTF_SAMPLE]
    ascii_characters = {}
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be") if b"\x00" in sample else ():
        with suppress(UnicodeDecodeError):
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
            if all(map(_is_text, text)) and _are_common("".join(_HAN.findall(text))):
                ascii_characters[encoding] = sum(map(str.isascii, text))
    best = max(ascii_characters, key=ascii_characters.__getitem__, default=None)
    return best if best and ascii_characters[best] else None


def decode_as(data: bytes, encoding: str) -> str:
    """The text of a record. One that is clearly UTF-8 is decoded as UTF-8 whatever the encoding of its file.

    Raises UnicodeDecodeError.
    """
    if encoding != "utf-8" and not data.isascii():
        characters, bad_bytes = _count_utf_8(data)
        if bad_bytes or characters < _SURELY_UTF_8:
            return data.decode(encoding)
    return data.decode("utf-8")


def encoding_label(encoding: str) -> str:
    """The usual name of a codec: "windows-1251", "KOI8-R"."""
    if encoding.startswith("cp125"):
        return f"windows-{encoding[2:]}"
    return _LABELS.get(encoding) or encoding.removesuffix("-le").removesuffix("-be").upper().replace("_", "-")


def _count_utf_8(data: bytes) -> tuple[int, int]:
    """How many non-ASCII characters are UTF-8, and how many bytes are not. The last character may be incomplete."""
    if data.isascii():
        return 0, 0
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(data)
    bad_bytes = len(_BAD_BYTE.findall(text))
    return len(text) - len(text.encode("ascii", "ignore")) - bad_bytes, bad_bytes


def _non_ascii_lines(head: bytes) -> list[bytes]:
    """The lines of the head that are not ASCII, `_SAMPLE` bytes at most, without an incomplete character at the end.

    The sample is cut at a byte that is never part of a longer character in any encoding.
    """
    if len(head) > _SAMPLE:
        head = head[: max(map(head[:_SAMPLE].rfind, (b" ", b"\n", b",", b'"'))) + 1]
    return [line for line in head.splitlines(keepends=True) if not line.isascii()]


def _guess_by_vote(lines: list[bytes]) -> str | None:
    """The encoding of the lines, guessed from all of them together.

    A single damaged line rules out the right encoding for all of them. So groups of lines are guessed too: if most
    groups agree on an encoding that cannot decode all lines, that encoding is used.
    """
    sample = b"".join(lines)
    groups = (lines[start::_VOTES] for start in range(min(_VOTES, len(lines))))
    votes = Counter(_guess(b"".join(group)) for group in groups)
    for winner, count in votes.most_common(1):
        if winner is not None and count * 2 > votes.total() and not _decodes(sample, winner):
            return winner
    return _guess(sample)


def _guess(sample: bytes) -> str | None:
    """The encoding in which the letters make the likeliest words; for Latin script, the code page of the language."""
    from charset_normalizer import from_bytes  # imported here because guesses are rare

    matches = from_bytes(
        sample, cp_isolation=list(_CANDIDATES), threshold=_MESS, preemptive_behaviour=False, enable_fallback=False
    )
    best = max(matches, key=lambda match: match.coherence - match.chaos, default=None)
    if best is None or best.encoding not in _LATIN:
        return None if best is None else best.encoding
    code_page = _CODE_PAGES.get(_language_of(str(best)), "cp1252")
    if code_page == "cp1250" and not _WINDOWS_ONLY.search(sample):
        code_page = "iso8859_2"
    return code_page if _decodes(sample, code_page) else None


def _decodes(data: bytes, encoding: str) -> bool:
    with suppress(UnicodeDecodeError):
        return bool(data.decode(encoding))
    return False


def _language_of(text: str) -> str:
    from detector.languages.identification import identify_language  # takes half a second to load

    return identify_language(text)[0].split("-")[0]


def _is_text(char: str) -> bool:
    return char in "\t\n\r\f" or unicodedata.category(char) not in ("Cc", "Cn", "Co", "Cs")


def _are_common(han: str) -> bool:
    """Whether most of the Han characters are in one of the character sets for everyday use."""
    return max(len(han.encode(charset, "ignore")) for charset in _COMMON_HAN) >= 2 * len(han) * _COMMON_SHARE
