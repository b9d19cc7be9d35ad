"""What a detection found: stories and pairs, to look at, explain, threshold again and save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detector.execution.spool import release
from detector.pairs.alignment import align_pair
from detector.pairs.batch import Batch
from detector.pairs.clauses import ClauseReader
from detector.pairs.features import PairFeatures, pair_features
from detector.pairs.relations import relation_codes
from detector.pairs.scoring import Scorer, Scores
from detector.records import Document, Embeddings, Evidence, Pair, Rejected, Relation, Story
from detector.stories.building import build_stories
from detector.stories.clustering import Clusters, cluster

if TYPE_CHECKING:
    import pandas as pd

# Pairs below are of no interest to anyone unless asked for: they are different stories.
REPORTING_FLOOR = 0.2
# Relations in which one article was made from the other.
TAKEN = ("translation", "copy", "partial reuse")


@dataclass(frozen=True)
class Result:
    """The stories of a batch of articles.

    documents: sorted by article id; those of a big batch are read from a file whenever they are asked for. rejected:
    what could not be read. threshold: the probability from which articles are one story. run: versions, model, profile,
    options, counts and seconds a stage. unread_dates: how many articles have a date that could not be read. reader:
    reads articles clause by clause, None where vectors were given. copy_of: in big batches, the article that each is a
    copy of (see `detector.pairs.near_duplicates`).
    """

    documents: Sequence[Document]
    rejected: tuple[Rejected, ...]
    threshold: float
    run: Mapping[str, Any]
    batch: Batch
    evidence: PairFeatures
    scores: Scores
    scorer: Scorer
    unread_dates: int = 0
    reader: ClauseReader | None = None
    copy_of: NDArray[np.int64] | None = None

    @cached_property
    def clusters(self) -> Clusters:
        """The story number of each document, and which documents are roundups."""
        evidence = self.evidence
        coverage = np.stack([evidence.coverage_a, evidence.coverage_b], 1)
        release(evidence.coverage_a, evidence.coverage_b)
        return cluster(
            len(self.documents), evidence.pairs, self.scores.probability, coverage, self.threshold, self.copy_of
        )

    @property
    def labels(self) -> NDArray[np.int64]:
        """The story number of each document, (documents,)."""
        return self.clusters.labels

    @property
    def roundups(self) -> NDArray[np.bool_]:
        """Which documents are roundups, news in brief or tickers that touch many stories, (documents,)."""
        return self.clusters.roundups

    @cached_property
    def stories(self) -> list[Story]:
        """Every story, biggest first; each article is in exactly one, one that joined nothing in a story of one."""
        return build_stories(self.documents, self.clusters, self.evidence.pairs, self.scores.probability, self.copy_of)

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs above the reporting floor, most probable first."""
        return self.scored(min(REPORTING_FLOOR, self.threshold))

    @property
    def embeddings(self) -> Embeddings:
        """The language-neutral vectors of articles and sentences, in the order of `documents`."""
        return self.batch.neutral

    def scored(self, minimum_probability: float) -> list[Pair]:
        """Every candidate pair at or above a probability, most probable first, then by ids."""
        chosen = np.flatnonzero(self.scores.probability >= minimum_probability)
        a, b = self.evidence.pairs[chosen].T
        order = np.lexsort((b, a, -self.scores.probability[chosen]))
        return [self.listed(int(number)) for number in chosen[order]]

    def pair(self, article_a: str, article_b: str, *, clauses: bool = True) -> Pair:
        """What is said of two articles, with its evidence, candidate or not. Raises `KeyError` for an unknown id.

        Where one was taken from the other, what it adds inside sentences is looked for unless `clauses` is False.
        """
        a, b = sorted((self._place(article_a), self._place(article_b)))
        pairs = np.array([[a, b]], np.int64)
        listed = self._row(a, b)
        evidence = pair_features(self.batch, pairs) if listed is None else self.evidence.rows(slice(listed, listed + 1))
        scores = self.scorer.score(evidence, self.batch.across(pairs), self.threshold)
        pair = self._said(evidence, scores, 0)
        # Two reports of one story differ in nearly every clause; only what was taken over is read so closely.
        reader = self.reader if clauses and pair.relation in TAKEN else None
        return replace(pair, evidence=align_pair(self.batch, a, b, self.scorer.contributions(evidence), reader))

    def explain(self, article_a: str, article_b: str, *, clauses: bool = True) -> Evidence:
        """The evidence between two articles: aligned sentences, shared names and numbers, what only one tells.

        Side a is the article whose id sorts first; `clauses` as in `pair`. Raises `KeyError` for an unknown id.
        """
        evidence = self.pair(article_a, article_b, clauses=clauses).evidence
        assert evidence is not None
        return evidence

    def read_ahead(self, pairs: Iterable[Pair]) -> None:
        """Read at once what `explain` would read pair by pair; it takes less time and changes nothing else."""
        if self.reader is not None:
            ids = {id for pair in pairs if pair.relation in TAKEN for id in (pair.article_a, pair.article_b)}
            self.reader.read(sorted(map(self._place, ids)))

    def rethreshold(self, threshold: float) -> Result:
        """The result at another threshold, 0 to 1; nothing is encoded or scored again."""
        check_threshold(threshold)
        same = self.scores.probability >= threshold
        relation = relation_codes(
            self.scorer.model.relations, same, self.batch.across(self.evidence.pairs), self.evidence
        )
        options = {**self.run.get("options", {}), "threshold": threshold}
        fresh = replace(
            self,
            threshold=threshold,
            scores=replace(self.scores, relation=relation),
            run={**self.run, "options": options},
        )
        counts = {**(self.run.get("counts") or self.counts()), **fresh._story_counts()}
        return replace(fresh, run={**fresh.run, "counts": counts})

    def with_pairs(self, evidence: PairFeatures, scores: Scores) -> Result:
        """The same batch with other candidate pairs."""
        return replace(self, evidence=evidence, scores=scores)

    def counts(self) -> dict[str, int]:
        """How many articles, languages, pairs, stories and roundups there are."""
        return {
            "articles": len(self.documents),
            "rejected": len(self.rejected),
            "unread_dates": self.unread_dates,
            "languages": len(np.unique(self.batch.languages)),
            "sentences": len(self.batch.neutral.sentences),
            "dropped": sum(len(document.dropped) for document in self.documents),
            "candidates": len(self.evidence.pairs),
            **self._story_counts(),
        }

    def _story_counts(self) -> dict[str, int]:
        several = [story for story in self.stories if len(story) > 1]
        return {
            "stories": len(self.stories),
            "stories_of_two_or_more": len(several),
            "stories_across_languages": sum(len(story.languages) > 1 for story in several),
            "roundups": int(self.roundups.sum()),
        }

    def pairs_frame(self, minimum_probability: float | None = None) -> pd.DataFrame:
        """The pairs as a table, one row a pair, with the columns of pairs.csv."""
        import pandas as pd

        pairs = self.pairs if minimum_probability is None else self.scored(minimum_probability)
        names = [name for name in Pair.__dataclass_fields__ if name not in ("contained", "evidence")]
        return pd.DataFrame([{name: getattr(pair, name) for name in names} for pair in pairs], columns=names)

    def stories_frame(self) -> pd.DataFrame:
        """The articles as a table, one row an article, with its story and its probability of belonging there."""
        import pandas as pd

        rows = [
            {
                "story_id": story.id,
                "article_id": article.id,
                "language": self.batch.languages[self._place(article.id)].item(),
                "title": article.title,
                "source": article.source,
                "published": article.published,
                "probability": membership,
                "representative": place == story.representative_place,
            }
            for story in self.stories
            for place, (article, membership) in enumerate(zip(story.articles, story.membership, strict=True))
        ]
        return pd.DataFrame(rows)

    def save(
        self,
        folder: str | PathLike[str],
        minimum_probability: float | None = None,
        *,
        parquet: bool = False,
        excel: bool = False,
    ) -> None:
        """Write the report: every file of it into `folder`; see `detector.reporting.write_report`."""
        from detector.reporting import write_report

        write_report(self, folder, minimum_probability, parquet=parquet, excel=excel)

    def _repr_html_(self) -> str:
        from detector.reporting.notebook import result_html

        return result_html(self)

    def __repr__(self) -> str:
        counts = self.counts()
        return (
            f"<Result: {counts['articles']} articles, {counts['stories_of_two_or_more']} stories of two or more, "
            f"{counts['stories_across_languages']} across languages>"
        )

    def listed(self, number: int) -> Pair:
        """The pair with this number among the candidates."""
        return self._said(self.evidence, self.scores, number)

    def _said(self, evidence: PairFeatures, scores: Scores, number: int) -> Pair:
        a, b = evidence.pairs[number]
        apart = float(evidence.days_apart[number])
        relation = Relation.of_code(scores.relation[number])
        held = a if evidence.reuse_a[number] > evidence.reuse_b[number] else b
        return Pair(
            article_a=self._ids[a],
            article_b=self._ids[b],
            probability=float(scores.probability[number]),
            similarity=float(scores.similarity[number]),
            cosine=float(evidence.cosine[number]),
            coverage_a=float(evidence.coverage_a[number]),
            coverage_b=float(evidence.coverage_b[number]),
            relation=relation,
            language_a=str(self.batch.languages[a]),
            language_b=str(self.batch.languages[b]),
            days_apart=None if np.isnan(apart) else apart,
            contained=self._ids[held] if relation == "partial reuse" else None,
        )

    @cached_property
    def _rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The candidate pairs, each as one number, in rising order, and the row of each."""
        numbers = self.evidence.pairs @ np.array([len(self.documents), 1])
        order = np.argsort(numbers)
        return numbers[order], order

    def _row(self, a: int, b: int) -> int | None:
        """The number of a pair among the candidates; None where it is none."""
        numbers, order = self._rows
        number = a * len(self.documents) + b
        place = int(np.searchsorted(numbers, number))
        return int(order[place]) if place < len(numbers) and numbers[place] == number else None

    @cached_property
    def _ids(self) -> list[str]:
        return [document.article.id for document in self.documents]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id: place for place, id in enumerate(self._ids)}

    def _place(self, article: str) -> int:
        if article not in self._places:
            raise KeyError(f"no article {article!r} in this result")
        return self._places[article]


def check_threshold(threshold: float) -> None:
    """Raises `ValueError` where a threshold is no probability."""
    if not 0 <= threshold <= 1:
        raise ValueError(f"threshold is {threshold}; a probability lies between 0 and 1")
