"""Versions of one item: corrections, updates, and records that were sent again.

Records that declare one id are versions of one item where their version numbers tell, or where their dates tell and
they are alike. Records with ids of their own are versions only where the later one's headline says so (`UPDATE 2-`,
`CORRECTED-`, `(LEAD)`, `1st Ld-Writethru`) and is else the same, of the same source, within days, and alike. All others
stay articles of their own; copies under several ids are found later, as stories are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from detector._moments import moment
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.ids import DeclaredIds, digest
from detector.reading.mapping.messages import escaped, quoted
from detector.reading.mapping.validation import Identity, ValidatedRecord, duplicate, sent_again, standing
from detector.reading.mapping.values import Values, word_count
from detector.reading.source import Record, Unusable
from detector.records import Article, Rejected, Version

Keep: TypeAlias = Literal["latest", "all"]

DAYS = 3
"""Versions under several ids lie no further apart."""

_WORDS = 3
_ALIKE = 0.5
_LETTERS, _READ = 5, 4000
_LEAD = r"(?:lead|ld)(?:[ -]?writethru)?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)[ -]"
_BEFORE = re.compile(
    rf"(?:(?:update|corrected|correction|refile|recasts?|rpt)(?:\s\d{{1,2}})?\s*[-–:]\s*|\((?:{_ORDINAL})?{_LEAD}\)\s*"
    rf"|{_ORDINAL}{_LEAD}\s*[-–:]\s*)+",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"[\s,]+(?:\((?:{_ORDINAL})?{_LEAD}\)|{_ORDINAL}{_LEAD})\s*\Z", re.IGNORECASE)


class Ahead:
    """What a first look at all records tells: ids that come more than once, and headlines marked as later versions."""

    def __init__(self, records: Iterable[Record], names: FieldNames) -> None:
        self.ids = DeclaredIds()
        self._marked: set[int] = set()
        for record in records:
            try:
                values = Values(record.value, names)
                id, title = values.id(), values.title()
            except Unusable:
                continue
            if id is not None:
                self.ids.add(id)
            if title is not None and _bare(title) != title and (headline := _headline(title, values.source())):
                self._marked.add(headline)

    def __bool__(self) -> bool:
        """Whether there is any item that may have versions."""
        return self.ids.shared or bool(self._marked)

    def item(self, judged: ValidatedRecord) -> tuple[int, int] | None:
        """What names the item that a record may be a version of, and its number of records, 0 where it is not known.

        None where a record stands alone.
        """
        id, article = judged.identity.id, judged.outcome
        if id is not None and (times := self.ids.times(id)) > 1:
            return digest(id), times
        if self._marked and isinstance(article, Article) and article.title is not None:
            headline = _headline(article.title, article.source)
            return (headline, 0) if headline in self._marked else None
        return None


class Verdicts:
    """What becomes of the records that come more than once, known when all have been looked at.

    Of several versions of an item the latest is the article, with the others in its `history`, and each of these is
    `Rejected` as superseded; with `keep` "all" each is an article, the earlier ones under an id of their own. A record
    sent again is superseded by the first. Where the sender withdrew the item, there is no article.
    """

    def __init__(self, judged: Iterable[ValidatedRecord], ahead: Ahead, keep: Keep) -> None:
        self._verdicts: dict[_Key, _Verdict] = {}
        items: dict[int, _Item] = {}
        for each in judged:
            if known := ahead.item(each):
                key, times = known
                item = items.setdefault(key, _Item(keep, self._verdicts))
                item.add(each)
                if item.records == times:  # so that of few items a text is held
                    items.pop(key).end()
        for item in items.values():
            item.end()

    def on(self, judged: ValidatedRecord) -> Article | Rejected:
        """What becomes of a record."""
        verdict = self._verdicts.get(_key(judged)) if self._verdicts else None
        if verdict is None or not isinstance(judged.outcome, Article):
            return judged.outcome
        if isinstance(verdict, Rejected):
            return verdict
        return replace(judged.outcome, id=verdict.id, history=(*judged.outcome.history, *verdict.history))


@dataclass(frozen=True, slots=True)
class _Kept:
    """An article stays one, under this id and with these earlier versions."""

    id: str
    history: tuple[Version, ...] = ()


_Key: TypeAlias = tuple[str, int | None]
_Verdict: TypeAlias = Rejected | _Kept


def _key(judged: ValidatedRecord) -> _Key:
    return judged.record.place.shown, judged.record.number


class _Item:
    """The latest version of an item so far, and what is told of the earlier ones."""

    def __init__(self, keep: Keep, verdicts: dict[_Key, _Verdict]) -> None:
        self.records = 0
        self._keep = keep
        self._verdicts = verdicts
        self._latest: ValidatedRecord | None = None
        self._withdrawal: ValidatedRecord | None = None
        self._history: list[Version] = []
        self._ids: set[str] = set()

    def add(self, each: ValidatedRecord) -> None:
        """One more record of the item."""
        self.records += 1
        if each.identity.withdrawn:
            self._withdraw(each)
        elif isinstance(each.outcome, Rejected):
            return
        elif self._withdrawal is not None and _order(each.identity, self._withdrawal.identity) <= 0:
            self._verdicts[_key(each)] = _withdrawn(each, self._withdrawal)
        elif self._latest is None:
            self._latest = each
        else:
            self._compare(each, self._latest)

    def end(self) -> None:
        """There are no more records."""
        if self._latest is not None and self._history:
            article = _article(self._latest)
            history = sorted(self._history, key=lambda version: (version.published or "", len(version.number or "")))
            self._verdicts[_key(self._latest)] = _Kept(article.id, tuple(history))

    def _withdraw(self, notice: ValidatedRecord) -> None:
        if self._withdrawal is None or _order(notice.identity, self._withdrawal.identity) >= 0:
            self._withdrawal = notice
        if self._latest is not None and _order(self._latest.identity, notice.identity) <= 0:
            self._verdicts[_key(self._latest)] = _withdrawn(self._latest, notice)
            self._latest = None

    def _compare(self, each: ValidatedRecord, latest: ValidatedRecord) -> None:
        order = _later(each, latest)
        if order is not None and order != 0:
            self._latest = each if order > 0 else latest
            self._replace(latest if order > 0 else each, self._latest)
        elif _article(each).id == _article(latest).id:
            place, number = latest.record.place, latest.record.number
            reason = sent_again(place, number) if order == 0 else duplicate(_article(each).id, place, number)
            self._verdicts[_key(each)] = _rejected(each, reason, superseded=order == 0)

    def _replace(self, earlier: ValidatedRecord, later: ValidatedRecord) -> None:
        article, identity = _article(earlier), earlier.identity
        own = (
            article.id if later.identity.id != identity.id else f"{article.id}@{identity.version or identity.published}"
        )
        if self._keep == "all" and own not in self._ids:
            self._ids.add(own)
            self._verdicts[_key(earlier)] = _Kept(own)
            return
        self._history.append(Version(article.id, identity.version, article.published, article.title))
        where = standing(later.record.place, later.record.number)
        reason = f"an earlier version of {quoted(escaped(article.id))}: a later one stands in {where}"
        self._verdicts[_key(earlier)] = _rejected(earlier, reason, superseded=True)


def _article(judged: ValidatedRecord) -> Article:
    assert isinstance(judged.outcome, Article)
    return judged.outcome


def _rejected(judged: ValidatedRecord, reason: str, superseded: bool = False) -> Rejected:
    record, id = judged.record, judged.identity.id
    rejected = record.place.rejected(reason, record.number, None if id is None else escaped(id))
    return replace(rejected, superseded=superseded)


def _withdrawn(judged: ValidatedRecord, notice: ValidatedRecord) -> Rejected:
    assert isinstance(notice.outcome, Rejected)
    return _rejected(judged, f"{notice.outcome.reason}: see {standing(notice.record.place, notice.record.number)}")


def _later(each: ValidatedRecord, latest: ValidatedRecord) -> int | None:
    """More than 0 where a record is a later version than the latest, less where it is an earlier one, 0 where it is the
    same again; None where it is no version.
    """
    one, other = _article(each), _article(latest)
    same_id = one.id == other.id
    numbered = _numbers(each.identity, latest.identity)
    if same_id and numbered is not None and numbered[0] != numbered[1]:
        return numbered[0] - numbered[1]
    if one.text == other.text and one.title == other.title:
        return 0 if same_id else None
    order = _order(each.identity, latest.identity)
    if order == 0 or not _of_one_source(one, other) or not _alike(one, other):
        return None
    if same_id:
        return order
    marked = one if order > 0 else other
    close = abs(_when(one) - _when(other)) <= timedelta(days=DAYS)
    return order if close and marked.title is not None and _bare(marked.title) != marked.title else None


def _order(one: Identity, other: Identity) -> int:
    """More than 0 where the first is later, by its version or else its date, less where it is earlier; 0 if unknown."""
    numbers = _numbers(one, other)
    if numbers is not None and numbers[0] != numbers[1]:
        return numbers[0] - numbers[1]
    if one.published is None or other.published is None:
        return 0
    if "T" not in one.published or "T" not in other.published:
        days = one.published[:10], other.published[:10]
        return (days[0] > days[1]) - (days[0] < days[1])
    moments = _when(one), _when(other)
    return (moments[0] > moments[1]) - (moments[0] < moments[1])


def _numbers(one: Identity, other: Identity) -> tuple[int, int] | None:
    numbers = [version for version in (one.version, other.version) if version and re.fullmatch(r"\d{1,18}", version)]
    return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else None


def _when(item: Identity | Article) -> datetime:
    return moment(item.published) or datetime.min.replace(tzinfo=UTC)


def _of_one_source(one: Article, other: Article) -> bool:
    """Whether neither the source nor the language speaks against it."""
    languages = {(article.language or "").split("-")[0] for article in (one, other)} - {""}
    return len({one.source, other.source} - {None}) < 2 and len(languages) < 2


def _alike(one: Article, other: Article) -> bool:
    """Whether the beginnings of two texts share half of their wording, or two headlines without a text are equal."""
    pieces = [_pieces(article.text) for article in (one, other)]
    least = min(map(len, pieces))
    if not least:
        return one.text == other.text and _bare(one.title or "") == _bare(other.title or "")
    return len(pieces[0] & pieces[1]) >= _ALIKE * least


def _pieces(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text[:_READ].casefold()))
    return {letters[start : start + _LETTERS] for start in range(len(letters) - _LETTERS + 1)}


def _bare(title: str) -> str:
    """A headline without what says that it is a later version."""
    return _BEHIND.sub("", _BEFORE.sub("", title, count=1) if _BEFORE.match(title) else title)


def _headline(title: str, source: str | None) -> int | None:
    """What names a headline of a source, however often it was sent; None where too little is known."""
    bare = _bare(title)
    if source is None or word_count(bare, _WORDS) < _WORDS:
        return None
    return digest(f"{source.casefold()}\n{''.join(filter(str.isalnum, bare.casefold()))}")
