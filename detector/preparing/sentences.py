"""Text to sentences, in every script.

One rule for all: a sentence ends at a terminator, the closing quotes after it included, unless what stands around it
says otherwise (a small letter follows, an abbreviation or initial stands before it, an ordinal in the languages that
write one with a full stop). It is the sentence boundary rule of Unicode (UAX #29) with the terminators that some
languages add and with abbreviations, which UAX #29 leaves to the application. Thai and Dzongkha end a sentence with a
space alone; there a space ends one after enough text.

All work is linear in the length of the text, whatever the text holds.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

LONGEST = 600
"""Most characters in a sentence; a longer one is cut, so that no encoder has to truncate it."""

# Unicode's Sentence_Terminal characters of living scripts. The Tibetan shad closes clauses too; so does every reader.
_SURE = "!?‼⁇⁈⁉؟۔܀܁܂।॥။።፧፨។៕៚᠃᠉༎།༑༒꓿։߹෴︒﹒﹖﹗！．？｡。𑁇𑅁"
_STOP = ".…․"
_IDEOGRAPHIC = "。｡！？．"
_UNSPACED = "།။។"
_CLOSING = "\"'’”»›)]}）］｝」』】〕〉》〗\u200e\u200f\u200b"
_CLOSING_BEFORE_SPACE = "“‘«"
_OPENING = "\"'‘’“”„‚«»‹›([{（［｛「『【〔〈《〖¿¡\u200e\u200f-–—"

_GOES_ON = frozenset(",;،、，")
"""After one of these the sentence goes on ("« Il y a un requin ! », explique Chad")."""

# What else ends a sentence in one language: the Greek question mark (NFC makes it a semicolon), the Armenian full
# stop typed as a colon, the danda typed as a bar, the Ethiopic full stop typed as two word spaces or colons.
_ALSO = {"el": ";", "hy": ":", "am": "፡:", "ti": "፡:"}
_ALSO |= dict.fromkeys(("as", "bn", "hi", "mr", "ne", "or", "pa", "sa"), "|")
# In Armenian the full stop is the colon and the point a lesser mark.
_NOT_STOP = {"hy": "."}
_SPACE_ENDS = {"th": 40, "dz": 40}
"""Languages without a mark at the end of a sentence: the fewest characters after which a space ends one."""
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
    """The sentences of `text` in order, without the white space around them and none empty.

    Every character but white space is kept as it is. A line break ends a sentence. A sentence of more than `LONGEST`
    characters is cut after a clause mark, else at a space, else between two characters. `language` is a BCP 47 code; an
    unknown one ("und") gets the rules that hold for all.
    """
    base = language.split("-")[0]
    sentences: list[str] = []
    for line in text.splitlines():
        for sentence in _with_words(_pieces(line, base)):
            sentences += short_enough(sentence)
    return sentences


def _pieces(line: str, language: str) -> list[str]:
    """The line cut at each sentence boundary; together the pieces are the line."""
    pieces, start = [], 0
    for mark in _marks(language).finditer(line):
        if mark.end() < len(line) and _ends_sentence(line, mark, language):
            pieces.append(line[start : mark.end()])
            start = mark.end()
    pieces.append(line[start:])
    least = _SPACE_ENDS.get(language)
    return pieces if least is None else [part for piece in pieces for part in _cut_at_spaces(piece, least)]


@lru_cache(maxsize=256)
def _marks(language: str) -> re.Pattern[str]:
    """Finds each place that may end a sentence: terminators, what closes after them, the white space.

    Possessive throughout and never from inside a run, so a megabyte of dots is read once.
    """
    also = _ALSO.get(language, "")
    stop = "".join(c for c in _STOP if c not in _NOT_STOP.get(language, ""))
    terminator = re.escape(_SURE + also + stop)
    french = r"(?:[ \xa0\u202f]»(?=\s))?+"
    spaced = rf"[{re.escape(_CLOSING + _CLOSING_BEFORE_SPACE)}]*+{french}(?P<space>\s++)"
    unspaced = rf"(?P<closing>[{re.escape(_CLOSING)}]*+)(?<=[{_IDEOGRAPHIC}{_UNSPACED}!?…{re.escape(_CLOSING)}])"
    return re.compile(rf"(?<![{terminator}])(?P<mark>[{terminator}]++)(?:{spaced}|{unspaced})")


def _ends_sentence(line: str, mark: re.Match[str], language: str) -> bool:
    """Whether the terminators at `mark` end a sentence, from what stands around them."""
    marks = mark["mark"]
    if not mark["space"] and not _ends_without_space(line, mark):
        return False
    following = _first_letter(line, mark.end())
    if following in _GOES_ON or (following.islower() and not _is_georgian(following)):
        return False
    if marks == ".":
        return not _is_shortened(line, mark.start(), following, language)
    # One Ethiopic word space ends a word, two end a sentence; so with colons in their place.
    return not (marks in ("፡", ":") and language in ("am", "ti"))


def _ends_without_space(line: str, mark: re.Match[str]) -> bool:
    """Chinese and Japanese put no space after a sentence; a quotation that goes on with と ends none."""
    last = mark["mark"][-1]
    if last in _UNSPACED:
        return True
    if last not in _IDEOGRAPHIC and not (last in "!?…" and _is_wide(line, mark.end())):
        return False
    return not (mark["closing"] and line[mark.end()] in "とっ、，")


def _is_wide(line: str, place: int) -> bool:
    return unicodedata.east_asian_width(line[place]) == "W"


def _first_letter(line: str, place: int) -> str:
    """The first character from `place` on that opens nothing; "" where the line ends. Looks a few characters far."""
    for character in line[place : place + 8]:
        if character not in _OPENING and not character.isspace():
            return character
    return ""


def _is_georgian(letter: str) -> bool:
    """Georgian letters count as small in Unicode, but a Georgian sentence starts with no other."""
    return "\u10d0" <= letter <= "\u10ff"


def _is_shortened(line: str, stop: int, following: str, language: str) -> bool:
    """Whether the full stop at `stop` shortens a word or makes an ordinal instead of ending the sentence."""
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
    """The abbreviations of a language, of "every" one, or those that shorten only "before_number"."""
    source = resources.files(__package__).joinpath("data/abbreviations.toml")
    return frozenset(tomllib.loads(source.read_text(encoding="utf-8")).get(kind, ()))


def _cut_at_spaces(piece: str, least: int) -> list[str]:
    """Cut at each space after at least `least` characters that stands between two letters of the language."""
    parts, start = [], 0
    for space in _SPACES.finditer(piece):
        before, after = piece[space.start() - 1 : space.start()], piece[space.end() : space.end() + 1]
        if space.start() - start >= least and before > "\u0d80" and after > "\u0d80":
            parts.append(piece[start : space.end()])
            start = space.end()
    parts.append(piece[start:])
    return parts


def _with_words(pieces: list[str]) -> list[str]:
    """The pieces stripped, with each that has no letter or digit joined to the one before it, or the one after."""
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


def short_enough(sentence: str) -> list[str]:
    """The sentence, or where it is longer its parts of at most `LONGEST` characters each, in order."""
    parts, start = [], 0
    while len(sentence) - start > LONGEST:
        end = _cut(sentence, start)
        parts.append(sentence[start:end].strip())
        start = end
    parts.append(sentence[start:].strip())
    return [part for part in parts if part]


def _cut(sentence: str, start: int) -> int:
    """Where to cut so that at most `LONGEST` characters follow `start`: the best place in the second half of them."""
    middle, end = start + LONGEST // 2, start + LONGEST
    for pattern in (_CLAUSE, _SPACES):
        places = [match.end() for match in pattern.finditer(sentence, middle, end)]
        if places:
            return places[-1]
    for place in range(end, middle, -1):
        if _starts_character(sentence, place):
            return place
    return end


def _starts_character(sentence: str, place: int) -> bool:
    """Whether a character in a reader's sense starts at `place`: no mark, joiner or selector binds it backwards."""
    here, before = sentence[place], sentence[place - 1]
    bound = unicodedata.category(here).startswith("M") or here in "\u200d\u200c" or "\U0001f3fb" <= here <= "\U0001f3ff"
    return not bound and before != "\u200d"
