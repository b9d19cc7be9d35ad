"""`read_articles` and what it returns: the articles of any source, and everything that could not be one."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, get_args, overload

from detector.execution.record_spool import RecordSpool
from detector.reading.decoding.opening import opened
from detector.reading.finding import found
from detector.reading.formats.registry import declares_ids, format_of, named
from detector.reading.in_memory import FrameRecords, GivenRecords, is_frame
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.validation import Judge
from detector.reading.mapping.versions import Ahead, Keep, Verdicts
from detector.reading.source import Content, Format, Place, Record, Unusable
from detector.reading.zipped import files_in, is_zip
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from detector.reading.in_memory import Frame

    PathLike: TypeAlias = str | os.PathLike[str]
    Item: TypeAlias = PathLike | Mapping[Any, object] | Article | Rejected
    Source: TypeAlias = Item | Iterable[Item] | Frame

T = TypeVar("T")


class Reading(Sequence[Article | Rejected]):
    """The outcome of reading: one `Article` or `Rejected` a record, in one fixed order.

    Iterating streams, and starts again from the beginning each time; files are read anew, standard input and one-shot
    iterators are remembered (much of the former in a file). All records are looked at once before, for ids that come
    more than once, and again where there are such ids. `len`, indexing, `articles` and `rejected` read everything once
    and keep it.

    unread_dates: how many articles have a date that could not be read, once all was gone through; a warning tells.
    """

    def __init__(
        self,
        parts: Sequence[Iterable[Record | Rejected]],
        names: FieldNames,
        versions: Keep = "latest",
        formats: Mapping[str, str] | None = None,
    ) -> None:
        self._parts = parts
        self._names = names
        self._versions = versions
        self._formats = {} if formats is None else formats
        self._summary = Summary()

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

    @property
    def unread_dates(self) -> int:
        """How many articles have a date that could not be read, of what was gone through."""
        return self._summary.unread_dates.count

    @property
    def summary(self) -> dict[str, Any]:
        """What was met, of what was gone through: files by format, the names that fields were read from, reasons.

        Article field → name → articles under "fields", kind of reason → records under "rejected".
        """
        return {"formats": dict(sorted(Counter(self._formats.values()).items())), **self._summary.as_dict()}

    def __repr__(self) -> str:
        if "_all" not in self.__dict__:
            return "<Reading: not read yet>"
        return f"<Reading: {len(self.articles)} articles, {len(self.rejected)} rejected>"

    @cached_property
    def _all(self) -> list[Article | Rejected]:
        return list(self._streamed())

    def _streamed(self) -> Iterator[Article | Rejected]:
        self._summary = summary = Summary(self._names.columns)
        ahead = Ahead(self._records_ahead(), self._names)
        validate = Judge(self._names, Summary(), ahead.ids)
        verdicts = Verdicts(map(validate.judged, self._records_ahead() if ahead else ()), ahead, self._versions)
        validate = Judge(self._names, summary, ahead.ids)
        for record in chain.from_iterable(self._parts):
            outcome = (
                record if isinstance(record, Rejected) else verdicts.on(validate.judged(record, self._seen(record)))
            )
            if isinstance(outcome, Rejected):
                summary.reject(outcome)
            yield outcome
        summary.warn()

    def _records_ahead(self) -> Iterator[Record]:
        """The records that may declare ids, to be looked at before any becomes an article."""
        for part in self._parts:
            for record in part.ahead() if isinstance(part, _FileRecords) else part:
                if isinstance(record, Record) and self._seen(record):
                    yield record

    def _seen(self, record: Record) -> bool:
        """Whether a record is among those looked at before."""
        return declares_ids(self._formats.get(record.place.shown))


def read_articles(
    source: Source,
    *,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    versions: Keep = "latest",
) -> Reading:
    """The articles of a source, and a `Rejected` for each record that is none; nothing else is lost.

    source: a path of a file or folder, a pattern such as "news/*.jsonl", "-" for standard input, a list of those; or a
    DataFrame (of pandas, polars or Arrow), dicts, `Article`s, any iterable of them. Files come sorted by path, whatever
    the order they are named in; each is read once. Hidden files and `__pycache__` in folders are passed over.
    columns: which field of the records holds what, where the usual names are not used (`fields.KNOWN_NAMES`).
    format: the format of all files, by its name or ending ("jsonl"); else each is told by its content, then its name.
    versions: of the versions of one item "latest" keeps the latest, with the others in its `history`; "all" keeps each,
    the earlier ones under the id with "@" and the version or date (see `versions`).

    An article's id is the one declared; else the URL; else the file name, and the record's number where the file holds
    several. Of two records that declare one id and are no versions of one item the first is kept. Broken characters
    (half a surrogate pair) become U+FFFD. A date such as 03/04/2026 is read in the order of the language the article
    declares, and left out, with a warning, where it declares none. A language that is not known is left out.

    Raises FileNotFoundError where a path does not exist or a pattern matches nothing, ValueError where the source,
    `columns` or another option is of no use. Bad input costs only itself and is no error.

    >>> reading = read_articles([{"headline": "Flood", "body": "The river rose by two metres."}, {"body": None}])
    >>> reading.articles[0].title, reading.rejected[0].reason
    ('Flood', "no text, or an empty one; the fields are 'body'")
    >>> reading.summary["fields"]
    {'text': {'body': 1}, 'title': {'headline': 1}}

    An example a format:

    >>> read_articles("news/", columns={"text": "corps"})  # doctest: +SKIP
    >>> read_articles("export.jsonl.gz"), read_articles("newsapi.json")  # doctest: +SKIP
    >>> read_articles("table.csv", columns={"text": "corps", "id": "nr"})  # doctest: +SKIP
    >>> read_articles("day.parquet"), read_articles("day.arrow")  # doctest: +SKIP
    >>> read_articles("pages/*.html"), read_articles("feed.xml"), read_articles("crawl.warc.gz")  # doctest: +SKIP
    >>> read_articles("wire/*.xml", versions="all")  # NewsML-G2 and NITF  # doctest: +SKIP
    >>> read_articles("wire.dat", format="ninjs")  # doctest: +SKIP
    >>> read_articles("texts/"), read_articles("-")  # doctest: +SKIP
    """
    if versions not in get_args(Keep):
        raise ValueError(f"versions is {versions!r}; give one of {', '.join(get_args(Keep))}")
    names, wanted = FieldNames(columns), None if format is None else named(format)
    if is_frame(source):
        return Reading([FrameRecords(source, names)], names, versions)
    if isinstance(source, (str, os.PathLike, Mapping, Article)):
        source = [source]
    if not isinstance(source, Iterable) or hasattr(source, "read"):
        raise ValueError(f"cannot read articles from type {type(source).__name__}: give a path, a DataFrame or records")
    items: Iterable[object] = _Kept(source) if isinstance(source, Iterator) else source
    if not isinstance(next(iter(items), None), (str, os.PathLike)):
        return Reading([GivenRecords(items)], names, versions)
    formats: dict[str, str] = {}
    parts = [_part(place, names, wanted, formats) for place in found(_paths(items))]
    return Reading(parts, names, versions, formats)


def read_records(path: PathLike, names: FieldNames) -> Iterator[Record | Rejected]:
    """The records of the files a path names, not yet judged, for labels and pairs that an `Article` has no field for.

    Raises FileNotFoundError where the path does not exist.
    """
    return chain.from_iterable(_part(place, names, None, {}) for place in found([path]))


def _paths(items: Iterable[object]) -> Iterator[PathLike]:
    for item in items:
        if not isinstance(item, (str, os.PathLike)):
            raise ValueError(f"a list holds either paths or records, but a {type(item).__name__} follows a path")
        yield item


def _part(
    place: Place | Rejected, names: FieldNames, format: Format | None, formats: dict[str, str]
) -> Iterable[Record | Rejected]:
    if isinstance(place, Rejected):
        return [place]
    records = _FileRecords(place, names, format, formats)
    readable_again = place.path is not None and place.path.is_file()  # a pipe is not, nor is standard input
    return records if readable_again else _Kept(iter(records), RecordSpool())


@dataclass(frozen=True, slots=True)
class _FileRecords:
    """The records of a file, read anew each time; what ends the reading early is one more rejection.

    format: the one to read it in; None where it has to be told. The format is noted in `formats` by the place.
    """

    place: Place
    names: FieldNames
    format: Format | None
    formats: dict[str, str]

    def __iter__(self) -> Iterator[Record | Rejected]:
        return self._records(ahead=False)

    def ahead(self) -> Iterator[Record | Rejected]:
        """The records, where they may declare ids; warnings come when they are read for good."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from self._records(ahead=True)

    def _records(self, ahead: bool) -> Iterator[Record | Rejected]:
        try:
            with opened(self.place, self.names) as content:
                for inside in files_in(content) if is_zip(content) else (content,):
                    yield from [inside] if isinstance(inside, Rejected) else self._records_of(inside, ahead)
        except Unusable as flaw:
            yield self.place.rejected(str(flaw))
        except OSError as error:
            yield self.place.rejected(f"the file cannot be read: {error.strerror or type(error).__name__}")

    def _records_of(self, content: Content, ahead: bool) -> Iterator[Record | Rejected]:
        empty = True
        try:
            if not content.blank:
                format = self.format or format_of(content)
                self.formats[content.place.shown] = format.name
                for record in () if ahead and not declares_ids(format.name) else format.read(content):
                    empty = False
                    yield record
        except Unusable as flaw:
            yield content.place.rejected(str(flaw))
        else:
            if empty:
                yield content.place.rejected("an empty file: there is no record in it")


class _Kept(Iterable[T]):
    """Remembers what comes out of an iterator, so that it can be gone through again: as it is, or in a spool."""

    def __init__(self, once: Iterator[T], kept: list[T] | RecordSpool[T] | None = None) -> None:
        self._once = once
        self._kept: list[T] | RecordSpool[T] = [] if kept is None else kept

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
