"""Versions of one item: corrections, updates, and records that were sent again.

Records that declare one id are versions of one item if their version numbers differ, or if their dates differ and they
are similar. Records with different ids are versions only if the later headline has a marker (`UPDATE 2-`, `CORRECTED-`,
`(LEAD)`, `1st Ld-Writethru`), is otherwise equal, and they are similar, of one source and within days. All others stay
separate articles; copies under different ids are found later, like stories.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.headlines import has_marker, headline_hash
from detector.reading.mapping.ids import DeclaredIds, hash_64
from detector.reading.mapping.messages import escaped, quoted
from detector.reading.mapping.validation import ValidatedRecord, duplicate, record_name, sent_again
from detector.reading.mapping.values import Values
from detector.reading.mapping.version_order import Candidate, compare_identities, order_of_versions
from detector.reading.source import Record, Unusable
from detector.records import Article, Rejected, Version

VersionsKept: TypeAlias = Literal["latest", "all"]


class FirstPass:
    """Collects from all records the declared ids and the headlines with a marker of a later version."""

    def __init__(self, records: Iterable[Record], names: FieldNames) -> None:
        self.ids = DeclaredIds()
        self._marked_headlines: set[int] = set()
        for record in records:
            try:
                values = Values(record.value, names)
                id, title = values.id(), values.title()
            except Unusable:
                continue
            if id is not None:
                self.ids.add(id)
            if title is not None and has_marker(title) and (headline := headline_hash(title, values.source())):
                self._marked_headlines.add(headline)

    @property
    def may_have_versions(self) -> bool:
        """Whether any item can have several versions."""
        return self.ids.has_repeats or bool(self._marked_headlines)

    def item_of(self, validated: ValidatedRecord) -> tuple[int, int] | None:
        """The item that a record may be a version of, and the number of its records, 0 if unknown.

        None if the record cannot have other versions.
        """
        id, article = validated.identity.id, validated.outcome
        if id is not None and (count := self.ids.count(id)) > 1:
            return hash_64(id), count
        if self._marked_headlines and isinstance(article, Article) and article.title is not None:
            headline = headline_hash(article.title, article.source)
            return (headline, 0) if headline in self._marked_headlines else None
        return None


class VersionDecisions:
    """Decides what becomes of records that may be versions of one item. All are added before any decision is used.

    The latest version of an item becomes the article, with the others in its `history`; these are `Rejected` as
    superseded. If `kept` is "all" each version is an article, the earlier ones with an id of their own. A record sent
    again is superseded by the first one. If the sender withdrew the item, there is no article.
    """

    def __init__(self, first_pass: FirstPass, kept: VersionsKept) -> None:
        self._first_pass = first_pass
        self._kept = kept
        self._decisions: dict[_RecordKey, _Decision] = {}
        self._open_items: dict[int, _Item] = {}

    def add(self, validated: ValidatedRecord) -> None:
        """Take one more record into account."""
        item_of_record = self._first_pass.item_of(validated)
        if item_of_record is None:
            return
        key, count = item_of_record
        item = self._open_items.setdefault(key, _Item(self._kept))
        item.add(validated)
        if item.record_count == count:  # closed at once, so that the texts of few items are held
            self._close(self._open_items.pop(key))

    def finish(self) -> None:
        """Decide about the items that are still open, after the last record."""
        while self._open_items:
            self._close(self._open_items.popitem()[1])

    def outcome_of(self, validated: ValidatedRecord) -> Article | Rejected:
        """What becomes of a record."""
        decision = self._decisions.get(_key(validated))
        if decision is None or not isinstance(validated.outcome, Article):
            return validated.outcome
        if isinstance(decision, Rejected):
            return decision
        return replace(validated.outcome, id=decision.id, history=(*validated.outcome.history, *decision.history))

    def _close(self, item: _Item) -> None:
        self._decisions.update(item.decide())


@dataclass(frozen=True, slots=True)
class _Keep:
    """The record stays an article, under this id and with these earlier versions."""

    id: str
    history: tuple[Version, ...] = ()


_RecordKey: TypeAlias = tuple[str, int | None]
_Decision: TypeAlias = Rejected | _Keep


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    """A record by which the sender withdraws an item."""

    record: ValidatedRecord
    reason: str


class _Item:
    """The latest version of an item so far, and the decisions about its other records."""

    def __init__(self, kept: VersionsKept) -> None:
        self.record_count = 0
        self._kept = kept
        self._decisions: dict[_RecordKey, _Decision] = {}
        self._latest: Candidate | None = None
        self._withdrawal: _Withdrawal | None = None
        self._history: list[Version] = []
        self._ids_of_earlier: set[str] = set()

    def add(self, validated: ValidatedRecord) -> None:
        """Compare one more record of the item with the latest version."""
        self.record_count += 1
        if isinstance(validated.outcome, Rejected):
            if validated.identity.withdrawn:
                self._withdraw(_Withdrawal(validated, validated.outcome.reason))
            return
        candidate = Candidate(validated, validated.outcome)
        if (
            self._withdrawal is not None
            and compare_identities(candidate.identity, self._withdrawal.record.identity) <= 0
        ):
            self._decisions[_key(validated)] = _withdrawn(candidate, self._withdrawal)
        elif self._latest is None:
            self._latest = candidate
        else:
            self._add_version(candidate, self._latest)

    def decide(self) -> dict[_RecordKey, _Decision]:
        """The decisions about all records of the item that do not simply stay articles."""
        if self._latest is not None and self._history:
            history = sorted(self._history, key=lambda version: (version.published or "", len(version.number or "")))
            self._decisions[_key(self._latest.record)] = _Keep(self._latest.article.id, tuple(history))
        return self._decisions

    def _withdraw(self, withdrawal: _Withdrawal) -> None:
        identity = withdrawal.record.identity
        if self._withdrawal is None or compare_identities(identity, self._withdrawal.record.identity) >= 0:
            self._withdrawal = withdrawal
        if self._latest is not None and compare_identities(self._latest.identity, identity) <= 0:
            self._decisions[_key(self._latest.record)] = _withdrawn(self._latest, withdrawal)
            self._latest = None

    def _add_version(self, candidate: Candidate, latest: Candidate) -> None:
        order = order_of_versions(candidate, latest)
        if order:
            self._latest, earlier = (candidate, latest) if order > 0 else (latest, candidate)
            self._supersede(earlier, self._latest)
        elif candidate.article.id == latest.article.id:
            source, number = latest.record.source, latest.record.number
            same = order == 0
            reason = sent_again(source, number) if same else duplicate(candidate.article.id, source, number)
            self._decisions[_key(candidate.record)] = _rejected(candidate, reason, superseded=same)

    def _supersede(self, earlier: Candidate, later: Candidate) -> None:
        article, identity = earlier.article, earlier.identity
        has_own_id = later.identity.id != identity.id
        id = article.id if has_own_id else f"{article.id}@{identity.version or identity.published}"
        if self._kept == "all" and id not in self._ids_of_earlier:
            self._ids_of_earlier.add(id)
            self._decisions[_key(earlier.record)] = _Keep(id)
            return
        self._history.append(Version(article.id, identity.version, article.published, article.title))
        later_name = record_name(later.record.source, later.record.number)
        reason = f"earlier version of {quoted(escaped(article.id))}: superseded by {later_name}"
        self._decisions[_key(earlier.record)] = _rejected(earlier, reason, superseded=True)


def _key(validated: ValidatedRecord) -> _RecordKey:
    return validated.source.shown, validated.number


def _rejected(candidate: Candidate, reason: str, superseded: bool = False) -> Rejected:
    record, id = candidate.record, candidate.identity.id
    rejected = record.source.rejected(reason, record.number, None if id is None else escaped(id))
    return replace(rejected, superseded=superseded)


def _withdrawn(candidate: Candidate, withdrawal: _Withdrawal) -> Rejected:
    name = record_name(withdrawal.record.source, withdrawal.record.number)
    return _rejected(candidate, f"{withdrawal.reason}: see {name}")
