"""A small table of the documents of a batch, so that later stages need not open each document again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector._moments import days_since_epoch
from detector.execution.spool import Spool
from detector.languages.script import script_of
from detector.records import Document


@dataclass(frozen=True, eq=False)
class DocumentTable:
    """What later stages need of each document besides its text: one entry a document, in the order of the documents.

    ids: the article ids. languages: (documents,), as in `Document`. scripts: the ISO 15924 code of the script that most
    letters of a document are in. days: float64, (documents,), the publication date in days since 1970, NaN if unknown.
    sentences: int64, (documents,), how many sentences each has. characters: int32, (sentences of all documents,), the
    length of each sentence. dropped: int64, (documents,), how many pieces of text cleaning removed.
    """

    ids: tuple[str, ...]
    languages: NDArray[np.str_]
    scripts: tuple[str, ...]
    days: NDArray[np.float64]
    sentences: NDArray[np.int64]
    characters: NDArray[np.int32]
    dropped: NDArray[np.int64]

    @classmethod
    def of(cls, documents: Iterable[Document], folder: Path | None = None) -> DocumentTable:
        """The table of some documents, in one pass over them; `folder` is where large arrays are stored."""
        ids, languages, scripts = list[str](), list[str](), list[str]()
        days, sentences, dropped = list[float](), list[int](), list[int]()
        characters = Spool(np.int32, None, folder)
        for document in documents:
            ids.append(document.article.id)
            languages.append(document.language)
            scripts.append(script_of(" ".join(document.sentences)))
            days.append(days_since_epoch(document.article.published))
            sentences.append(len(document.sentences))
            characters.append(np.array(list(map(len, document.sentences)), np.int32))
            dropped.append(len(document.dropped))
        return cls(
            ids=tuple(ids),
            languages=np.array(languages, np.str_),
            scripts=tuple(scripts),
            days=np.array(days, np.float64),
            sentences=np.array(sentences, np.int64),
            characters=characters.array(),
            dropped=np.array(dropped, np.int64),
        )

    def __len__(self) -> int:
        return len(self.ids)
