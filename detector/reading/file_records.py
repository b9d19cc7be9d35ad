"""The records of one file. Each pass parses the file again; whatever ends the reading early is one more rejection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detector.reading.decoding.opening import open_source
from detector.reading.formats.registry import declares_ids, detect_format
from detector.reading.mapping.fields import FieldNames
from detector.reading.source import Content, Format, Record, Source, Unusable, emit_warning
from detector.reading.zipped import files_in, is_zip
from detector.records import Rejected


@dataclass(frozen=True, slots=True)
class FileRecords:
    """The records of a file, or of all files in a zip archive.

    format: the format to read, None to detect it. formats: takes the name of the format for each source, by the
    source's `shown`.
    """

    source: Source
    names: FieldNames
    format: Format | None
    formats: dict[str, str]

    def __iter__(self) -> Iterator[Record | Rejected]:
        return (record for record in self._read(emit_warning, with_ids_only=False) if record is not None)

    def first_pass(self, warn: Callable[[str], None]) -> Iterator[Record | Rejected | None]:
        """The records of formats that declare ids, and None in place of the records of each other file.

        warn: takes warnings about the file, such as a guessed encoding.
        """
        return self._read(warn, with_ids_only=True)

    def is_at_most(self, size: int) -> bool:
        """Whether the file is known to have this size in bytes or less."""
        try:
            return self.source.path is not None and self.source.path.stat().st_size <= size
        except OSError:
            return False

    def _read(self, warn: Callable[[str], None], with_ids_only: bool) -> Iterator[Record | Rejected | None]:
        try:
            with open_source(self.source, self.names, warn) as content:
                for file in files_in(content) if is_zip(content) else (content,):
                    yield from [file] if isinstance(file, Rejected) else self._read_file(file, with_ids_only)
        except Unusable as error:
            yield self.source.rejected(str(error))
        except OSError as error:
            yield self.source.rejected(f"the file cannot be read: {error.strerror or type(error).__name__}")

    def _read_file(self, content: Content, with_ids_only: bool) -> Iterator[Record | Rejected | None]:
        is_empty = True
        try:
            if not content.is_blank:
                format = self.format or detect_format(content)
                self.formats[content.source.shown] = format.name
                if with_ids_only and not declares_ids(format.name):
                    yield None
                    return
                for record in format.read(content):
                    is_empty = False
                    yield record
        except Unusable as error:
            yield content.source.rejected(str(error))
        else:
            if is_empty:
                yield content.source.rejected("empty file: no records in it")
