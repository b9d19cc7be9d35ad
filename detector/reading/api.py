"""`read_articles` and its result: the articles of any source, and everything that could not become one."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, overload

from detector.execution.record_spool import RecordSpool
from detector.reading.file_records import FileRecords
from detector.reading.finding import find_sources
from detector.reading.formats.registry import declares_ids, format_named
from detector.reading.in_memory import FrameRecords, GivenRecords, is_frame
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.validation import Validator
from detector.reading.mapping.versions import FirstPass, VersionDecisions, VersionsKept
from detector.reading.passes import Passes, Replayable
from detector.reading.source import Format, Record, Source
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from detector.reading.in_memory import Frame

    PathLike: TypeAlias = str | os.PathLike[str]
    Item: TypeAlias = PathLike | Mapping[Any, object] | Article | Rejected
    Readable: TypeAlias = Item | Iterable[Item] | Frame


class Reading(Sequence[Article | Rejected]):
    """The result of reading: one `Article` or `Rejected` per record, in a fixed order.

    Iterating streams the outcomes, and starts again from the beginning each time. A first pass over all records
    collects their ids before the first outcome comes, and another one compares versions if an id occurs more than once.
    Small files are parsed once for all passes, large ones in each. Standard input and iterators are remembered. `len`,
    indexing, `articles` and `rejected` read everything once and keep it.

    unread_dates: how many articles have a date that could not be read, after everything was read. There is a warning.
    """

    def __init__(
        self,
        inputs: Sequence[Iterable[Record | Rejected]],
        names: FieldNames,
        versions: VersionsKept = "latest",
        formats: Mapping[str, str] | None = None,
    ) -> None:
        self._inputs = inputs
        self._names = names
        self._versions = versions
        self._formats = {} if formats is None else formats
        self._summary = Summary()
        self._outcomes: list[Article | Rejected] | None = None

    def __iter__(self) -> Iterator[Article | Rejected]:
        # A generator, because it starts after `list` has asked for the length: `list(reading)` reads everything once.
        yield from self._stream() if self._outcomes is None else self._outcomes

    def __len__(self) -> int:
        return len(self._read_all())

    @overload
    def __getitem__(self, index: int) -> Article | Rejected: ...
    @overload
    def __getitem__(self, index: slice) -> list[Article | Rejected]: ...
    def __getitem__(self, index: int | slice) -> Article | Rejected | list[Article | Rejected]:
        return self._read_all()[index]

    @property
    def articles(self) -> list[Article]:
        """The articles, in order."""
        return [outcome for outcome in self._read_all() if isinstance(outcome, Article)]

    @property
    def rejected(self) -> list[Rejected]:
        """The records that could not become articles, in order, each with the reason."""
        return [outcome for outcome in self._read_all() if isinstance(outcome, Rejected)]

    @property
    def unread_dates(self) -> int:
        """How many articles have a date that could not be read, among those read so far."""
        return self._summary.unread_dates.count

    @property
    def summary(self) -> dict[str, Any]:
        """Counts of what was read so far: files by format, names the fields were read from, reasons for rejection.

        "fields" maps Article field → name → number of articles, "rejected" maps kind of reason → number of records.
        """
        return {"formats": dict(sorted(Counter(self._formats.values()).items())), **self._summary.as_dict()}

    def __repr__(self) -> str:
        if self._outcomes is None:
            return "<Reading: not read yet>"
        return f"<Reading: {len(self.articles)} articles, {len(self.rejected)} rejected>"

    def _read_all(self) -> list[Article | Rejected]:
        if self._outcomes is None:
            self._outcomes = list(self._stream())
        return self._outcomes

    def _stream(self) -> Iterator[Article | Rejected]:
        self._summary = summary = Summary(self._names.columns)
        passes = Passes(self._inputs)
        first_pass = FirstPass(filter(self._declares_ids, passes.first()), self._names)
        decisions = self._decide_versions(passes, first_pass)
        validator = Validator(self._names, summary, first_pass.ids)
        for record in passes.last():
            if isinstance(record, Rejected):
                outcome: Article | Rejected = record
            else:
                validated = validator.validate(record, in_first_pass=self._declares_ids(record))
                outcome = decisions.outcome_of(validated)
            if isinstance(outcome, Rejected):
                summary.count_rejected(outcome)
            yield outcome
        summary.warn()

    def _decide_versions(self, passes: Passes, first_pass: FirstPass) -> VersionDecisions:
        """Go through the records once more, if there may be versions."""
        decisions = VersionDecisions(first_pass, self._versions)
        if first_pass.may_have_versions:
            validator = Validator(self._names, Summary(), first_pass.ids)
            for record in filter(self._declares_ids, passes.first_again()):
                decisions.add(validator.validate(record))
            decisions.finish()
        return decisions

    def _declares_ids(self, record: Record) -> bool:
        """Whether the record's format declares ids, so that the record is in the first pass."""
        return declares_ids(self._formats.get(record.source.shown))


def read_articles(
    source: Readable,
    *,
    columns: Mapping[str, str] | None = None,
    format: str | None = None,
    versions: VersionsKept = "latest",
) -> Reading:
    """The articles of a source, and a `Rejected` for each record that cannot become one. Nothing else is lost.

    source: a path of a file or folder, a pattern such as "news/*.jsonl", "-" for standard input, or a list of those;
    or a DataFrame (pandas, polars or Arrow), a dict, an `Article`, or any iterable of dicts and articles. Files come
    sorted by path, whatever the order in which they are named, and each is read once. In folders, hidden files and
    `__pycache__` are skipped.
    columns: the names of fields that do not have one of the usual names (`fields.KNOWN_NAMES`).
    format: the format of all files, by its name or suffix ("jsonl"). By default each file's format is detected from its
    content, then its name.
    versions: of several versions of an item "latest" keeps the latest, with the others in its `history`; "all" keeps
    all, the earlier ones with "@" and their version or date added to the id (see `versions`).

    The id of an article is the declared one, else the URL, else the file name, with the record number if the file
    holds several records. If two records declare one id and are not versions of one item, the first is kept. Broken
    characters (lone surrogates) become U+FFFD. A date such as 03/04/2026 is read in the order of the language that the
    article declares; without a language it is left out, with a warning. An unknown language is left out.

    Raises FileNotFoundError if a path does not exist or a pattern matches nothing, ValueError if the source, `columns`
    or another option is unusable. Bad input only costs itself and raises nothing.

    >>> reading = read_articles([{"headline": "Flood", "body": "The river rose by two metres."}, {"body": None}])
    >>> reading.articles[0].title, reading.rejected[0].reason
    ('Flood', "no text, or an empty one; fields found: 'body'")
    >>> reading.summary["fields"]
    {'text': {'body': 1}, 'title': {'headline': 1}}

    One example per format:

    >>> read_articles("news/", columns={"text": "corps"})  # doctest: +SKIP
    >>> read_articles("export.jsonl.gz"), read_articles("newsapi.json")  # doctest: +SKIP
    >>> read_articles("table.csv", columns={"text": "corps", "id": "nr"})  # doctest: +SKIP
    >>> read_articles("day.parquet"), read_articles("day.arrow")  # doctest: +SKIP
    >>> read_articles("pages/*.html"), read_articles("feed.xml"), read_articles("crawl.warc.gz")  # doctest: +SKIP
    >>> read_articles("wire/*.xml", versions="all")  # NewsML-G2 and NITF  # doctest: +SKIP
    >>> read_articles("wire.dat", format="ninjs")  # doctest: +SKIP
    >>> read_articles("texts/"), read_articles("-")  # doctest: +SKIP
    """
    if versions not in get_args(VersionsKept):
        raise ValueError(f"unknown versions {versions!r}; choose from {', '.join(get_args(VersionsKept))}")
    names, file_format = FieldNames(columns), None if format is None else format_named(format)
    if is_frame(source):
        return Reading([FrameRecords(source, names)], names, versions)
    if isinstance(source, (str, os.PathLike, Mapping, Article)):
        source = [source]
    if not isinstance(source, Iterable) or hasattr(source, "read"):
        raise ValueError(f"cannot read articles from type {type(source).__name__}: give a path, a DataFrame or records")
    items: Iterable[object] = Replayable(source, []) if isinstance(source, Iterator) else source
    if not isinstance(next(iter(items), None), (str, os.PathLike)):
        return Reading([GivenRecords(items)], names, versions)
    formats: dict[str, str] = {}
    inputs = [_input(found, names, file_format, formats) for found in find_sources(_paths(items))]
    return Reading(inputs, names, versions, formats)


def read_records(path: PathLike, names: FieldNames) -> Iterator[Record | Rejected]:
    """The records of the files that a path names, before validation, for fields that an `Article` does not have.

    Raises FileNotFoundError if the path does not exist.
    """
    return chain.from_iterable(_input(found, names, None, {}) for found in find_sources([path]))


def _paths(items: Iterable[object]) -> Iterator[PathLike]:
    for item in items:
        if not isinstance(item, (str, os.PathLike)):
            raise ValueError(f"a list holds either paths or records, but a {type(item).__name__} follows a path")
        yield item


def _input(
    found: Source | Rejected, names: FieldNames, format: Format | None, formats: dict[str, str]
) -> Iterable[Record | Rejected]:
    if isinstance(found, Rejected):
        return [found]
    records = FileRecords(found, names, format, formats)
    can_be_read_again = found.path is not None and found.path.is_file()  # unlike a pipe and standard input
    return records if can_be_read_again else Replayable(iter(records), RecordSpool())
