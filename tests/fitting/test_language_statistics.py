"""What a profile knows of languages: the same lines in all of them."""

from __future__ import annotations

import numpy as np

from detector.evaluation.labelled import Labelled
from detector.fitting.language_statistics import Encoded, content_ids
from detector.records import Document
from tests.making import make_document, make_embeddings


def encoded(documents: list[Document]) -> Encoded:
    sizes = [len(document.sentences) for document in documents]
    return Encoded(tuple(documents), make_embeddings(np.random.default_rng(0), sizes))


def test_lines_of_a_document_have_one_id_in_all_versions_of_the_same_length() -> None:
    versions = [
        make_document("en", "One.", "Two."),
        make_document("it", "Uno.", "Due.", language="it"),
        make_document("fr", "Un et deux.", language="fr"),
        make_document("other", "Three.", "Four."),
    ]
    articles = tuple(version.article for version in versions)
    originals = np.array(["d1", "d1", "d1", "d2"])
    translations = Labelled("set", articles, originals, originals, np.full(4, ""))
    assert content_ids(translations, encoded(versions)).tolist() == [0, 1, 0, 1, 2, 3, 4]
