"""CSV that spreadsheets, pandas and databases read alike, and in which no text can become a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from detector.reporting.sanitize import line, visible

Cell: TypeAlias = str | float | int | bool | None

BYTE_ORDER_MARK = "\ufeff"
_IDS = {"story_id", "storyline_id", "article_id", "article_a", "article_b", "story_a", "story_b", "pair"}
# Where a spreadsheet begins to read a formula: at the start of a cell, or after a semicolon where that ends a cell,
# behind blanks, quotes or what has no width. The wide signs count where it is set to Chinese or Japanese.
_FORMULA = re.compile(r"""((?:^|;)[\s"'\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@＝＋－＠])""")
_NEEDS_QUOTES = re.compile(r"[\",;\t\r\n]")


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    r"""Lines as in RFC 4180, but ended by "\n"; cells with a semicolon are quoted too, as some readers split there."""
    yield ",".join(columns) + "\n"
    for row in rows:
        cells = (_cell(column, value) for column, value in zip(columns, row, strict=True))
        yield ",".join(map(_quoted, cells)) + "\n"


def defused(text: str) -> str:
    """The text with an apostrophe before every sign that a spreadsheet would take for the start of a formula.

    Nothing is lost: an apostrophe right before such a sign, in a position that `_FORMULA` matches, was added here.
    """
    return _FORMULA.sub(r"\1'", text)


def _cell(column: str, value: Cell) -> str:
    """Fractions with six decimals, texts on one line and without formulas, ids with hidden characters as codes."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return defused(visible(value) if column in _IDS else line(value))
        case int():
            return str(value)
        case _:
            return f"{value:z.6f}"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
