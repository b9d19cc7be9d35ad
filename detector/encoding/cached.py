"""Encoding shard by shard. Each shard is written to the cache before the next begins, so a run can stop and resume.

Articles in the cache are not encoded again. An article has the same vectors from the cache, from this shard or from
another, because sentence vectors are always rounded to the precision of the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np

from detector.encoding.cache import ArticleVectors, EmbeddingCache, article_key
from detector.encoding.protocol import BasicEncoder, CompleteEncoder, Progress
from detector.execution.spool import Spool
from detector.records import Embeddings

# Articles of a shard: enough to find windows of equal length for a batch, few enough that a killed run loses little.
SHARD = 512
# On graphics cards, whose batches are larger.
SHARD_ON_CARDS = 16384

Sentences = Sequence[str]


class CachedEncoder(CompleteEncoder):
    """An encoder that looks in the cache first, and keeps large arrays on disk.

    cache: the file that holds the vectors of earlier runs. If it is None, or if the encoder has no `fingerprint`,
    nothing is cached. folder: for large arrays, as for `Spool`. `cached_articles` counts the articles that were in
    the cache, `written_articles` those that were added to it; a later run encodes neither again.
    """

    def __init__(self, encoder: BasicEncoder, cache: Path | None = None, folder: Path | None = None) -> None:
        super().__init__(encoder)
        self.cache, self.folder = cache, folder
        self.cached_articles = self.written_articles = 0

    def with_windows(self, tokens: int) -> CachedEncoder:
        """The same cached encoder with windows of at most `tokens` tokens, if the encoder has windows."""
        return CachedEncoder(super().with_windows(tokens).encoder, self.cache, self.folder)

    def encode(self, articles: Sequence[Sentences], progress: Progress | None = None) -> Embeddings:
        """Vectors of every article and sentence, of length 1; sentence vectors are float16.

        An interrupt is raised again with a note (PEP 678) of how many articles are cached.
        """
        collected: _CollectedVectors | None = None
        with self._open_cache() as cache:
            try:
                for vectors in self._vectors(articles, cache, progress):
                    collected = collected or _CollectedVectors(len(vectors.article), self.folder)
                    collected.add(vectors)
            except KeyboardInterrupt as interrupt:
                if cache:
                    cached = self.cached_articles + self.written_articles
                    interrupt.add_note(f"{cached:,} of {len(articles):,} articles are cached")
                raise
        if collected:
            return collected.embeddings()
        empty = self.encoder.encode([])
        return replace(empty, sentences=empty.sentences.astype(np.float16))

    def _open_cache(self) -> AbstractContextManager[EmbeddingCache | None]:
        if self.cache is None or self.fingerprint is None:
            return nullcontext()
        return EmbeddingCache.open(self.cache)

    def _vectors(
        self, articles: Sequence[Sentences], cache: EmbeddingCache | None, progress: Progress | None
    ) -> Iterator[ArticleVectors]:
        """The vectors of each article, in order, encoded shard by shard."""
        shard = SHARD if self.on_processor else SHARD_ON_CARDS
        for start in range(0, len(articles), shard):
            yield from self._shard(list(articles[start : start + shard]), cache, progress)

    def _shard(
        self, articles: Sequence[Sentences], cache: EmbeddingCache | None, progress: Progress | None
    ) -> Iterator[ArticleVectors]:
        """The vectors of each article, in order; the same text is encoded once."""
        fingerprint = (self.fingerprint if cache else None) or ""
        keys = [article_key(fingerprint, article) for article in articles]
        vectors = cache.get(list(dict.fromkeys(keys))) if cache else {}
        missing = {key: article for key, article in zip(keys, articles, strict=True) if key not in vectors}
        self.cached_articles += sum(key in vectors for key in keys)
        if progress:
            progress(sum(map(len, articles)) - sum(map(len, missing.values())))
        if missing:
            encoded = self.encoder.encode(list(missing.values()), progress)
            new = dict(zip(missing, vectors_by_article(encoded), strict=True))
            if cache and cache.put(new):
                self.written_articles += sum(key in new and new[key].finite for key in keys)
            vectors |= new
        yield from (vectors[key] for key in keys)


class _CollectedVectors:
    """Collects the vectors of one article after another into one `Embeddings`."""

    def __init__(self, dimensions: int, folder: Path | None) -> None:
        self.articles = Spool(np.float32, dimensions, folder)
        self.sentences = Spool(np.float16, dimensions, folder)
        self.windows = Spool(np.int64, None, folder)
        self.sizes: list[int] = []
        self.window_count = 0
        self.shares_windows = True

    def add(self, vectors: ArticleVectors) -> None:
        self.articles.append(vectors.article[None])
        self.sentences.append(vectors.sentences)
        self.sizes.append(len(vectors.sentences))
        self.shares_windows &= vectors.windows is not None
        if vectors.windows is not None and len(vectors.windows):
            self.windows.append(vectors.windows + self.window_count)
            self.window_count += int(vectors.windows.max()) + 1

    def embeddings(self) -> Embeddings:
        offsets = np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)
        windows = self.windows.array() if self.shares_windows else None
        return Embeddings(self.articles.array(), self.sentences.array(), offsets, windows)


def vectors_by_article(embeddings: Embeddings) -> Iterator[ArticleVectors]:
    """The vectors of each article on its own: sentences in float16, windows numbered from 0."""
    for index, article in enumerate(embeddings.articles):
        rows = slice(embeddings.offsets[index], embeddings.offsets[index + 1])
        windows = None if embeddings.windows is None else embeddings.windows[rows]
        if windows is not None and len(windows):
            windows = windows - windows.min()
        yield ArticleVectors(article, embeddings.sentences[rows].astype(np.float16), windows)
