"""From articles to stories: `StoryDetector`."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from detector.encoding.adapter import check_adapter
from detector.encoding.cached import CachedEncoder
from detector.encoding.loading import EMBEDDED_MODEL, load_encoder
from detector.encoding.model_store import cache_folders, embeddings_file
from detector.encoding.precomputed import PrecomputedEmbeddings
from detector.encoding.protocol import BasicEncoder, Encoder
from detector.execution.progress import Stages
from detector.execution.record_spool import LazyMap, RecordSpool
from detector.pairs.clauses import CLAUSE_TOKENS, ClauseReader
from detector.pipeline import ScoredBatch, form_stories, score_batch
from detector.preparing import prepare
from detector.preparing.document_table import DocumentTable
from detector.profile import Profile, load_profile
from detector.profile.adapter import Adapter
from detector.profile.background import Background, load_background
from detector.reading import Reading, read_articles
from detector.records import Article, Document, Embeddings, Rejected
from detector.result import Result, check_probability


class StoryDetector(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Finds the stories in a batch of articles in any languages.

    Args:
        model: The embedded model (None), a sentence-transformers name or folder, or an `Encoder`.
        profile: Everything learned for the model: a name, a folder or a `Profile`. None takes the profile with the
            model's name; if there is none, statistics of the batch are used, with a warning. With a profile, the
            scores of a pair are the same, to the last bit, in every batch.
        background: What pairs are measured against: a folder that ``detector fit-background`` wrote, or a `Background`.
            None takes that of the profile.
        threshold: The probability, 0 to 1, from which articles are one story; None takes the profile's.
        storyline_threshold: The storyline probability, 0 to 1, from which stories are one storyline; None takes the
            profile's.
        window_days: Articles that are more days apart are not compared; articles without a date always are.
        prompt: Put before every text; None takes the model's own.
        device: The device that runs the model, such as "cpu" or "cuda" (all graphics cards); None chooses.
        precision: "float32", "bfloat16" or "int8" (on a processor: ``pip install 'detector[int8]'``); None takes
            bfloat16 if the machine multiplies it natively, else float32.
        cache: Whether vectors are cached, so that only new articles are encoded: True caches them in the user's cache
            folder (see `DETECTOR_CACHE`), a path in that file; False does not cache them.
        progress: Show a progress bar for each stage on stderr; None shows it if stderr is a terminal.

    Attributes:
        result_: The `Result` of the last `fit` or `detect`.
        labels_: The story of each article given to `fit`, numbered from 0, int64, (articles,); −1 for a rejected
            record.
    """

    def __init__(
        self,
        *,
        model: str | Path | BasicEncoder | None = None,
        profile: str | Path | Profile | None = None,
        background: str | Path | Background | None = None,
        threshold: float | None = None,
        storyline_threshold: float | None = None,
        window_days: float | None = None,
        prompt: str | None = None,
        device: str | None = None,
        precision: str | None = None,
        cache: bool | str | Path = True,
        progress: bool | None = None,
    ) -> None:
        self.model = model
        self.profile = profile
        self.background = background
        self.threshold = threshold
        self.storyline_threshold = storyline_threshold
        self.window_days = window_days
        self.prompt = prompt
        self.device = device
        self.precision = precision
        self.cache = cache
        self.progress = progress

    @classmethod
    def from_embeddings(
        cls, embeddings: Embeddings | ArrayLike, *, adapter: str | None = None, **options: Any
    ) -> StoryDetector:
        """A detector for articles whose vectors are known, in the order in which the articles will be given.

        embeddings: one vector per article, (articles, dimensions), or an `Embeddings` that also has the vectors of the
        sentences of each prepared document. Without them articles are not compared sentence by sentence. adapter: the
        `adapter` of the encoder that made the vectors, if it has one.
        """
        return cls(model=PrecomputedEmbeddings(embeddings, adapter), **options)

    def detect(self, articles: Any) -> Result:
        """Find the stories of articles: `Article`s, anything `read_articles` takes or gives, or prepared `Document`s.

        Raises `ValueError` if an option is out of range, if an option for loading a model comes with an encoder, if the
        encoder lacks the adapter of the profile that has its name, and if there is no article to compare.
        """
        _check(self.threshold, self.storyline_threshold, self.window_days)
        stages = Stages(self.progress)
        given = _outcomes(articles)
        documents, table, rejected, order = self._documents(given, stages)
        encoder, profile = self._encoder_and_profile()
        sizes = table.sentences.tolist()
        with stages.stage("encode", sum(sizes)) as advance:
            if isinstance(encoder, PrecomputedEmbeddings):
                encoder = encoder.in_order(order, sizes)
            raw = encoder.encode(LazyMap(attrgetter("sentences"), documents), advance)
        if profile is None:
            warnings.warn(
                f"no profile for model {encoder.name!r}: statistics of this batch are used, which is less exact; "
                "make a profile with: detector fit-profile",
                stacklevel=2,
            )
        scored = score_batch(
            documents,
            raw,
            self._with_background(profile),
            stages,
            table=table,
            threshold=self.threshold,
            storyline_threshold=self.storyline_threshold,
            window_days=self.window_days,
            folder=next(cache_folders()),
        )
        with stages.stage("cluster"):
            clusters, stories, storylines = form_stories(scored)
        result = Result(
            scored_batch=scored,
            clusters=clusters,
            stories=stories,
            storylines=storylines,
            rejected=rejected,
            unread_dates=given.unread_dates if isinstance(given, Reading) else 0,
            reader=_clause_reader(scored, encoder),
        )
        summary = given.summary if isinstance(given, Reading) else None
        self.result_ = replace(result, run=self._run(result, encoder, stages, summary))
        return self.result_

    def fit(self, X: Any, y: None = None) -> StoryDetector:
        """Detect the stories of `X` (as `detect`) and keep them in `result_` and `labels_`."""
        given = _outcomes(X)
        result = self.detect(given)
        label = dict(zip(result.ids, result.labels.tolist(), strict=True))
        ids = [None if isinstance(item, Rejected) else _id(item) for item in given]
        self.labels_ = np.array([-1 if id is None else label[id] for id in ids], np.int64)
        return self

    def _documents(
        self, outcomes: Iterable[Article | Document | Rejected], stages: Stages
    ) -> tuple[Sequence[Document], DocumentTable, tuple[Rejected, ...], NDArray[np.int64]]:
        """The documents by id, their table, the rejected records, and each document's index in the input."""
        folder = next(cache_folders())
        with stages.stage("read") as advance:
            given: RecordSpool[Article | Document] = RecordSpool(folder)
            ids: list[str] = []
            rejected: list[Rejected] = []
            for outcome in outcomes:
                advance(1)
                if isinstance(outcome, Rejected):
                    rejected.append(outcome)
                else:
                    given.append(outcome)
                    ids.append(_id(outcome))
        _check_ids(ids, rejected)
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
        documents: RecordSpool[Document] = RecordSpool(folder)

        def prepared(advance: Callable[[int], None]) -> Iterator[Document]:
            for item in given.records(order):
                document = item if isinstance(item, Document) else prepare(item)
                documents.append(document)
                yield document
                advance(1)

        with stages.stage("prepare", len(given)) as advance:
            table = DocumentTable.of(prepared(advance), folder)
        return documents.records(), table, tuple(rejected), order

    def _encoder_and_profile(self) -> tuple[CachedEncoder | PrecomputedEmbeddings, Profile | None]:
        """The encoder, loaded with the profile's adapter unless it was passed; and the profile, None with a warning."""
        given, how = self.model, {"prompt": self.prompt, "device": self.device, "precision": self.precision}
        if given is None or isinstance(given, str | Path):
            profile = self._profile(str(given or EMBEDDED_MODEL))
            encoder = self._cached(_loaded_encoder(given, profile and profile.adapter, **how))
        elif wrong := [name for name, value in how.items() if value is not None]:
            raise ValueError(
                f"{' and '.join(wrong)} can only be set when the detector loads the model; an encoder was passed"
            )
        else:
            profile, encoder = self._profile(given.name), self._cached(given)
        if profile:
            check_adapter(encoder, profile, named=self.profile is not None)
        return encoder, profile

    def _cached(self, encoder: BasicEncoder) -> CachedEncoder | PrecomputedEmbeddings:
        if isinstance(encoder, PrecomputedEmbeddings):
            return encoder
        cache = embeddings_file() if self.cache is True else Path(self.cache) if self.cache else None
        return CachedEncoder(encoder, cache, next(cache_folders()))

    def _profile(self, model: str) -> Profile | None:
        """The profile that was named, else that of the model; None if the model has none."""
        if isinstance(self.profile, Profile):
            return self.profile
        if self.profile is not None:
            return load_profile(self.profile)
        with suppress(FileNotFoundError):
            return load_profile(model)
        return None

    def _with_background(self, profile: Profile | None) -> Profile | None:
        """The profile with the background to use. Raises `ValueError` if a background is given for no profile."""
        if self.background is None:
            return profile
        given = self.background if isinstance(self.background, Background) else load_background(self.background)
        if profile is None:
            raise ValueError(f"background {given.name!r} needs a profile; make one with: detector fit-profile")
        return profile.with_background(given)

    def _run(
        self,
        result: Result,
        encoder: CachedEncoder | PrecomputedEmbeddings,
        stages: Stages,
        reading: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """The facts of the run, once all stages are done."""
        # Imported here: a process that writes no report need not load templates and formats when it starts.
        from detector.reporting.run_facts import model_facts, run_facts

        return run_facts(
            model=model_facts(encoder),
            scored=result.scored_batch,
            window_days=self.window_days,
            counts=result.counts(),
            seconds=stages.seconds,
            peak_memory=stages.peak_memory,
            reading=reading,
        )


@lru_cache(maxsize=1)
def _loaded_encoder(model: str | Path | None, adapter: Adapter | None, **how: str | None) -> Encoder:
    """Keeps the last encoder in memory, since loading one takes longer than comparing two articles."""
    return load_encoder(model, adapter=adapter or False, **how)


def _outcomes(articles: Any) -> Sequence[Article | Document | Rejected]:
    """Prepared documents unchanged; anything else is read."""
    if isinstance(articles, Sequence) and articles and all(isinstance(item, Document) for item in articles):
        return articles
    return articles if isinstance(articles, Reading) else read_articles(articles)


def _id(item: Article | Document) -> str:
    return item.article.id if isinstance(item, Document) else item.id


def _clause_reader(scored: ScoredBatch, encoder: CachedEncoder | PrecomputedEmbeddings) -> ClauseReader | None:
    """What reads the articles clause by clause; None if their vectors were given."""
    if isinstance(encoder, PrecomputedEmbeddings):
        return None
    return ClauseReader(scored.batch, scored.profile, encoder.with_windows(CLAUSE_TOKENS))


def _check_ids(ids: Sequence[str], rejected: Sequence[Rejected]) -> None:
    """Raises `ValueError` if there is no article, or two have the same id."""
    if not ids:
        why = "the input is empty"
        if rejected:
            why = f"every record was rejected ({len(rejected):,}), the first because: {rejected[0].reason}"
        raise ValueError(f"no article to compare: {why}")
    if len(set(ids)) < len(ids):
        repeated = next(id for id, count in Counter(ids).items() if count > 1)
        raise ValueError(f"two documents have the id {repeated!r}; give each its own")


def _check(threshold: float | None, storyline_threshold: float | None, window_days: float | None) -> None:
    for name, value in (("threshold", threshold), ("storyline_threshold", storyline_threshold)):
        if value is not None:
            check_probability(name, value)
    if window_days is not None and not window_days >= 0:
        raise ValueError(f"window_days is {window_days}; give a number of days, 0 or more")
