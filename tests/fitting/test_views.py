"""Cross-fitting: each article is seen by the encoder that has not learned from it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from detector.encoding.protocol import Encoder
from detector.evaluation.labelled import Labelled
from detector.fitting.views import View, some_translations
from detector.profile.adapter import text_digests
from detector.records import Article
from tests.making import make_adapter, make_document

ENCODER = cast(Encoder, None)


def test_a_view_may_encode_what_its_adapter_has_not_learned_from() -> None:
    documents = [make_document("a", "The river rose.", "It fell."), make_document("b", "A vote.")]
    seen = text_digests(["The river rose.\nIt  fell."])
    adapter = replace(make_adapter({"layer": (3, 4)}), seen=seen)
    assert View(ENCODER, adapter).unseen(documents).tolist() == [False, True]
    assert View(ENCODER, None).unseen(documents).tolist() == [True, True]


def test_originals_with_most_translations_are_taken_until_there_are_enough() -> None:
    documents = np.array(["a"] * 3 + ["b"] * 5 + ["c"] * 2)
    articles = tuple(Article(f"{index}", "text") for index in range(10))
    labelled = Labelled("set", articles, documents, documents, np.full(10, ""))
    rows = np.arange(10)
    assert some_translations(labelled, rows, 8).tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert some_translations(labelled, rows, 7).tolist() == [3, 4, 5, 6, 7]
    # At least one original.
    assert some_translations(labelled, rows, 1).tolist() == [3, 4, 5, 6, 7]
    assert some_translations(labelled, rows[:4], 4).tolist() == [0, 1, 2, 3]
