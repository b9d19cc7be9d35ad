"""The table of a batch's documents, made in one pass over them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detector.preparing.document_table import DocumentTable
from detector.records import Dropped
from tests.making import make_document


def test_the_table_has_an_entry_for_each_document_in_their_order() -> None:
    first = make_document("b", "One.", "Another one.", language="en", published="1970-01-02")
    second = replace(make_document("a", "Путин.", language="ru"), dropped=(Dropped("Ad", "advertisement"),))
    table = DocumentTable.of(iter([first, second]))
    assert len(table) == 2
    assert table.ids == ("b", "a")
    assert table.languages.tolist() == ["en", "ru"]
    assert table.scripts == ("Latn", "Cyrl")
    np.testing.assert_array_equal(table.days, [1.0, np.nan])
    assert table.sentences.tolist() == [2, 1]
    assert table.characters.tolist() == [4, 12, 6]
    assert table.dropped.tolist() == [0, 1]


def test_a_table_of_no_documents_is_empty() -> None:
    table = DocumentTable.of([])
    assert len(table) == 0
    assert table.languages.shape == table.days.shape == table.characters.shape == (0,)
