"""What a detection found: stories and pairs, to look at, explain, threshold again and save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detector.pairs.alignment import align_pair
from detector.pairs.batch import Batch
from detector.pairs.clauses import ClauseReader
from detector.pairs.features import PairFeatures, pair_features
from detector.pairs.pair_records import pair_record
from detector.pairs.relations import Thresholds
from detector.pairs.scoring import Scorer, Scores
from detector.pairs.sharding import all_pair_features, score_all
from detector.pipeline import ScoredBatch, at_thresholds, batch_counts, form_stories, story_counts
from detector.records import Document, Embeddings, Evidence, Pair, Rejected, Relation, Story, Storyline
from detector.stories.clustering import Clusters

if TYPE_CHECKING:
    import pandas as pd

# Pairs below this storyline probability are left out by default: they are different stories on different affairs.
REPORTING_FLOOR = 0.2
# Relations of which one article was made from the other.
REUSED = (Relation.TRANSLATION, Relation.COPY, Relation.PARTIAL_REUSE)


@dataclass(frozen=True)
class Result:
    """The stories and storylines of a batch of articles.

    scored_batch: the documents, their vectors, and the features and scores of the candidate pairs. clusters: the labels
    of the articles and which are roundups. stories: the biggest first; each article is in exactly one, an article that
    joined nothing in a story of one. storylines: the biggest first; each story is in exactly one. rejected: records
    that could not be read. unread_dates: how many articles have a date that could not be read. run: versions, model,
    profile, options, counts and seconds of each stage. reader: reads articles clause by clause; None if vectors were
    given.
    """

    scored_batch: ScoredBatch
    clusters: Clusters
    stories: list[Story]
    storylines: list[Storyline] = field(default_factory=list)
    rejected: tuple[Rejected, ...] = ()
    unread_dates: int = 0
    run: Mapping[str, Any] = field(default_factory=dict)
    reader: ClauseReader | None = None

    @property
    def documents(self) -> Sequence[Document]:
        """The prepared articles, sorted by id; those of a big batch are read from a file when asked for."""
        return self.batch.documents

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the articles, in the order of `documents`."""
        return self.batch.table.ids

    @property
    def threshold(self) -> float:
        """The probability from which articles are one story, 0 to 1."""
        return self.scored_batch.threshold

    @property
    def storyline_threshold(self) -> float:
        """The storyline probability from which stories are one storyline, 0 to 1."""
        return self.thresholds.storyline

    @property
    def thresholds(self) -> Thresholds:
        """Both thresholds."""
        return self.scored_batch.thresholds

    @property
    def batch(self) -> Batch:
        """What the features are computed from."""
        return self.scored_batch.batch

    @property
    def features(self) -> PairFeatures:
        """The features of the candidate pairs."""
        return self.scored_batch.features

    @property
    def scores(self) -> Scores:
        """The scores of the candidate pairs."""
        return self.scored_batch.scores

    @property
    def scorer(self) -> Scorer:
        """What turns features into scores."""
        return self.scored_batch.scorer

    @property
    def labels(self) -> NDArray[np.int64]:
        """The story of each document, numbered from 0 in the order of their first documents: (documents,)."""
        return self.clusters.labels

    @property
    def roundups(self) -> NDArray[np.bool_]:
        """Which documents are roundups, such as news in brief or tickers, which touch many stories: (documents,)."""
        return self.clusters.roundups

    @property
    def embeddings(self) -> Embeddings:
        """The language-neutral vectors of articles and sentences, in the order of `documents`."""
        return self.batch.neutral

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs above the reporting floor, those most likely of one event first."""
        return self.scored(min(REPORTING_FLOOR, self.threshold, self.storyline_threshold))

    def scored(self, minimum_probability: float) -> list[Pair]:
        """Every candidate pair of which one event, or one affair, is at least so likely.

        Those most likely of one event come first, then the ids decide.
        """
        # The storyline probability is never below the probability.
        chosen = np.flatnonzero(self.scores.storyline_probability >= minimum_probability)
        a, b = self.features.pairs[chosen].T
        order = np.lexsort((b, a, -self.scores.probability[chosen]))
        return [pair_record(self.batch.table, self.features, self.scores, row) for row in chosen[order].tolist()]

    def pair(self, article_a: str, article_b: str, *, clauses: bool = True) -> Pair:
        """The pair of two articles with its evidence, even if it is not a candidate.

        If one article was made from the other, additions inside sentences are found too, unless `clauses` is False.
        Raises `KeyError` for an unknown id.
        """
        pair, evidence = self._explained(article_a, article_b, clauses)
        return replace(pair, evidence=evidence)

    def explain(self, article_a: str, article_b: str, *, clauses: bool = True) -> Evidence:
        """The evidence between two articles: aligned sentences, shared names and numbers, what only one of them has.

        Side a is the article whose id sorts first; `clauses` as in `pair`. Raises `KeyError` for an unknown id.
        """
        _, evidence = self._explained(article_a, article_b, clauses)
        return evidence

    def story_of(self, article: str) -> Story:
        """The story that an article is in. Raises `KeyError` for an unknown id."""
        self._index(article)
        return self._story_of[article]

    def _explained(self, article_a: str, article_b: str, clauses: bool) -> tuple[Pair, Evidence]:
        a, b = sorted((self._index(article_a), self._index(article_b)))
        pairs = np.array([[a, b]], np.int64)
        row = self._row(a, b)
        features = pair_features(self.batch, pairs) if row is None else self.features.rows(slice(row, row + 1))
        scores = self.scorer.score(features, self.batch.across(pairs), self.thresholds)
        pair = pair_record(self.batch.table, features, scores, 0)
        # Two independent reports differ in nearly every clause, so only reused text is read clause by clause.
        reader = self.reader if clauses and pair.relation in REUSED else None
        read = None if reader is None else reader.of(a, b)
        return pair, align_pair(self.batch, a, b, self.scorer.contributions(features), read)

    def read_clauses(self, pairs: Iterable[Pair]) -> None:
        """Read in one go the clauses that `explain` would read for these candidate pairs one by one."""
        if self.reader is None:
            return
        wanted = set[int]()
        for pair in pairs:
            a, b = self._index(pair.article_a), self._index(pair.article_b)
            row = self._row(a, b)
            # By the relation at this threshold: the pair may come from another.
            if row is not None and Relation.of_code(self.scores.relation[row]) in REUSED:
                wanted |= {a, b}
        self.reader.read(sorted(wanted))

    def rethreshold(self, threshold: float, storyline_threshold: float | None = None) -> Result:
        """The result at another threshold, 0 to 1; nothing is encoded or scored again.

        storyline_threshold: None keeps the present one. Raises `ValueError` if a threshold is out of range.
        """
        thresholds = Thresholds(
            threshold, self.storyline_threshold if storyline_threshold is None else storyline_threshold
        )
        check_probability("threshold", thresholds.story)
        check_probability("storyline_threshold", thresholds.storyline)
        scored = at_thresholds(self.scored_batch, thresholds)
        clusters, stories, storylines = form_stories(scored)
        options = {"threshold": thresholds.story, "storyline_threshold": thresholds.storyline}
        run = {
            **self.run,
            "options": {**self.run.get("options", {}), **options},
            "counts": {**(self.run.get("counts") or self.counts()), **story_counts(clusters, stories, storylines)},
        }
        return replace(self, scored_batch=scored, clusters=clusters, stories=stories, storylines=storylines, run=run)

    def counts(self) -> dict[str, int]:
        """How many articles, languages, pairs, stories, storylines and roundups there are."""
        return {
            **batch_counts(self.scored_batch),
            "rejected": len(self.rejected),
            "unread_dates": self.unread_dates,
            **story_counts(self.clusters, self.stories, self.storylines),
        }

    def pairs_frame(self, minimum_probability: float | None = None) -> pd.DataFrame:
        """The pairs as a table, one row per pair, with the columns of pairs.csv."""
        import pandas as pd

        from detector.reporting.report_data import ReportData
        from detector.reporting.tables import PAIR_COLUMNS, pair_values

        pairs = self.pairs if minimum_probability is None else self.scored(minimum_probability)
        return pd.DataFrame(list(pair_values(ReportData(self), pairs)), columns=list(PAIR_COLUMNS))

    def stories_frame(self) -> pd.DataFrame:
        """The articles as a table, one row per article, with its story and storyline and the columns of stories.csv."""
        import pandas as pd

        from detector.reporting.report_data import ReportData
        from detector.reporting.tables import STORY_COLUMNS, story_values

        return pd.DataFrame(list(story_values(ReportData(self))), columns=list(STORY_COLUMNS))

    def relations_to_representatives(self) -> dict[str, Relation]:
        """By its id, how each article is related to the representative of its story.

        Representatives, and so the articles of stories of one, are missing.
        """
        representative = {
            id: story.article_ids[story.representative_index] for story in self.stories for id in story.article_ids
        }
        others = [id for id, chosen in representative.items() if id != chosen]
        pairs = np.array([sorted((self._index(id), self._index(representative[id]))) for id in others], np.int64)
        codes = self._relation_codes(pairs.reshape(-1, 2))
        return dict(zip(others, map(Relation.of_code, codes.tolist()), strict=True))

    def _relation_codes(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """The codes of the relations of pairs, (pairs, 2), the smaller index first, candidates or not: (pairs,)."""
        keys, order = self._rows
        wanted = pairs @ np.array([len(self.ids), 1])
        position = np.searchsorted(keys, wanted)
        known = np.append(keys, -1)[position] == wanted
        codes = np.zeros(len(pairs), np.int64)
        codes[known] = self.scores.relation[order[position[known]]]
        if not known.all():
            # In a big batch an article may not have been compared with its representative.
            features = all_pair_features(self.batch, pairs[~known])
            codes[~known] = score_all(self.scorer, self.batch, features, self.thresholds).relation
        return codes

    def save(
        self,
        folder: str | PathLike[str],
        minimum_probability: float | None = None,
        *,
        parquet: bool = False,
        excel: bool = False,
    ) -> None:
        """Write every file of the report into `folder`; see `detector.reporting.write_report`."""
        from detector.reporting import check_output, plan_report, write_report

        check_output(folder, parquet=parquet)
        plan = plan_report(self)
        # The last stage that encodes; writing only formats what is there.
        self.read_clauses(plan.read_closely)
        write_report(self, folder, minimum_probability, parquet=parquet, excel=excel, plan=plan)

    def _repr_html_(self) -> str:
        from detector.reporting.notebook import result_html

        return result_html(self)

    def __repr__(self) -> str:
        counts = self.counts()
        return (
            f"<Result: {counts['articles']} articles, {counts['stories_of_two_or_more']} stories of two or more "
            f"articles, {counts['stories_across_languages']} in several languages>"
        )

    @cached_property
    def _rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The candidate pairs, each as a single integer, in rising order, and the row of each."""
        keys = self.features.pairs @ np.array([len(self.ids), 1])
        order = np.argsort(keys)
        return keys[order], order

    def _row(self, a: int, b: int) -> int | None:
        """The row of a pair among the candidates; None if it is not one."""
        keys, order = self._rows
        key = a * len(self.ids) + b
        position = int(np.searchsorted(keys, key))
        return int(order[position]) if position < len(keys) and keys[position] == key else None

    @cached_property
    def _story_of(self) -> dict[str, Story]:
        return {id: story for story in self.stories for id in story.article_ids}

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {id: index for index, id in enumerate(self.ids)}

    def _index(self, article: str) -> int:
        if article not in self._indices:
            raise KeyError(f"no article {article!r} in this result")
        return self._indices[article]


def check_probability(name: str, value: float) -> None:
    """Raises `ValueError` if a value is not a probability; `name` is what the user called it."""
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; give a probability between 0 and 1")
