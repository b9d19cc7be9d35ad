"""Encoding shard by shard: each shard is encoded, kept and put away before the next, so a run can end and go on.

What the cache holds is not encoded again. Vectors are the same whether they come from the cache, from this shard or
from another: sentence vectors always have the precision in which they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np

from detector.encoding.cache import ArticleVectors, EmbeddingCache, article_key
from detector.encoding.encoder import Encoder, Progress
from detector.execution.spool import Spool
from detector.records import Embeddings

# Articles of a shard: enough to find windows of equal length for a batch, few enough that little is lost by a kill.
SHARD = 512
# On graphics cards, whose batches are larger.
SHARD_ON_CARDS = 16384

Sentences = Sequence[str]


class CachedEncoder:
    """An encoder whose vectors are kept: in the file `cache` from run to run, and on the disk where they are many.

    `cache` None keeps nothing beyond the run, as does an encoder without a `fingerprint`: a text that tells its model,
    with everything its vectors hang on, from every other. `folder`: where large arrays lie. `found` counts the articles
    that were in the cache.
    """

    def __init__(self, encoder: Encoder, cache: Path | None = None, folder: Path | None = None) -> None:
        self.encoder, self.name = encoder, encoder.name
        self.cache = cache if hasattr(encoder, "fingerprint") else None
        self.folder = folder
        self.found = 0

    def with_windows(self, tokens: int) -> CachedEncoder:
        """The same reading windows of at most so many tokens, where the encoder can."""
        encoder = self.encoder.with_windows(tokens) if hasattr(self.encoder, "with_windows") else self.encoder
        return CachedEncoder(encoder, self.cache, self.folder)

    def encode(self, articles: Sequence[Sentences], progress: Progress | None = None) -> Embeddings:
        """Vectors of every article and sentence, of length 1; sentence vectors are float16."""
        gathered: _Gathered | None = None
        with EmbeddingCache.open(self.cache) if self.cache else nullcontext() as cache:
            shard = SHARD if getattr(self.encoder, "on_processor", True) else SHARD_ON_CARDS
            for start in range(0, len(articles), shard):
                for vectors in self._shard(list(articles[start : start + shard]), cache, progress):
                    gathered = gathered or _Gathered(len(vectors.article), self.folder)
                    gathered.add(vectors)
        if gathered:
            return gathered.embeddings()
        nothing = self.encoder.encode([])
        return replace(nothing, sentences=nothing.sentences.astype(np.float16))

    def _shard(
        self, articles: Sequence[Sentences], cache: EmbeddingCache | None, progress: Progress | None
    ) -> Iterator[ArticleVectors]:
        """The vectors of each article, in order; the same text is encoded once."""
        fingerprint = str(getattr(self.encoder, "fingerprint", "")) if cache else ""
        keys = [article_key(fingerprint, article) for article in articles]
        vectors = cache.get(list(dict.fromkeys(keys))) if cache else {}
        missing = {key: article for key, article in zip(keys, articles, strict=True) if key not in vectors}
        self.found += sum(key in vectors for key in keys)
        if progress:
            progress(sum(map(len, articles)) - sum(map(len, missing.values())))
        if missing:
            fresh = dict(zip(missing, apart(self.encoder.encode(list(missing.values()), progress)), strict=True))
            if cache:
                cache.put(fresh)
            vectors |= fresh
        yield from (vectors[key] for key in keys)


class _Gathered:
    """Vectors of one article after the other, on their way to one `Embeddings`."""

    def __init__(self, dimensions: int, folder: Path | None) -> None:
        self.articles = Spool(np.float32, dimensions, folder)
        self.sentences = Spool(np.float16, dimensions, folder)
        self.windows = Spool(np.int64, None, folder)
        self.sizes: list[int] = []
        self.windows_so_far = 0
        self.shared = True

    def add(self, vectors: ArticleVectors) -> None:
        self.articles.append(vectors.article[None])
        self.sentences.append(vectors.sentences)
        self.sizes.append(len(vectors.sentences))
        self.shared &= vectors.windows is not None
        if vectors.windows is not None and len(vectors.windows):
            self.windows.append(vectors.windows + self.windows_so_far)
            self.windows_so_far += int(vectors.windows.max()) + 1

    def embeddings(self) -> Embeddings:
        offsets = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        windows = self.windows.array() if self.shared else None
        return Embeddings(self.articles.array(), self.sentences.array(), offsets, windows)


def apart(embeddings: Embeddings) -> Iterator[ArticleVectors]:
    """The vectors of each article on their own, its sentences in half precision, its windows numbered from 0."""
    for place, article in enumerate(embeddings.articles):
        rows = slice(embeddings.offsets[place], embeddings.offsets[place + 1])
        windows = None if embeddings.windows is None else embeddings.windows[rows]
        if windows is not None and len(windows):
            windows = windows - windows.min()
        yield ArticleVectors(article, embeddings.sentences[rows].astype(np.float16), windows)
