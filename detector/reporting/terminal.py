"""The list of stories for a terminal: it fits the width, and spells what the terminal's encoding lacks.

Article text goes in as `Text`, cleaned: never as markup, never as an escape sequence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from anyascii import anyascii
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from detector.records import Story
from detector.reporting.phrases import counted, headline, likelihood, verdict
from detector.reporting.report_data import (
    ReportedResult,
    is_multilingual,
    multi_article_stories,
    multi_story_storylines,
)
from detector.reporting.sanitize import line

STORIES = 10
LONGEST = 1000
"""Longer texts are cropped to so many characters."""
_LANGUAGES = 16
# Columns: below the first a story takes two lines; from the second on its probability is in words too.
_NARROW, _WIDE = 60, 100


def spelled(text: str, encoding: str, longest: int = LONGEST) -> str:
    """The text on one line; characters that the encoding lacks are in Latin letters that sound alike."""
    shown = line(text, longest)
    try:
        shown.encode(encoding)
    except UnicodeEncodeError:
        return "".join(character if _holds(encoding, character) else anyascii(character) for character in shown)
    return shown


def _holds(encoding: str, character: str) -> bool:
    return character.encode(encoding, "ignore") != b""


class StoriesView:
    """What a run found: the largest stories in several languages, else the largest of all; then the counts.

    report: where the report is, for the last line. That line is never wrapped, however long.
    """

    def __init__(self, result: ReportedResult, report: str) -> None:
        self._result = result
        self._several = multi_article_stories(result)
        self._across = list(filter(is_multilingual, self._several))
        self._storylines = len(multi_story_storylines(result))
        self._report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        listed = self._across or self._several
        if listed:
            yield Text(self._heading(), style="bold")
            yield Text()
            width = options.max_width
            yield from (self._short if width < _NARROW else self._table)(listed[:STORIES], width, options.encoding)
            if len(listed) > STORIES:
                yield Text(f"and {len(listed) - STORIES:,} more", style="dim")
            yield Text()
        yield Text(spelled(self._counts(), options.encoding), no_wrap=True, overflow="ignore")

    def _heading(self) -> str:
        return (
            "Stories in several languages" if self._across else "No story is in several languages. The largest stories:"
        )

    def _counts(self) -> str:
        return (
            f"{counted(len(self._result.documents), 'article', 'articles')}, "
            f"{counted(len(self._several), 'story', 'stories')} of two or more articles, "
            f"{len(self._across):,} in several languages, "
            f"{counted(self._storylines, 'storyline', 'storylines')} of two or more stories: {self._report}"
        )

    def _table(self, stories: Sequence[Story], width: int, encoding: str) -> Iterator[RenderableType]:
        """One line per story."""
        sure = _in_words if width >= _WIDE else _in_figures
        rows = [(str(len(story)), _codes(story.languages), sure(story)) for story in stories]
        heads = ("articles", "languages", "same story")
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        left = width - sum(widths) - 2 * len(widths)
        yield Text(_spaced(heads, widths) + "headline", style="dim")
        for story, row in zip(stories, rows, strict=True):
            yield Text(_spaced(row, widths) + self._headline(story, left, encoding))

    def _short(self, stories: Sequence[Story], width: int, encoding: str) -> Iterator[RenderableType]:
        """Two lines per story."""
        for story in stories:
            yield Text(self._headline(story, width, encoding))
            about = f"{counted(len(story), 'article', 'articles')}, {_in_figures(story)}: {_codes(story.languages)}"
            yield Text(f"  {cropped(about, width - 2, encoding)}", style="dim")

    def _headline(self, story: Story, width: int, encoding: str) -> str:
        documents = self._result.documents
        index = bisect_left(documents, story.representative.id, key=lambda document: document.article.id)
        return cropped(headline(documents[index]), width, encoding)


def cropped(text: str, width: int, encoding: str) -> str:
    """The text as `spelled` has it, cut to so many cells with an ellipsis."""
    shown = spelled(text, encoding)
    if cell_len(shown) <= width:
        return shown
    ellipsis = spelled("…", encoding)
    return set_cell_size(shown, width - len(ellipsis)).rstrip() + ellipsis


def _spaced(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The cells with two spaces after each, the first one aligned to the right."""
    first, *others = cells
    padded = (cell.ljust(width) for cell, width in zip(others, widths[1:], strict=True))
    return "".join(f"{cell}  " for cell in (first.rjust(widths[0]), *padded))


def _codes(languages: Sequence[str]) -> str:
    """The codes of the languages, as many as fit: "ar en it +5"."""
    codes = [line(code) for code in languages]
    for shown in range(len(codes), 0, -1):
        text = " ".join(codes[:shown]) + (f" +{len(codes) - shown}" if shown < len(codes) else "")
        if len(text) <= _LANGUAGES:
            return text
    return f"{len(codes)} languages"


def _in_words(story: Story) -> str:
    return f"{verdict(story.strength).removesuffix(' the same story')}, {likelihood(story.strength)}"


def _in_figures(story: Story) -> str:
    return likelihood(story.strength)
