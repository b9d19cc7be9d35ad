"""Speed from articles to stories, against the obvious script on the same articles in the same run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from detector.detector import StoryDetector
from detector.reading import read_articles
from tests.benchmarks.compared_encoders import our_encoders, plain_model, plain_text
from tests.benchmarks.timing import timed

BASELINE = "encode in float32, cut at 512 tokens, and community_detection"


def pipeline(data: Path) -> dict[str, Any]:
    """Seconds from articles to stories and to the written report, and those of the obvious script.

    The obvious script is what a user would write: `SentenceTransformer.encode`, then `community_detection`.
    """
    from sentence_transformers.util import community_detection

    articles = read_articles(data).articles
    rows: dict[str, Any] = {}
    for name, encoder in our_encoders().items():
        detector = StoryDetector(model=encoder, cache=False, progress=False)
        detector.detect(articles[:4])
        seconds, result = timed(partial(detector.detect, articles))
        with TemporaryDirectory() as folder:
            report, _ = timed(partial(result.save, folder))
        rows[name] = {"seconds": seconds, "stages": result.run["seconds"]}
        rows[f"{name}, with the report"] = {"seconds": seconds + report}

    plain = plain_model()
    texts = list(map(plain_text, articles))
    plain.encode(texts[:4], show_progress_bar=False)

    def obvious_script() -> Any:
        vectors = plain.encode(texts, convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False)
        return community_detection(vectors, min_community_size=2, threshold=0.9)

    baseline, _ = timed(obvious_script)
    rows[BASELINE] = {"seconds": baseline}
    for row in rows.values():
        row["times_as_fast"] = baseline / row["seconds"]
    return {"articles": len(articles), "ways": rows}
