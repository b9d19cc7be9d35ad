"""What a user could run instead to find stories: ready-made clusterings of one vector an article, at their best cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import HDBSCAN, AgglomerativeClustering

from detector.evaluation.labelled import Labelled
from detector.evaluation.metrics import b_cubed, pairwise

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]

COSINES = tuple(np.arange(0.80, 0.99, 0.005).round(3).tolist())


@dataclass(frozen=True, slots=True)
class Method:
    """A clustering of unit vectors, (articles, dimensions), at a cut; and the cuts to try."""

    cluster: Callable[[Vectors, float], Labels]
    cuts: Sequence[float]


@dataclass(frozen=True, slots=True)
class LabelledVectors:
    """Labelled articles with a unit vector each, (articles, dimensions)."""

    labelled: Labelled
    vectors: Vectors

    @property
    def name(self) -> str:
        """The name of the set."""
        return self.labelled.name


def by_community(vectors: Vectors, cut: float) -> Labels:
    """`sentence_transformers.util.community_detection` at a cosine."""
    from sentence_transformers.util import community_detection

    labels = np.arange(len(vectors)) + len(vectors)
    for label, members in enumerate(community_detection(vectors, threshold=cut, min_community_size=2)):
        labels[members] = label
    return np.unique(labels, return_inverse=True)[1]


def by_average_linkage(vectors: Vectors, cut: float) -> Labels:
    """scikit-learn's agglomerative clustering with average linkage, down to a cosine."""
    model = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=1 - cut)
    return np.asarray(model.fit_predict(vectors))


def by_hdbscan(vectors: Vectors, cut: float) -> Labels:
    """scikit-learn's HDBSCAN with stories of two or more; `cut` is its `min_samples`."""
    labels = HDBSCAN(min_cluster_size=2, min_samples=int(cut), metric="cosine", copy=True).fit_predict(vectors)
    alone = labels < 0
    labels[alone] = labels.max() + 1 + np.arange(alone.sum())
    return np.asarray(labels)


def by_semhash(vectors: Vectors, cut: float) -> Labels:
    """SemHash's duplicates at a cosine: a story is a connected component of its duplicate records."""
    names = [str(index) for index in range(len(vectors))]
    # No model is needed: it would encode new records, and there are none.
    result = semhash().from_embeddings(vectors, names, model=None).self_deduplicate(threshold=cut)
    links = np.array([(record.record, record.duplicate_of) for record in result.filtered], int).reshape(-1, 2)
    graph = coo_array((np.ones(len(links)), tuple(links.T)), shape=(len(vectors),) * 2)
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def semhash() -> Any:
    """The class `SemHash`. Raises ModuleNotFoundError with the command to install it if the package is missing."""
    try:
        from semhash import SemHash
    except ModuleNotFoundError as missing:
        if missing.name != "semhash":
            raise
        raise ModuleNotFoundError("SemHash is not installed; type: pip install semhash", name="semhash") from None
    return SemHash


METHODS = {
    "e5-small + util.community_detection": Method(by_community, COSINES),
    "e5-small + HDBSCAN": Method(by_hdbscan, (1, 2, 3, 5)),
    "e5-small + average linkage": Method(by_average_linkage, COSINES),
    "e5-small + SemHash": Method(by_semhash, COSINES),
}


def best_cut(method: Method, sets: Sequence[LabelledVectors]) -> float:
    """The cut with the best mean pairwise F1 over the sets; the first if several are equal."""

    def mean_f1(cut: float) -> float:
        scores = [scored(method.cluster(each.vectors, cut), each.labelled)["pairwise"] for each in sets]
        return float(np.mean(scores))

    return max(method.cuts, key=mean_f1)


def scored(predicted: Labels, labelled: Labelled) -> dict[str, float]:
    """Pairwise and B-cubed F1 of predicted stories, (articles,)."""
    pairs = np.stack(np.triu_indices(len(predicted), 1), 1)
    pairs = pairs[labelled.counted(pairs)]
    together = predicted[pairs[:, 0]] == predicted[pairs[:, 1]]
    _, truth = np.unique(labelled.story, return_inverse=True)
    return {
        "pairwise": pairwise(together, labelled.same(pairs))["f1"],
        "b_cubed": b_cubed(predicted, truth, labelled.counted_matrix())["f1"],
    }
