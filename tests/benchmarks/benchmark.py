"""Measures one table and writes it as JSON. `make bench` runs it for every table.

    python -m tests.benchmarks.benchmark speed DATA      encoding, against SentenceTransformer.encode in float32
    python -m tests.benchmarks.benchmark pipeline DATA   from articles to stories, against encode and
                                                         community_detection
    python -m tests.benchmarks.benchmark stories DATA [--tune OTHER DATA]
                                                         stories, against other clusterings of e5-small vectors
    python -m tests.benchmarks.benchmark relations DATA  translation, copy, partial reuse: right or not
    python -m tests.benchmarks.benchmark languages DATA  language identification on translations
    python -m tests.benchmarks.benchmark cleaning SEEDS  what cleaning drops
    python -m tests.benchmarks.benchmark seeds SEEDS     every pair of a folder of articles

DATA are files of labelled articles (for `languages`: articles with a declared language).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.encoding_speed import speed
from tests.benchmarks.language_identification import languages
from tests.benchmarks.pipeline_speed import pipeline
from tests.benchmarks.relation_quality import relations
from tests.benchmarks.results_files import RESULTS, write_results
from tests.benchmarks.seeds import cleaning, every_pair
from tests.benchmarks.story_quality import stories

TABLES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "speed": speed,
    "pipeline": pipeline,
    "relations": relations,
    "languages": languages,
    "cleaning": cleaning,
    "seeds": every_pair,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one table, print it and write it to `--results`."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("table", choices=sorted((*TABLES, "stories")))
    options.add_argument("data", type=Path, nargs="+")
    options.add_argument(
        "--tune",
        type=Path,
        nargs="+",
        default=[],
        help="stories: choose the baselines' cuts on these (default: DATA)",
    )
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    if chosen.table == "stories":
        figures = stories(chosen.data, chosen.tune)
    elif chosen.tune:
        options.error(f"{chosen.table} has nothing to tune; --tune is for stories")
    else:
        figures = {path.name.split(".")[0]: TABLES[chosen.table](path) for path in chosen.data}
    write_results(chosen.table, figures, chosen.results)


if __name__ == "__main__":
    main()
