"""Given pairs of articles: rows {"pair": …, "a": {article}, "b": {article}}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike

from detector.reading.api import read_records
from detector.reading.mapping.fields import FieldNames
from detector.reading.mapping.messages import escaped, kind, quoted
from detector.reading.mapping.summary import Summary
from detector.reading.mapping.validation import Judge
from detector.reading.source import Record, Unusable
from detector.records import Article, Rejected


@dataclass(frozen=True, slots=True)
class GivenPair:
    """Two articles under one name. `overall` is how people graded them, 1 (one story) to 4 (unrelated), if they did.

    The articles are named after the pair and their side, so that one article may stand in many pairs.
    """

    name: str
    a: Article
    b: Article
    overall: float | None = None

    @property
    def grade(self) -> float | None:
        """How alike people called the stories, 0 to 1, if they did."""
        return None if self.overall is None else (4 - self.overall) / 3


def read_pairs(path: str | PathLike[str]) -> tuple[list[GivenPair], list[Rejected]]:
    """The pairs of a file, and the rows that hold none with the reason. Raises FileNotFoundError."""
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
        except Unusable as flaw:
            rejected.append(record.place.rejected(str(flaw), record.number))
    summary.warn()
    return list(pairs.values()), rejected


def _pair(record: Record, names: FieldNames, summary: Summary) -> GivenPair:
    row = record.value
    if not isinstance(row, Mapping):
        raise Unusable(f"the row is {kind(row)}, not an object")
    name = row.get("pair")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise Unusable('no "pair": name the pair with a string or a whole number')
    overall = row.get("overall")
    graded = float(overall) if isinstance(overall, int | float) and not isinstance(overall, bool) else None
    a, b = (_side(record, row, str(name), side, names, summary) for side in ("a", "b"))
    return GivenPair(str(name), a, b, graded)


def _side(
    record: Record, row: Mapping[object, object], name: str, side: str, names: FieldNames, summary: Summary
) -> Article:
    value = row.get(side)
    if not isinstance(value, Mapping):
        raise Unusable(f'"{side}" is {kind(value)}, not an article')
    article = Record(record.place, record.number, {**value, "id": f"{name}/{side}"})
    outcome = Judge(names, summary).judged(article).outcome
    if isinstance(outcome, Rejected):
        raise Unusable(f'article "{side}" of pair {escaped(quoted(name))}: {outcome.reason}')
    return outcome
