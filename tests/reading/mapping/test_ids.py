"""Which ids are declared more than once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from detector.reading.mapping.ids import DeclaredIds


@given(st.lists(st.text(max_size=3)), st.lists(st.text(max_size=3)))
def test_every_id_is_counted_at_any_time(first: list[str], later: list[str]) -> None:
    ids, counted = DeclaredIds(), Counter[str]()
    for part in (first, later):
        for id in part:
            ids.add(id)
            counted[id] += 1
        assert all(ids.count(id) == counted[id] for id in [*first, *later, "never declared"])
        assert ids.has_repeats == any(times > 1 for times in counted.values())
