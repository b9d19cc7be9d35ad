"""Page furniture that shows in one line: by its form, and by the words in `data/furniture.toml`.

A rule checks the form (short, no end mark, a colon after the word, brackets around it) as well as the word, so a
sentence about photos or sources stays. Every rule looks only at lines of limited length.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import lru_cache
from importlib import resources

LONGEST_TEASER = 250
"""Most characters of a credit, link or teaser; a longer line is prose."""
_LONGEST_CREDIT = 100
_LONGEST_PROMPT = 90

_FULL_STOPS = ".。．۔।॥።։။៕།|"
_ENDS = tuple(_FULL_STOPS + "!?…！？؟;:：")
_CLOSING = "\"'’”»›)]}）］｝」』】》 \u200e\u200f"
_AROUND = " \t\u200e\u200f\xa0:：.,;!?…|-–—*•·>»«<▶►➤→#_=~+[]()（）【】\"'“”"
_ARROW = re.compile(r"(?:>{2,}|[=-]+>|[▶►➤➡→⇒☞👉]|»{2,})\s*\S")
_TIME = re.compile(r"(?<!\d)(?:\d{1,2}[:hH]\d{2}|\d{1,4}([-/.])\d{1,2}\1\d{2,4}|\d{4}年\d{1,2}月\d{1,2}日)(?!\d)")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,100})[)\]）】]\s*[.。]?$")
_HEAD = re.compile(r"([^:：]{1,40}?)\s*[:：]\s*(.*)")
_STAMP = re.compile(r"date \d{4}-\d{2}(?:-\d{2})?\s+")
_ALL_CAPITALS = re.compile(r"[^\W\d_a-zà-ÿ]{2,8}(?:\s?/\s?[^\W\d_a-zà-ÿ]{2,8})+")


@lru_cache(maxsize=1)
def _furniture_words() -> dict[str, frozenset[str]]:
    """The words of each kind of furniture."""
    source = resources.files(__package__).joinpath("data/furniture.toml")
    return {kind: frozenset(words) for kind, words in tomllib.loads(source.read_text(encoding="utf-8")).items()}


@lru_cache(maxsize=8)
def _starts_with(kind: str) -> re.Pattern[str]:
    """Matches a word of this kind at the start of a line, up to the end of the word."""
    longest_first = sorted(_furniture_words()[kind], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def bare(line: str) -> str:
    """The form in which lines are compared: lower case, no punctuation around."""
    return line.strip(_AROUND).casefold()


def ends_sentence(line: str) -> bool:
    """Whether the line ends with a mark that ends a sentence."""
    return line.rstrip(_CLOSING)[-1:] in _ENDS


def ends_with_full_stop(line: str) -> bool:
    """Whether the line ends with a full stop, which headlines hardly ever do."""
    return line.rstrip(_CLOSING).endswith(tuple(_FULL_STOPS)) and not is_truncated(line)


def is_truncated(line: str) -> bool:
    """Whether the line ends in an ellipsis after a space, as teasers do."""
    return line.endswith((" ...", " …", "[...]", "[…]", "(...)"))


def without_stamp(line: str) -> tuple[str, str]:
    """A leading "date 2025-05" stamp, "" if there is none, and the line after it."""
    match = _STAMP.match(line)
    return (match[0].strip(), line[match.end() :]) if match else ("", line)


def is_related_head(line: str) -> bool:
    """Whether the line is the head of a list of other articles ("Read also")."""
    return len(line) <= _LONGEST_CREDIT and bare(line) in _furniture_words()["related"]


def furniture_in(line: str) -> str | None:
    """The reason why this line alone is furniture; None if it is not."""
    if len(line) > LONGEST_TEASER * 2:
        return None
    return next((reason for reason, holds in _RULES if holds(line)), None)


def _is_link(line: str) -> bool:
    return len(line) <= LONGEST_TEASER and _ARROW.match(line) is not None


def _is_related(line: str) -> bool:
    """Whether the line is a head of a list, alone or before a headline: "Read also: the headline"."""
    head = _HEAD.match(line)
    return is_related_head(line) or (
        len(line) <= LONGEST_TEASER and head is not None and bare(head[1]) in _furniture_words()["related"]
    )


def _is_widget(line: str) -> bool:
    return len(line) <= _LONGEST_CREDIT and bare(line) in _furniture_words()["widget"]


def _is_prompt(line: str) -> bool:
    return len(line) <= _LONGEST_PROMPT and not ends_sentence(line) and _starts_with("prompt").match(line) is not None


def _is_credit(line: str) -> bool:
    """Whether the line only credits a picture or text: "Photo : VNA/CVN", "(theo ĐSQ Việt Nam)", "AFP"."""
    if len(line) > _LONGEST_CREDIT:
        return False
    if line.startswith(("©", "(c)", "(C)")):
        return True
    inside = _BRACKETED.fullmatch(line)
    if inside is not None:
        return _names_maker(inside[1], strict=False) or _names_agencies(inside[1])
    return _names_maker(line, strict=True) or _names_agencies(line)


def _names_maker(text: str, strict: bool) -> bool:
    """Whether the text is a word for photo or source and a name; `strict`: only with a colon between."""
    head = _HEAD.match(text)
    if head is not None and not ends_sentence(head[2].rstrip(".")):
        first = bare(head[1])
        return first in _furniture_words()["photo"] or first in _furniture_words()["source"]
    return not strict and any(_starts_with(kind).match(text) for kind in ("photo", "source"))


def _names_agencies(text: str) -> bool:
    """Whether the text only names agencies: "VNA/CVN", "Getty Images"."""
    if bare(text) in _furniture_words()["agency"] or _ALL_CAPITALS.fullmatch(text):
        return True
    parts = [bare(part) for part in re.split(r"[/|,–-]", text)]
    return len(parts) > 1 and all(part in _furniture_words()["agency"] for part in parts)


def _is_caption(line: str) -> bool:
    """Whether the line is a caption, which ends with a credit in brackets: "… in Astana. (Photo: VNA)"."""
    inside = _BRACKETED.search(line[-110:])
    if inside is None:
        return False
    head = _HEAD.match(inside[1])
    if head is not None:
        return bare(head[1]) in _furniture_words()["photo"] | _furniture_words()["source"]
    return _starts_with("photo").match(inside[1]) is not None


def _is_time(line: str) -> bool:
    """Whether the line is a date or time, with at most three other words."""
    if len(line) > 45 or ends_sentence(line) or _TIME.search(line) is None:
        return False
    return len(_WORDS.findall(line)) <= 3 and sum(map(str.isalpha, line)) <= 20


_RULES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("link to another article", _is_link),
    ("related articles", _is_related),
    ("page control", _is_widget),
    ("invitation to follow or subscribe", _is_prompt),
    ("credit", _is_credit),
    ("caption with credit", _is_caption),
    ("date stamp", _is_time),
)


def is_byline(line: str) -> bool:
    """Whether the line could be only an author's name: two to four capitalised words, with or without "by".

    A line in capitals is more likely a subheading.
    """
    if len(line) > 45 or ends_sentence(line) or any(c.isdigit() for c in line) or line.isupper():
        return False
    match = _starts_with("byline").match(line)
    names = (line[match.end() :] if match else line).strip(" :").split()
    return 2 <= len(names) <= 4 and all(name[0].isupper() and name.isidentifier() for name in names)
