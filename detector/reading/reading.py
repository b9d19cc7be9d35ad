"""`read_articles` and what it returns: the articles of any source, and everything that could not be one."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard, TypeVar, overload

from detector.reading.fields import FieldNames
from detector.reading.finding import found
from detector.reading.judging import Judge, UnreadDates
from detector.reading.memory import FrameRecords, GivenRecords
from detector.reading.opening import opened
from detector.reading.raw import Place, Record, Unusable
from detector.reading.registry import format_of
from detector.records import Article, Rejected

if TYPE_CHECKING:
    import pandas as pd

    PathLike: TypeAlias = str | os.PathLike[str]
    Item: TypeAlias = PathLike | Mapping[Any, object] | Article | Rejected
    Source: TypeAlias = Item | Iterable[Item] | pd.DataFrame

T = TypeVar("T")


class Reading(Sequence[Article | Rejected]):
    """The outcome of reading: one `Article` or `Rejected` a record, in one fixed order.

    Iterating streams, and starts again from the beginning each time; files are read anew, standard input and one-shot
    iterators are remembered. `len`, indexing, `articles` and `rejected` read everything once and keep it.

    unread_dates: how many articles have a date that could not be read, once all was gone through; a warning tells.
    """

    def __init__(self, parts: Sequence[Iterable[Record | Rejected]], names: FieldNames) -> None:
        self._parts = parts
        self._names = names
        self.unread_dates = 0

    def __iter__(self) -> Iterator[Article | Rejected]:
        if "_all" in self.__dict__:
            return iter(self._all)
        return self._streamed()

    def __len__(self) -> int:
        return len(self._all)

    @overload
    def __getitem__(self, place: int) -> Article | Rejected: ...
    @overload
    def __getitem__(self, place: slice) -> list[Article | Rejected]: ...
    def __getitem__(self, place: int | slice) -> Article | Rejected | list[Article | Rejected]:
        return self._all[place]

    @property
    def articles(self) -> list[Article]:
        """What was read, in order."""
        return [outcome for outcome in self._all if isinstance(outcome, Article)]

    @property
    def rejected(self) -> list[Rejected]:
        """What could not be read and why, in order."""
        return [outcome for outcome in self._all if isinstance(outcome, Rejected)]

    def __repr__(self) -> str:
        if "_all" not in self.__dict__:
            return "<Reading: not read yet>"
        return f"<Reading: {len(self.articles)} articles, {len(self.rejected)} rejected>"

    @cached_property
    def _all(self) -> list[Article | Rejected]:
        return list(self._streamed())

    def _streamed(self) -> Iterator[Article | Rejected]:
        unread = UnreadDates()
        judge = Judge(self._names, unread)
        for record in chain.from_iterable(self._parts):
            yield record if isinstance(record, Rejected) else judge.judged(record)
        self.unread_dates = unread.count
        unread.warn()


def read_articles(source: Source, *, columns: Mapping[str, str] | None = None) -> Reading:
    """The articles of a source, and a `Rejected` for each record that is none; nothing else is lost.

    source: a path of a file or folder, a pattern such as "news/*.jsonl", "-" for standard input, a list of those; or a
    pandas DataFrame, dicts, `Article`s, any iterable of them. Read are text, JSON Lines, JSON, CSV and TSV, told by
    their content, and gzip of each. Files come sorted by path, whatever the order they are named in; each is read
    once. Hidden files and `__pycache__` in folders are passed over.
    columns: which field of the records holds what, where the usual names are not used.

    An article's id is the one declared; else the URL; else the file name, and the record's number where the file holds
    several. Of two records that declare one id the first is kept. Broken characters (half a surrogate pair) become
    U+FFFD. A date such as 03/04/2026 is read in the order of the language the article declares, and left out, with a
    warning, where it declares none.

    Raises FileNotFoundError where a path does not exist or a pattern matches nothing, ValueError where the source or
    `columns` is of no use. Bad input costs only itself and is no error.

    >>> reading = read_articles([{"headline": "Flood", "body": "The river rose by two metres."}, {"body": None}])
    >>> reading.articles[0].title, reading.rejected[0].reason
    ('Flood', "no text, or an empty one; the fields are 'body'")
    >>> read_articles("news/", columns={"text": "corps"})  # doctest: +SKIP
    """
    names = FieldNames(columns)
    if _is_frame(source):
        return Reading([FrameRecords(source, names)], names)
    if isinstance(source, (str, os.PathLike, Mapping, Article)):
        source = [source]
    if not isinstance(source, Iterable) or hasattr(source, "read"):
        raise ValueError(f"cannot read articles from type {type(source).__name__}: give a path, a DataFrame or records")
    items: Iterable[object] = _Kept(source) if isinstance(source, Iterator) else source
    if not isinstance(next(iter(items), None), (str, os.PathLike)):
        return Reading([GivenRecords(items)], names)
    return Reading([_part(place, names) for place in found(_paths(items))], names)


def read_records(path: PathLike, names: FieldNames) -> Iterator[Record | Rejected]:
    """The records of the files a path names, not yet judged, for labels and pairs that an `Article` has no field for.

    Raises FileNotFoundError where the path does not exist.
    """
    return chain.from_iterable(_part(place, names) for place in found([path]))


def _paths(items: Iterable[object]) -> Iterator[PathLike]:
    for item in items:
        if not isinstance(item, (str, os.PathLike)):
            raise ValueError(f"a list holds either paths or records, but a {type(item).__name__} follows a path")
        yield item


def _part(place: Place | Rejected, names: FieldNames) -> Iterable[Record | Rejected]:
    if isinstance(place, Rejected):
        return [place]
    records = _FileRecords(place, names)
    readable_again = place.path is not None and place.path.is_file()  # a pipe is not, nor is standard input
    return records if readable_again else _Kept(iter(records))


@dataclass(frozen=True, slots=True)
class _FileRecords:
    """The records of a file, read anew each time; what ends the reading early is one more rejection."""

    place: Place
    names: FieldNames

    def __iter__(self) -> Iterator[Record | Rejected]:
        empty = True
        try:
            with opened(self.place, self.names) as content:
                for record in () if content.blank else format_of(content).read(content):
                    empty = False
                    yield record
        except Unusable as flaw:
            yield self.place.rejected(str(flaw))
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield self.place.rejected("a broken gzip: what stands behind the damage is lost")
        except OSError as error:
            yield self.place.rejected(f"the file cannot be read: {error.strerror or type(error).__name__}")
        else:
            if empty:
                yield self.place.rejected("an empty file: there is no record in it")


class _Kept(Iterable[T]):
    """Remembers what comes out of an iterator, so that it can be gone through again."""

    def __init__(self, once: Iterator[T]) -> None:
        self._once = once
        self._kept: list[T] = []

    def __iter__(self) -> Iterator[T]:
        place = 0
        while place < len(self._kept) or self._take():
            yield self._kept[place]
            place += 1

    def _take(self) -> bool:
        for item in self._once:
            self._kept.append(item)
            return True
        return False


def _is_frame(source: object) -> TypeGuard[pd.DataFrame]:
    pandas = sys.modules.get("pandas")  # who has a frame has imported pandas; nobody else has to
    return pandas is not None and isinstance(source, pandas.DataFrame)
