"""Sequences of records that go to a file if they are large."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.execution import spool
from detector.execution.record_spool import LazyMap, RecordSpool
from detector.records import Document
from tests.making import make_document

TEXTS = st.lists(st.text(), max_size=30)


@pytest.fixture(params=[0, 1 << 24], ids=["in a file", "in memory"])
def in_memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(spool, "IN_MEMORY", request.param)
    return int(request.param)


def spooled(records: list[object]) -> RecordSpool[object]:
    made: RecordSpool[object] = RecordSpool()
    for record in records:
        made.append(record)
    return made


@given(texts=TEXTS, held=st.sampled_from([0, 200, 1 << 24]), data=st.data())
def test_records_are_read_unchanged_in_any_order(texts: list[str], held: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "IN_MEMORY", held)
        assert list(spooled(list(texts)).records()) == texts
        records = spooled(list(texts)).records(np.array(order, np.int64))
    assert list(records) == [texts[index] for index in order]
    assert len(records) == len(texts)


def test_records_may_be_read_while_others_are_appended(in_memory: int) -> None:
    made: RecordSpool[str] = RecordSpool()
    for number in range(20):
        made.append(str(number))
        assert [made[index] for index in range(number, -1, -1)] == list(map(str, range(number, -1, -1)))
    assert list(made.records()) == list(map(str, range(20)))


def test_documents_are_read_unchanged(in_memory: int) -> None:
    document = make_document("a", "Đoàn đại biểu đã đến.", "中国", language="vi")
    assert spooled([document, document]).records()[1] == document


def test_half_a_surrogate_pair_is_unchanged(in_memory: int) -> None:
    assert spooled(["\ud83d"]).records()[0] == "\ud83d"


def test_slices_and_indices_counted_from_the_end(in_memory: int) -> None:
    records = spooled(["a", "b", "c"]).records()
    assert list(records[1:]) == ["b", "c"]
    assert records[-1] == "c"
    with pytest.raises(IndexError):
        records[3]


def test_several_threads_may_read(in_memory: int) -> None:
    texts = [str(number) * 100 for number in range(300)]
    records = spooled(list(texts)).records()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(records.__getitem__, range(300))) == texts


def test_records_are_pickled_as_a_tuple(in_memory: int) -> None:
    assert pickle.loads(pickle.dumps(spooled(["a", "b"]).records())) == ("a", "b")


def test_a_lazy_map_is_the_sequence_of_its_results(in_memory: int) -> None:
    documents = [make_document(name, "Text.") for name in "abc"]
    ids: LazyMap[Document, str] = LazyMap(attrgetter("article.id"), documents, [2, 0])
    assert ids == ["c", "a"]
    assert ids != ["a", "c"]
    assert list(ids[1:]) == ["a"]
    assert hash(ids) == hash(("c", "a"))
    assert repr(ids) == "('c', 'a')"
    assert len(LazyMap(attrgetter("article.id"), documents)) == 3
