"""Removes page furniture from the text of an article, with the reason for each line; the rest does not change.

First each line on its own (`furniture`), then several lines together: a repeated headline, a headline twice above a
teaser, a list of other articles after the last paragraph. The rules look at structure, not language. In doubt a line is
kept: a line removed wrongly is lost, but a line kept wrongly costs only one sentence without a counterpart.
"""

from __future__ import annotations

from collections.abc import Iterator

from detector.preparing.furniture import (
    LONGEST_TEASER,
    bare,
    ends_sentence,
    ends_with_full_stop,
    furniture_in,
    is_byline,
    is_related_head,
    is_truncated,
    without_stamp,
)
from detector.preparing.plain_text import lines_of, plain_text
from detector.records import Dropped

_LONGEST_HEADLINE = 200
_LEAST_DOUBLED = 25
"""Characters of a line; a shorter line may be repeated by chance or as rhetoric."""
_LEAST_LIST = 4
"""Lines in a row that look like headlines and make the end of a text a list of other articles."""
_LEAST_PROSE = 3
"""Paragraphs of a text that may have such a list, or a byline."""
_LONGEST_GAP = 2
"""Most lines between two repeated headlines of one list."""

Reasons = list[str | None]
"""The reason to remove each line; None for a line that stays."""


def clean(title: str | None, text: str) -> tuple[str | None, list[str], list[Dropped]]:
    """The headline, the paragraphs that stay, in order, and the lines that were removed, with the reason.

    The headline is `title`, or else the first line that stays if it looks like a headline (it is then no paragraph), or
    None. Entities are resolved and the text is in NFC without control characters; the paragraphs do not change
    otherwise. If nothing would be left, everything stays. Linear in the length of the text.
    """
    headline = " ".join(lines_of(plain_text(title))) if title else ""
    stamp, body = without_stamp(plain_text(text).lstrip())
    lines = lines_of(body)
    reasons = _reasons(headline, lines)
    kept = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    dropped = [Dropped(stamp, "date stamp")] if stamp else []
    dropped += [Dropped(line, reason) for line, reason in zip(lines, reasons, strict=True) if reason is not None]
    if not kept and not headline:
        kept, dropped = lines, dropped[: bool(stamp)]
    if not headline and len(kept) > 1 and _is_headline(kept[0], kept[1]):
        headline = kept.pop(0)
    return headline or None, kept, dropped


def _reasons(headline: str, lines: list[str]) -> Reasons:
    """The reason to remove each line, or None: from each line alone, then from several together."""
    reasons: Reasons = [furniture_in(line) or _doubled(line) for line in lines]
    _mark_twins(lines, reasons)
    _mark_teasers(lines, reasons)
    _mark_lists_under_heads(lines, reasons)
    _mark_tail(lines, reasons)
    _mark_final_list(lines, reasons)
    _mark_headline(headline, lines, reasons)
    _mark_bylines(headline, lines, reasons)
    return reasons


def _is_headline(line: str, following: str) -> bool:
    """Whether the first line is a headline: short, no end mark, above a line that has one or is longer."""
    return (
        len(line) <= _LONGEST_HEADLINE
        and not ends_sentence(line)
        and (ends_sentence(following) or len(following) > len(line))
    )


def _doubled(line: str) -> str | None:
    """The reason for a line "X X": a list item with the same caption and headline."""
    half = len(line) // 2
    if half < _LEAST_DOUBLED or ends_with_full_stop(line) or line[half] != " ":
        return None
    return "headline of another article" if line[:half] == line[half + 1 :] else None


def _mark_twins(lines: list[str], reasons: Reasons) -> None:
    """Two equal lines in a row are the headline of another article; a truncated line below is its teaser.

    Two equal sentences in a row are a mistake: one stays.
    """
    for index in range(len(lines) - 1):
        line = lines[index]
        if line != lines[index + 1] or len(line) < _LEAST_DOUBLED:
            continue
        if len(line) > LONGEST_TEASER or ends_with_full_stop(line):
            reasons[index + 1] = reasons[index + 1] or "line repeated"
            continue
        reasons[index] = reasons[index + 1] = "headline of another article"
        if index + 2 < len(lines) and is_truncated(lines[index + 2]):
            reasons[index + 2] = "teaser of another article"


def _mark_teasers(lines: list[str], reasons: Reasons) -> None:
    """Two or more pairs in a row of a headline and a truncated teaser are other articles."""
    index = 0
    while index < len(lines):
        pairs = 0
        while _is_teaser_pair(lines, index + 2 * pairs):
            pairs += 1
        if pairs >= 2:
            for offset in range(0, 2 * pairs, 2):
                reasons[index + offset] = "headline of another article"
                reasons[index + offset + 1] = "teaser of another article"
        index += max(1, 2 * pairs)


def _is_teaser_pair(lines: list[str], index: int) -> bool:
    return (
        index + 1 < len(lines)
        and len(lines[index]) <= LONGEST_TEASER
        and len(lines[index + 1]) <= LONGEST_TEASER
        and not ends_sentence(lines[index])
        and is_truncated(lines[index + 1])
    )


def _mark_lists_under_heads(lines: list[str], reasons: Reasons) -> None:
    """Below a line such as "Related news", the headlines up to the next line of prose are other articles."""
    under = False
    for index, line in enumerate(lines):
        if is_related_head(line):
            under = True
        elif under and not ends_sentence(line) and len(line) <= LONGEST_TEASER:
            reasons[index] = reasons[index] or "headline of another article"
        else:
            under = False


def _mark_tail(lines: list[str], reasons: Reasons) -> None:
    """If repeated headlines of other articles run to the end, the lines between them belong to the list too."""
    repeated = [index for index, reason in enumerate(reasons) if reason and reason.endswith("another article")]
    end, inside = len(lines), 0
    for index in reversed(repeated):
        between = range(index + 1, end)
        if not all(reasons[i] or len(lines[i]) <= LONGEST_TEASER for i in between):
            break
        if sum(reasons[i] is None for i in between) > _LONGEST_GAP:
            break
        end, inside = index, inside + 1
    if inside >= 2 * _LONGEST_GAP:
        for index in range(end, len(lines)):
            reasons[index] = reasons[index] or "among other articles"


def _mark_final_list(lines: list[str], reasons: Reasons) -> None:
    """A row of headlines after the last paragraph is a list of other articles.

    Only in a text with end marks after its paragraphs: without them every line looks like a headline.
    """
    left = [index for index, reason in enumerate(reasons) if reason is None]
    row = list(_headlines_at_end(lines, left))
    prose = left[: len(left) - len(row)]
    marked = sum(ends_sentence(lines[index]) for index in prose)
    if len(row) >= _LEAST_LIST and len(prose) >= _LEAST_PROSE and 2 * marked > len(prose):
        for index in row:
            reasons[index] = "headline of another article"


def _headlines_at_end(lines: list[str], indices: list[int]) -> Iterator[int]:
    for index in reversed(indices):
        if ends_sentence(lines[index]) or not _LEAST_DOUBLED <= len(lines[index]) <= _LONGEST_HEADLINE:
            return
        yield index


def _mark_headline(headline: str, lines: list[str], reasons: Reasons) -> None:
    """A headline that the body repeats."""
    expected = bare(headline)
    for index, line in enumerate(lines):
        if reasons[index] is None and len(line) <= LONGEST_TEASER:
            if expected and bare(line) == expected:
                reasons[index] = "headline repeated"
            expected = expected or bare(line)


def _mark_bylines(headline: str, lines: list[str], reasons: Reasons) -> None:
    """A name alone on a line, directly below the headline or at the end."""
    left = [index for index, reason in enumerate(reasons) if reason is None]
    top = left[:2] if headline else left[1:3]
    for index in {*top, *left[-1:]} if len(left) > _LEAST_PROSE else ():
        if is_byline(lines[index]):
            reasons[index] = "byline"
