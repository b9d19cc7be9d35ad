"""Validates one record: an `Article`, or `Rejected` with the reason. Never raises, whatever the record holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.ids import DeclaredIds
from detector.reading.mapping.messages import escaped, quoted
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.values import Values
from detector.reading.source import Record, Source, Unusable
from detector.records import Article, Rejected

# newsapi.org writes this where it cuts off a text.
_CUT = re.compile(r"\[\+\d+ chars\]\s*\Z")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which item a record belongs to: the `id` it declares, and its version and date among the versions of the item.

    withdrawn: whether the sender cancelled or withholds the item, and with it every earlier version.
    """

    id: str | None = None
    version: str | None = None
    published: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ValidatedRecord:
    """What a record became, where it came from, and which item it belongs to. `number` as of `Record`."""

    source: Source
    number: int | None
    outcome: Article | Rejected
    identity: Identity


class Validator:
    """Validates the records of one reading in order, and so knows which ids are in use.

    declared: the ids collected in the first pass. Any number of records may use them: they can be versions of an item.
    """

    def __init__(self, names: FieldNames, summary: Summary, declared: DeclaredIds | None = None) -> None:
        self._names = names
        self._summary = summary
        self._declared = declared or DeclaredIds()
        self._used: dict[str, tuple[Source, int | None, int]] = {}

    def validate(self, record: Record, in_first_pass: bool = True) -> ValidatedRecord:
        """The article, or the reason why there is none. in_first_pass: whether the record's id is in `declared`.

        A declared id that is already in use rejects the record. An id made from a file name is replaced by one made
        from the full path instead, because nobody chose it, and folders such as `it/` and `de/` often hold equal names.
        """
        identity = Identity()
        try:
            values = Values(record.value, self._names)
            language = values.language()
            identity = Identity(values.id(), values.version(), values.published(language))
            if reason := values.withdrawn():
                identity = replace(identity, withdrawn=True)
                raise Unusable(reason)
            title = values.title()
            text = values.text(title)
            content = hash((text, title))
            article = Article(
                id=self._choose_id(identity.id, record, in_first_pass, content),
                text=text,
                title=title,
                language=language,
                published=identity.published,
                source=values.source(),
                url=values.url(),
                history=values.history(),
            )
        except Unusable as error:
            shown = None if identity.id is None else escaped(identity.id)
            rejected = record.source.rejected(str(error), record.number, shown)
            rejected = replace(rejected, superseded=isinstance(error, _SentAgain))
            return ValidatedRecord(record.source, record.number, rejected, identity)
        if not self._declared.count(article.id):
            self._used[article.id] = (record.source, record.number, content)
        self._count(article, values, record.source)
        return ValidatedRecord(record.source, record.number, article, identity)

    def _choose_id(self, declared: str | None, record: Record, in_first_pass: bool, content: int) -> str:
        """The id of the article. Raises `Unusable` if it is already in use."""
        if declared is not None and in_first_pass and self._declared.count(declared):
            return declared
        ending = "" if record.number is None else f":{record.number}"
        from_source = (record.source.name + ending, record.source.shown + ending)
        candidates = from_source if declared is None else (declared,)
        for id in candidates:
            if id not in self._used and not self._declared.count(id):
                return id
        id = candidates[-1]
        if id not in self._used:
            raise Unusable(f"duplicate id {quoted(id)}: another record declares it")
        source, number, used_content = self._used[id]
        if used_content == content:
            raise _SentAgain(sent_again(source, number))
        raise Unusable(duplicate(id, source, number))

    def _count(self, article: Article, values: Values, source: Source) -> None:
        self._summary.count_fields(values.names)
        if (unread := values.unread_date()) is not None:
            self._summary.unread_dates.add(unread, source)
        if cut := _CUT.search(article.text[-40:]):
            self._summary.cut_texts.add(cut[0], source)


class _SentAgain(Unusable):
    """The record is fine, but an equal one was read before."""


def sent_again(source: Source, number: int | None) -> str:
    """The reason to reject a record that equals this earlier one."""
    return f"sent again: identical to {record_name(source, number)}"


def duplicate(id: str, source: Source, number: int | None) -> str:
    """The reason to reject a record whose id this earlier record already has."""
    return f"duplicate id {quoted(id)}: already used by {record_name(source, number)}, which is kept"


def record_name(source: Source, number: int | None) -> str:
    """The name of a record in messages: "news.jsonl, record 3"."""
    return source.shown if number is None else f"{source.shown}, record {number}"
