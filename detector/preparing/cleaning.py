"""What of an article's text is the article: page furniture goes, with the reason, the rest stays as it was.

First each line by itself (`furniture`), then what only the lines together show: a headline repeated, a headline said
twice over a teaser, a list of other articles after the last paragraph. The rules are of structure, not of language, and
lean to keeping: what is dropped wrongly is lost, what is kept wrongly costs one sentence without a counterpart.
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
from detector.preparing.plain import lines_of, plain
from detector.records import Dropped

_LONGEST_HEADLINE = 200
_LEAST_DOUBLED = 25
"""Characters of a line below which its repetition may be chance or rhetoric."""
_LEAST_LIST = 4
"""Lines in a row that must look like headlines before the end of a text counts as a list of other articles."""
_LEAST_PROSE = 3
_LONGEST_GAP = 2
"""Lines that may stand between two repeated headlines of one list."""

Reasons = list[str | None]
"""For each line why it goes; None where it stays."""


def clean(title: str | None, text: str) -> tuple[str | None, list[str], list[Dropped]]:
    """The headline, the kept paragraphs in order, and what was dropped with the reason.

    The headline is `title`, or the first kept line if it looks like one (and is then no paragraph), or None. Entities
    are resolved and the text is put in NFC without control characters; else what is kept is as it was. Where nothing
    would be left, everything is kept. Linear in the length of the text.
    """
    headline = " ".join(lines_of(plain(title))) if title else ""
    stamp, body = without_stamp(plain(text).lstrip())
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
    """Why each line goes or None, from the line alone and then from the lines together."""
    reasons: Reasons = [furniture_in(line) or _said_twice(line) for line in lines]
    _mark_twins(lines, reasons)
    _mark_teasers(lines, reasons)
    _mark_lists_under_heads(lines, reasons)
    _mark_tail(lines, reasons)
    _mark_final_list(lines, reasons)
    _mark_headline(headline, lines, reasons)
    _mark_bylines(headline, lines, reasons)
    return reasons


def _is_headline(line: str, following: str) -> bool:
    """Whether the first line reads as a headline: short, no end mark, over a longer line that has one or is long."""
    return (
        len(line) <= _LONGEST_HEADLINE
        and not ends_sentence(line)
        and (ends_sentence(following) or len(following) > len(line))
    )


def _said_twice(line: str) -> str | None:
    """ "X X": a list item whose picture text and headline are the same."""
    half = len(line) // 2
    if half < _LEAST_DOUBLED or ends_with_full_stop(line) or line[half] != " ":
        return None
    return "headline of another article" if line[:half] == line[half + 1 :] else None


def _mark_twins(lines: list[str], reasons: Reasons) -> None:
    """The same line twice running is a headline of another article; so is a teaser under it that breaks off.

    A sentence twice running is a slip: one of the two stays.
    """
    for place in range(len(lines) - 1):
        line = lines[place]
        if line != lines[place + 1] or len(line) < _LEAST_DOUBLED:
            continue
        if len(line) > LONGEST_TEASER or ends_with_full_stop(line):
            reasons[place + 1] = reasons[place + 1] or "line repeated"
            continue
        reasons[place] = reasons[place + 1] = "headline of another article"
        if place + 2 < len(lines) and is_truncated(lines[place + 2]):
            reasons[place + 2] = "teaser of another article"


def _mark_teasers(lines: list[str], reasons: Reasons) -> None:
    """Two or more pairs running of a headline and a teaser that breaks off are other articles."""
    place = 0
    while place < len(lines):
        pairs = 0
        while _is_teaser_pair(lines, place + 2 * pairs):
            pairs += 1
        if pairs >= 2:
            for offset in range(0, 2 * pairs, 2):
                reasons[place + offset] = "headline of another article"
                reasons[place + offset + 1] = "teaser of another article"
        place += max(1, 2 * pairs)


def _is_teaser_pair(lines: list[str], place: int) -> bool:
    return (
        place + 1 < len(lines)
        and len(lines[place]) <= LONGEST_TEASER
        and len(lines[place + 1]) <= LONGEST_TEASER
        and not ends_sentence(lines[place])
        and is_truncated(lines[place + 1])
    )


def _mark_lists_under_heads(lines: list[str], reasons: Reasons) -> None:
    """Under "Related news" standing alone go the headlines up to the next line of prose."""
    under = False
    for place, line in enumerate(lines):
        if is_related_head(line):
            under = True
        elif under and not ends_sentence(line) and len(line) <= LONGEST_TEASER:
            reasons[place] = reasons[place] or "headline of another article"
        else:
            under = False


def _mark_tail(lines: list[str], reasons: Reasons) -> None:
    """Where repeated headlines of other articles run to the end, what stands between them goes too."""
    repeated = [place for place, reason in enumerate(reasons) if reason and reason.endswith("another article")]
    end, inside = len(lines), 0
    for place in reversed(repeated):
        between = range(place + 1, end)
        if not all(reasons[i] or len(lines[i]) <= LONGEST_TEASER for i in between):
            break
        if sum(reasons[i] is None for i in between) > _LONGEST_GAP:
            break
        end, inside = place, inside + 1
    if inside >= 2 * _LONGEST_GAP:
        for place in range(end, len(lines)):
            reasons[place] = reasons[place] or "among other articles"


def _mark_final_list(lines: list[str], reasons: Reasons) -> None:
    """A row of headlines after the last paragraph is a list of other articles.

    Asked only of a text whose paragraphs end with marks: without them every line would look like a headline.
    """
    left = [place for place, reason in enumerate(reasons) if reason is None]
    row = list(_headlines_at_end(lines, left))
    prose = left[: len(left) - len(row)]
    marked = sum(ends_sentence(lines[place]) for place in prose)
    if len(row) >= _LEAST_LIST and len(prose) >= _LEAST_PROSE and 2 * marked > len(prose):
        for place in row:
            reasons[place] = "headline of another article"


def _headlines_at_end(lines: list[str], places: list[int]) -> Iterator[int]:
    for place in reversed(places):
        if ends_sentence(lines[place]) or not _LEAST_DOUBLED <= len(lines[place]) <= _LONGEST_HEADLINE:
            return
        yield place


def _mark_headline(headline: str, lines: list[str], reasons: Reasons) -> None:
    """The headline said again in the body."""
    wanted = bare(headline)
    for place, line in enumerate(lines):
        if reasons[place] is None and len(line) <= LONGEST_TEASER:
            if wanted and bare(line) == wanted:
                reasons[place] = "headline repeated"
            wanted = wanted or bare(line)


def _mark_bylines(headline: str, lines: list[str], reasons: Reasons) -> None:
    """A name alone right under the headline or at the very end."""
    left = [place for place, reason in enumerate(reasons) if reason is None]
    top = left[:2] if headline else left[1:3]
    for place in {*top, *left[-1:]} if len(left) > _LEAST_PROSE else ():
        if is_byline(lines[place]):
            reasons[place] = "byline"
