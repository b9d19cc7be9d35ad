"""How fast each format is read, and in how much memory.

    python -m tests.benchmarks.reading_speed [DATA] [--articles 20000] [--gigabytes 5]

DATA is a folder or file of articles (default: seeds/). From them `--articles` articles are made and written in every
format to a temporary folder (see `format_writers`), then so many that JSON Lines of them fill `--gigabytes`. Each file
is read by `read_articles` in a process of its own, so that its peak memory can be measured, and every article has to
be read. The result is written as JSON beside the other tables. A format whose packages are missing is noted there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from detector.execution.resources import peak_memory
from detector.reading import read_articles
from detector.records import Article
from tests.benchmarks.format_writers import WRITERS, json_line
from tests.benchmarks.generated_articles import generated_articles
from tests.benchmarks.resources import reset_peak
from tests.benchmarks.results_files import RESULTS, write_results
from tests.benchmarks.timing import timed

GIGABYTE = 10**9


def measured(base: Sequence[Article], articles: int, gigabytes: float) -> Iterator[tuple[str, dict[str, Any]]]:
    """The name and the figures of each format, then of one large JSON Lines file."""
    for name, writer in WRITERS.items():
        with TemporaryDirectory() as folder:
            path = Path(folder) / writer.name
            if missing := writer.missing:
                yield name, {"missing": missing}
            else:
                writer.write(path, islice(generated_articles(base), articles))
                yield name, read_alone(path, articles)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.jsonl"
        yield f"JSON Lines, {gigabytes:g} GB", read_alone(path, write_large(path, base, gigabytes * GIGABYTE))


def write_large(path: Path, base: Sequence[Article], size: float) -> int:
    """Write JSON Lines of at least `size` bytes; returns the number of articles."""
    source, articles = generated_articles(base), 0
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(json_line(next(source)))
            articles += 1
    return articles


def read_alone(path: Path, articles: int) -> dict[str, Any]:
    """The figures of reading a file or folder in a process of its own. Raises SystemExit if an article is lost."""
    command = [sys.executable, "-m", "tests.benchmarks.reading_speed", "--one", str(path)]
    outcome = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    if outcome["articles"] != articles or outcome["rejected"]:
        raise SystemExit(f"{path.name}: {outcome['articles']} of {articles} articles were read; {outcome['rejected']}")
    size = sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path])) / 1e6
    rates = {"articles_per_second": articles / outcome["seconds"], "megabytes_per_second": size / outcome["seconds"]}
    return {
        "articles": articles,
        "megabytes": size,
        "seconds": outcome["seconds"],
        **rates,
        "memory_mb": outcome["memory"],
    }


def read_once(path: Path) -> dict[str, Any]:
    """The seconds, the memory in megabytes before and at the peak, and the outcome of reading in this process.

    The memory before is that of Python and the detector. The package of a format is imported when it is first read.
    """
    reset_peak()
    before = peak_memory()
    seconds, (articles, rejected) = timed(lambda: _outcomes(path))
    peak = peak_memory()
    memory = None if before is None or peak is None else {"after_importing": before / 1e6, "peak": peak / 1e6}
    return {"articles": articles, "rejected": rejected, "seconds": seconds, "memory": memory}


def _outcomes(path: Path) -> tuple[int, dict[str, int]]:
    """How many articles were read, and how many records were rejected for each reason."""
    reading = read_articles(path)
    return sum(isinstance(outcome, Article) for outcome in reading), reading.summary["rejected"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every format and write reading.json."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, nargs="?", default=Path("seeds"), metavar="DATA")
    options.add_argument("--articles", type=int, default=20_000)
    options.add_argument("--gigabytes", type=float, default=5)
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--results", type=Path, default=RESULTS, help="the folder of the JSON files")
    chosen = options.parse_args(arguments)
    if chosen.one is not None:
        print(json.dumps(read_once(chosen.one)))
        return
    rows = {}
    for name, row in measured(read_articles(chosen.data).articles, chosen.articles, chosen.gigabytes):
        rows[name] = row
        print(f"{name}: {row}", file=sys.stderr)
    write_results("reading", rows, chosen.results)


if __name__ == "__main__":
    main()
