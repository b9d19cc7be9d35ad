"""What a run does only once: clusterings, passes over the documents, reading clauses before the report is written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import detector.reporting
from detector import Result, StoryDetector, pipeline
from detector.encoding.cached import CachedEncoder
from detector.encoding.encoder import SentenceTransformerEncoder
from detector.execution.record_spool import RecordSpool
from detector.records import Document
from detector.reporting.page.threshold_sweep import thresholds
from detector.stories import clustering


@pytest.fixture
def clusterings(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The threshold of each clustering, as they are made."""
    made: list[float] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        made.append(arguments[4])
        return clustering.cluster(*arguments, **options)

    monkeypatch.setattr(pipeline, "cluster", counted)
    return made


@pytest.fixture
def detect(encoder: SentenceTransformerEncoder, seeds: Path) -> Callable[[], Result]:
    return lambda: StoryDetector(model=encoder).detect(seeds)


def test_a_result_is_clustered_once(detect: Callable[[], Result], clusterings: list[float]) -> None:
    result = detect()
    assert len(result.stories) == result.counts()["stories"] == result.labels.max() + 1 == 4
    assert not result.roundups.any()
    assert "5 articles" in repr(result)
    assert "5 articles" in result._repr_html_()
    assert clusterings == [result.threshold]


def test_another_threshold_is_one_more_clustering(detect: Callable[[], Result], clusterings: list[float]) -> None:
    other = detect().rethreshold(0.1)
    assert len(other.stories) == other.counts()["stories"] == other.run["counts"]["stories"]
    assert clusterings[1:] == [0.1]


def test_a_report_is_one_clustering_for_each_other_threshold(
    detect: Callable[[], Result], clusterings: list[float], tmp_path: Path
) -> None:
    result = detect()
    clusterings.clear()
    result.save(tmp_path)
    shown = thresholds(len(result.documents), result.threshold)
    assert len(shown) > 10
    assert clusterings == [threshold for threshold in shown if threshold != result.threshold]


class Counted(Sequence[Document]):
    """Documents that count how often each is opened."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.opened: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, index: Any) -> Any:
        assert isinstance(index, int)
        self.opened[index] += 1
        return self.documents[index]

    def __iter__(self) -> Iterator[Document]:
        return (self[index] for index in range(len(self)))


def test_documents_are_opened_once_to_encode_and_once_after(
    detect: Callable[[], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    records = RecordSpool.records
    monkeypatch.setattr(RecordSpool, "records", lambda self, *order: Counted(records(self, *order)))
    result = detect()
    assert isinstance(result.documents, Counted)
    once_each = Counter(range(5))
    # The encoder reads the sentences, then terms and shingles are taken in one pass.
    assert result.documents.opened == once_each + once_each
    result.documents.opened.clear()
    for other in (result, result.rethreshold(0.1)):
        assert len(other.stories) == other.counts()["stories"]
        assert len(other.scored(0)) > 1
        assert other.ids == tuple(sorted(other.ids))
    assert result.documents.opened == Counter()


def test_clauses_are_read_before_the_report_is_written(
    detect: Callable[[], Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result = detect()
    encoded: list[int] = []
    encode, write_report = CachedEncoder.encode, detector.reporting.write_report

    def counted(self: CachedEncoder, articles: Any, *options: Any) -> Any:
        encoded.append(len(articles))
        return encode(self, articles, *options)

    def watched(*arguments: Any, **options: Any) -> None:
        assert encoded == [2], "the clauses of the two articles of the translation, in one go"
        write_report(*arguments, **options)
        assert encoded == [2], "writing the report encoded something"

    monkeypatch.setattr(CachedEncoder, "encode", counted)
    monkeypatch.setattr(detector.reporting, "write_report", watched)
    result.save(tmp_path)
    first = json.loads((tmp_path / "stories.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert "hanno firmato un accordo con il Partito comunista vietnamita." in first["links"][0]["only_a"]
