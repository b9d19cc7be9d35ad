"""Text to sentences, in every script.

One rule for all: a sentence ends after a terminator and its closing quotes, with exceptions (a lower-case letter
follows; an abbreviation or initial comes before; an ordinal, in the languages that write one with a full stop). It is
the sentence boundary rule of Unicode (UAX #29) with the terminators that some languages add, and with abbreviations,
which UAX #29 leaves to the application. Thai and Dzongkha mark the end of a sentence by a space alone; there a space
ends a sentence after enough text.

The time is linear in the length of any text.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

LONGEST = 600
"""Most characters in a sentence; a longer one is split, so that no encoder truncates it."""

# Unicode's Sentence_Terminal characters of scripts in use. The Tibetan shad ends clauses too.
_SURE = "!?‼⁇⁈⁉؟۔܀܁܂।॥။።፧፨។៕៚᠃᠉༎།༑༒꓿։߹෴︒﹒﹖﹗！．？｡。𑁇𑅁"
_STOP = ".…․"
_IDEOGRAPHIC = "。｡！？．"
_UNSPACED = "།။។"
_CLOSING = "\"'’”»›)]}）］｝」』】〕〉》〗\u200e\u200f\u200b"
_CLOSING_BEFORE_SPACE = "“‘«"
_OPENING = "\"'‘’“”„‚«»‹›([{（［｛「『【〔〈《〖¿¡\u200e\u200f-–—"

_CONTINUES = frozenset(",;،、，")
"""Before one of these the sentence continues ("« Il y a un requin ! », explique Chad")."""

# Further terminators of single languages: the Greek question mark (a semicolon in NFC), the Armenian full stop typed
# as a colon, the danda typed as a bar, the Ethiopic full stop typed as two word spaces or colons.
_ALSO = {"el": ";", "hy": ":", "am": "፡:", "ti": "፡:"}
_ALSO |= dict.fromkeys(("as", "bn", "hi", "mr", "ne", "or", "pa", "sa"), "|")
# In Armenian the full stop is the colon; the point is a weaker mark.
_NOT_STOP = {"hy": "."}
_SPACE_ENDS = {"th": 40, "dz": 40}
"""Languages without a mark at the end of a sentence, and the fewest characters of a sentence that a space ends."""
_ORDINAL_STOP = frozenset((
    "az", "bs", "cs", "da", "de", "et", "eu", "fi", "fo", "hr",
    "hu", "is", "lb", "lv", "nn", "no", "sk", "sl", "sr", "tr",
))  # fmt: skip
"""Languages that write an ordinal with a full stop ("am 3. Oktober")."""

_WORD = re.compile(r"[^\W_]")
_TOKEN = re.compile(r"\S*\Z")
_LONGEST_TOKEN = 24
_SPACES = re.compile(r"\s+")
_CLAUSE = re.compile(r"[,;:،؛、，；：፣፤·၊–—།]['\"’”»)\]」』）]*(?=\s|(?<=[、，；：」』）]))")


def split_sentences(text: str, language: str) -> list[str]:
    """The sentences of `text` in order, without white space around them; none is empty.

    Only white space is lost. A line break ends a sentence. A sentence of more than `LONGEST` characters is split after
    a clause mark, else at a space, else between two characters. `language` is a BCP 47 code; an unknown language
    ("und") gets the general rules.
    """
    base = language.split("-")[0]
    sentences: list[str] = []
    for line in text.splitlines():
        for sentence in _join_wordless(_split_at_boundaries(line, base)):
            sentences += split_long(sentence)
    return sentences


def _split_at_boundaries(line: str, language: str) -> list[str]:
    """The line split at each sentence boundary; nothing is lost."""
    pieces, start = [], 0
    for mark in _marks(language).finditer(line):
        if mark.end() < len(line) and _ends_sentence(line, mark, language):
            pieces.append(line[start : mark.end()])
            start = mark.end()
    pieces.append(line[start:])
    least = _SPACE_ENDS.get(language)
    return pieces if least is None else [part for piece in pieces for part in _split_at_spaces(piece, least)]


@lru_cache(maxsize=256)
def _marks(language: str) -> re.Pattern[str]:
    """Matches each possible end of a sentence: terminators, closing marks, white space.

    Possessive quantifiers, and no match inside a run of terminators, so that a megabyte of dots is read once.
    """
    also = _ALSO.get(language, "")
    stop = "".join(c for c in _STOP if c not in _NOT_STOP.get(language, ""))
    terminator = re.escape(_SURE + also + stop)
    french = r"(?:[ \xa0\u202f]»(?=\s))?+"
    spaced = rf"[{re.escape(_CLOSING + _CLOSING_BEFORE_SPACE)}]*+{french}(?P<space>\s++)"
    unspaced = rf"(?P<closing>[{re.escape(_CLOSING)}]*+)(?<=[{_IDEOGRAPHIC}{_UNSPACED}!?…{re.escape(_CLOSING)}])"
    return re.compile(rf"(?<![{terminator}])(?P<mark>[{terminator}]++)(?:{spaced}|{unspaced})")


def _ends_sentence(line: str, mark: re.Match[str], language: str) -> bool:
    """Whether the terminators at `mark` end a sentence, by the characters around them."""
    marks = mark["mark"]
    if not mark["space"] and not _ends_without_space(line, mark):
        return False
    following = _first_letter(line, mark.end())
    if following in _CONTINUES or (following.islower() and not _is_georgian(following)):
        return False
    if marks == ".":
        return not _is_shortened(line, mark.start(), following, language)
    # One Ethiopic word space ends a word, two end a sentence; the same for colons typed instead.
    return not (marks in ("፡", ":") and language in ("am", "ti"))


def _ends_without_space(line: str, mark: re.Match[str]) -> bool:
    """Chinese and Japanese put no space after a sentence; a quotation before と does not end one."""
    last = mark["mark"][-1]
    if last in _UNSPACED:
        return True
    if last not in _IDEOGRAPHIC and not (last in "!?…" and _is_wide(line, mark.end())):
        return False
    return not (mark["closing"] and line[mark.end()] in "とっ、，")


def _is_wide(line: str, position: int) -> bool:
    return unicodedata.east_asian_width(line[position]) == "W"


def _first_letter(line: str, position: int) -> str:
    """The first of the next eight characters that is no opening mark or white space; "" if there is none."""
    for character in line[position : position + 8]:
        if character not in _OPENING and not character.isspace():
            return character
    return ""


def _is_georgian(letter: str) -> bool:
    """Georgian letters are lower case in Unicode, but Georgian sentences start with them."""
    return "\u10d0" <= letter <= "\u10ff"


def _is_shortened(line: str, stop: int, following: str, language: str) -> bool:
    """Whether the full stop at `stop` belongs to an abbreviation or ordinal and does not end the sentence."""
    match = _TOKEN.search(line, max(0, stop - _LONGEST_TOKEN), stop)
    token = match[0].lstrip(_OPENING) if match else ""
    if token.isdecimal():
        return stop == len(token) or (len(token) <= 2 and language in _ORDINAL_STOP)
    if len(token) == 1 and token.isupper():
        return True
    if "." in token and len(token) <= 6 and token.replace(".", "").isalpha():
        return True
    if following.isdecimal() and token.lower() in _abbreviations("before_number"):
        return True
    return token.lower() in _abbreviations("every") or token.lower() in _abbreviations(language)


@lru_cache(maxsize=256)
def _abbreviations(kind: str) -> frozenset[str]:
    """The abbreviations of a language, of "every" language, or those that are used only "before_number"."""
    source = resources.files(__package__).joinpath("data/abbreviations.toml")
    return frozenset(tomllib.loads(source.read_text(encoding="utf-8")).get(kind, ()))


def _split_at_spaces(piece: str, least: int) -> list[str]:
    """Split at each space between two letters of the language after at least `least` characters."""
    parts, start = [], 0
    for space in _SPACES.finditer(piece):
        before, after = piece[space.start() - 1 : space.start()], piece[space.end() : space.end() + 1]
        if space.start() - start >= least and before > "\u0d80" and after > "\u0d80":
            parts.append(piece[start : space.end()])
            start = space.end()
    parts.append(piece[start:])
    return parts


def _join_wordless(pieces: list[str]) -> list[str]:
    """The pieces, stripped; one without a letter or digit is joined to the one before it, or else to the one after."""
    groups: list[list[str]] = []
    wordless_start = False
    for piece in pieces:
        if groups and (wordless_start or not _WORD.search(piece)):
            groups[-1].append(piece)
            wordless_start = wordless_start and not _WORD.search(piece)
        else:
            groups.append([piece])
            wordless_start = not _WORD.search(piece)
    return [joined for group in groups if (joined := "".join(group).strip())]


def split_long(sentence: str) -> list[str]:
    """The sentence in parts of at most `LONGEST` characters, in order; a short one is one part."""
    parts, start = [], 0
    while len(sentence) - start > LONGEST:
        end = _end_of_part(sentence, start)
        parts.append(sentence[start:end].strip())
        start = end
    parts.append(sentence[start:].strip())
    return [part for part in parts if part]


def _end_of_part(sentence: str, start: int) -> int:
    """The best end of a part from `start` of at most `LONGEST` characters, in the second half of them."""
    middle, end = start + LONGEST // 2, start + LONGEST
    for pattern in (_CLAUSE, _SPACES):
        ends = [match.end() for match in pattern.finditer(sentence, middle, end)]
        if ends:
            return ends[-1]
    for position in range(end, middle, -1):
        if _starts_character(sentence, position):
            return position
    return end


def _starts_character(sentence: str, position: int) -> bool:
    """Whether a character as readers see it starts here: not a mark, joiner or modifier of the one before."""
    here, before = sentence[position], sentence[position - 1]
    bound = unicodedata.category(here).startswith("M") or here in "\u200d\u200c" or "\U0001f3fb" <= here <= "\U0001f3ff"
    return not bound and before != "\u200d"
