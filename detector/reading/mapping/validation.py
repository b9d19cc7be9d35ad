"""Judges one record: an `Article`, or `Rejected` with the reason. Never raises, whatever the record holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.ids import DeclaredIds
from detector.reading.mapping.messages import escaped, quoted
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.values import Values
from detector.reading.source import Place, Record, Unusable
from detector.records import Article, Rejected

# What newsapi.org writes where it cuts off a text.
_CUT = re.compile(r"\[\+\d+ chars\]\s*\Z")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which item a record says it is: the `id` it declares, and what tells its place among the versions of the item.

    withdrawn: whether the sender cancelled or withholds the item, and with it every earlier version.
    """

    id: str | None = None
    version: str | None = None
    published: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ValidatedRecord:
    """A record, what became of it, and which item it is."""

    record: Record
    outcome: Article | Rejected
    identity: Identity


class Judge:
    """Judges the records of one reading in their order, and so knows which ids are taken.

    `declared` are the ids known beforehand: each is free to its records, which may be several versions of one item.
    """

    def __init__(self, names: FieldNames, summary: Summary, declared: DeclaredIds | None = None) -> None:
        self._names = names
        self._summary = summary
        self._declared = declared or DeclaredIds()
        self._taken: dict[str, tuple[Place, int | None, int]] = {}

    def judged(self, record: Record, counted: bool = True) -> ValidatedRecord:
        """The article, or why there is none; `counted` says whether the record's id is among those known beforehand.

        A declared id that is taken costs the record. An id made from a file name that is taken is made from the whole
        path instead: it was nobody's choice, and folders such as `it/` and `de/` often hold the same file names.
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
                id=self._free(identity.id, record, counted, content),
                text=text,
                title=title,
                language=language,
                published=identity.published,
                source=values.source(),
                url=values.url(),
                history=values.history(),
            )
        except Unusable as flaw:
            shown = None if identity.id is None else escaped(identity.id)
            rejected = record.place.rejected(str(flaw), record.number, shown)
            return ValidatedRecord(record, replace(rejected, superseded=isinstance(flaw, _SentAgain)), identity)
        if not self._declared.times(article.id):
            self._taken[article.id] = (record.place, record.number, content)
        self._note(article, values, record.place)
        return ValidatedRecord(record, article, identity)

    def _free(self, declared: str | None, record: Record, counted: bool, content: int) -> str:
        """The id of the record. Raises `Unusable` where it is taken."""
        if declared is not None and counted and self._declared.times(declared):
            return declared
        ending = "" if record.number is None else f":{record.number}"
        made = (record.place.name + ending, record.place.shown + ending)
        ids = made if declared is None else (declared,)
        for id in ids:
            if id not in self._taken and not self._declared.times(id):
                return id
        if ids[-1] not in self._taken:
            raise Unusable(f"duplicate id {quoted(ids[-1])}: another record declares it")
        place, number, there = self._taken[ids[-1]]
        raise _SentAgain(sent_again(place, number)) if there == content else Unusable(duplicate(ids[-1], place, number))

    def _note(self, article: Article, values: Values, place: Place) -> None:
        self._summary.read_from(values.names)
        if (unread := values.unread_date()) is not None:
            self._summary.unread_dates.add(unread, place)
        if cut := _CUT.search(article.text[-40:]):
            self._summary.cut_texts.add(cut[0], place)


class _SentAgain(Unusable):
    """Nothing is amiss with the record, only that it was read before."""


def sent_again(place: Place, number: int | None) -> str:
    """The reason for a record that says what the one at this place says."""
    return f"sent again: the same stands in {standing(place, number)}"


def duplicate(id: str, place: Place, number: int | None) -> str:
    """The reason for a record whose id another one has, which stands at this place."""
    return f"duplicate id {quoted(id)}: it stands first in {standing(place, number)}, which is kept"


def standing(place: Place, number: int | None) -> str:
    """Where a record stands, in words."""
    return place.shown if number is None else f"{place.shown}, record {number}"
