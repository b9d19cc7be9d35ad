"""Given pairs of articles: rows {"pair": …, "a": {article}, "b": {article}}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike

from detector.reading.api import read_records
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.messages import escaped, kind, quoted
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.validation import Validator
from detector.reading.source import Record, Unusable
from detector.records import Article, Rejected


@dataclass(frozen=True, slots=True)
class GivenPair:
    """Two articles under one name.

    overall: the grade that people gave, 1 (one story) to 4 (unrelated), if any. label: how a careful reader relates
    them, such as "same event", if the row states it; same_form: whether they are of one recurring form. weight: how
    many pairs it represents.

    The ids of the articles are made from the pair and the side, so that one article may be in many pairs.
    """

    name: str
    a: Article
    b: Article
    overall: float | None = None
    label: str | None = None
    same_form: bool = False
    weight: float = 1.0

    @property
    def grade(self) -> float | None:
        """The grade as a similarity from 0 to 1, if there is one."""
        return None if self.overall is None else (4 - self.overall) / 3


def read_pairs(path: str | PathLike[str]) -> tuple[list[GivenPair], list[Rejected]]:
    """The pairs of a file, and the rows that are not pairs with the reason. Raises FileNotFoundError."""
    names = FieldNames()
    pairs: dict[str, GivenPair] = {}
    rejected: list[Rejected] = []
    summary = Summary()
    for record in read_records(path, names):
        if isinstance(record, Rejected):
            rejected.append(record)
            continue
        try:
            pair = _pair(record, names, summary)
            if pair.name in pairs:
                raise Unusable(f"duplicate pair {quoted(pair.name)}: the first is kept")
            pairs[pair.name] = pair
        except Unusable as error:
            rejected.append(record.source.rejected(str(error), record.number))
    summary.warn()
    return list(pairs.values()), rejected


def _pair(record: Record, names: FieldNames, summary: Summary) -> GivenPair:
    row = record.value
    if not isinstance(row, Mapping):
        raise Unusable(f"the row is {kind(row)}, not an object")
    name = row.get("pair")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise Unusable('no "pair": name the pair with a string or an integer')
    label, weight = row.get("label"), _number(row.get("weight"))
    a, b = (_side(record, row, str(name), side, names, summary) for side in ("a", "b"))
    return GivenPair(
        str(name),
        a,
        b,
        overall=_number(row.get("overall")),
        label=label if isinstance(label, str) else None,
        same_form=row.get("same_form") is True,
        weight=1.0 if weight is None or not weight > 0 else weight,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _side(
    record: Record, row: Mapping[object, object], name: str, side: str, names: FieldNames, summary: Summary
) -> Article:
    value = row.get(side)
    if not isinstance(value, Mapping):
        raise Unusable(f'"{side}" is {kind(value)}, not an article')
    article = Record(record.source, record.number, {**value, "id": f"{name}/{side}"})
    outcome = Validator(names, summary).validate(article).outcome
    if isinstance(outcome, Rejected):
        raise Unusable(f'article "{side}" of pair {escaped(quoted(name))}: {outcome.reason}')
    return outcome
