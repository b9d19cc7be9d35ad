"""The commands: thin callers of the library.

Exit codes: 0 done; 1 with --strict if any record was rejected; 2 nothing to do or unusable arguments; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from detector.cli.arguments import model_options, parser, reading_options
from detector.cli.fitting_arguments import source_weights

if TYPE_CHECKING:
    from detector.reading import Reading
    from detector.records import Article, Rejected

# Rejected records that are printed one by one; the others are counted by reason.
REJECTED_LISTED = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        # Leaving the block restores `showwarning` for a program that calls this function.
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_: print_line(f"note: {message}")
            return _run_command(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, ModuleNotFoundError) as error:
        print_line(str(error))
        return 2
    except KeyboardInterrupt as interrupt:
        # The encoder notes how many articles are cached.
        cached = "".join(f"{note}; " for note in getattr(interrupt, "__notes__", ()))
        resume = "" if getattr(options, "no_cache", True) else " to resume"
        advice = f"{cached}run the same command again{resume}."
        print_line(f"interrupted: output incomplete. {advice[0].upper()}{advice[1:]}")
        return 130


def _run_command(options: argparse.Namespace) -> int:
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "report": run_report,
        "compare": run_compare,
        "score": run_score,
        "evaluate": run_evaluate,
        "fit-profile": run_fit_profile,
        "fit-background": run_fit_background,
        "fit-adapter": run_fit_adapter,
    }
    return commands[options.command](options)


def print_line(line: str) -> None:
    """Print one line to stderr, whatever characters a file name or message has."""
    text = " ".join(line.split())
    print("detector: " + text.encode("utf-8", "backslashreplace").decode("utf-8"), file=sys.stderr)


def run_report(options: argparse.Namespace) -> int:
    """`detector report`: find the stories and write every file of the report."""
    from rich.console import Console

    from detector.detector import StoryDetector
    from detector.reading import read_articles
    from detector.reporting import check_output
    from detector.reporting.terminal import StoriesView
    from detector.result import check_probability

    for name in ("threshold", "storyline_threshold", "minimum_probability"):
        if (value := getattr(options, name)) is not None:
            check_probability(f"--{name.replace('_', '-')}", value)
    reading = read_articles(options.inputs, versions=options.versions, **reading_options(options))
    # Checked before the long work, so that a wrong folder or a missing package is reported at once.
    check_output(options.output, parquet=options.parquet)
    detector = StoryDetector(
        **model_options(options),
        profile=options.profile,
        threshold=options.threshold,
        storyline_threshold=options.storyline_threshold,
        window_days=options.window_days,
        progress=False if options.quiet else None,
    )
    result = detector.detect(reading)
    result.save(options.output, options.minimum_probability, parquet=options.parquet, excel=options.excel)
    if not options.quiet:
        _print_fields(result.run["reading"]["fields"])
    _print_rejected(result.rejected, ", listed in rejected.jsonl")
    for language, used in result.run["profile"]["languages_without_statistics"].items():
        print_line(f"note: no statistics for language {language!r}: those of {used} are used")
    if not options.quiet:
        Console().print(StoriesView(result, str(options.output / "report.html")), crop=False)
    return 1 if options.strict and any(not record.superseded for record in result.rejected) else 0


def run_compare(options: argparse.Namespace) -> int:
    """`detector compare`: print the scores and the evidence of two articles."""
    from rich.console import Console

    from detector.detector import StoryDetector
    from detector.reading import read_articles
    from detector.reporting.comparison import PairView

    articles = [
        _single_article(read_articles(path, **reading_options(options)), path) for path in (options.a, options.b)
    ]
    if articles[0].id == articles[1].id:
        raise ValueError(f"{options.a} and {options.b} hold the same article id {articles[0].id!r}")
    result = StoryDetector(**model_options(options)).detect(articles)
    pair = result.pair(articles[0].id, articles[1].id)
    Console().print(PairView(pair, *result.documents))
    return 0


def run_score(options: argparse.Namespace) -> int:
    """`detector score`: write the scores of given pairs."""
    from detector.comparing import score_pairs
    from detector.reading.given_pairs import read_pairs
    from detector.reporting.scores import write_scores

    pairs, rejected = read_pairs(options.pairs)
    scored = score_pairs(pairs, **model_options(options), progress=False if options.quiet else None)
    write_scores(scored, options.output)
    _print_rejected(rejected)
    if not options.quiet:
        print(f"{len(scored)} pairs: {options.output}")
    return 1 if options.strict and rejected else 0


def run_evaluate(options: argparse.Namespace) -> int:
    """`detector evaluate`: print how well the stories found match the labels."""
    import json

    from rich.console import Console

    from detector.evaluation.evaluate import evaluate_file
    from detector.evaluation.figures_table import figures_table

    thresholds = {"threshold": options.threshold, "storyline_threshold": options.storyline_threshold}
    figures = evaluate_file(options.labelled, **model_options(options), **thresholds)
    Console(stderr=True).print(figures_table(figures))
    text = json.dumps(figures, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def run_fit_profile(options: argparse.Namespace) -> int:
    """`detector fit-profile`: learn a profile and write it."""
    from detector.fitting.fit_profile import fit_profile
    from detector.profile.adapter import ADAPTER_FILE

    if not options.adapters and (options.output / ADAPTER_FILE).exists():
        raise ValueError(f"{options.output} holds an adapter; name it with --adapters, or write to another folder")

    profile = fit_profile(
        options.model,
        parallel=options.parallel,
        pairs=options.pairs,
        stories=options.stories,
        adapters=options.adapters,
        weights=source_weights(options),
        cache=options.cache,
    )
    profile.save(options.output)
    size = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"profile {profile.name}: {len(profile.groups)} groups, {size / 1e6:.2f} MB: {options.output}")
    return 0


def run_fit_background(options: argparse.Namespace) -> int:
    """`detector fit-background`: learn a background from articles and write it."""
    from detector.fitting.background import fit_background
    from detector.reading import read_articles

    reading = read_articles(options.inputs, **reading_options(options))
    how = {name: value for name, value in model_options(options).items() if name != "background"}
    progress = False if options.quiet else None
    name = options.name or options.output.resolve().name
    background = fit_background(reading.articles, name, **how, profile=options.profile, progress=progress)
    background.save(options.output)
    _print_rejected(reading.rejected)
    if not options.quiet:
        added = background.provenance["articles"]
        print(f"background {name}: {added:,} articles, {len(background.keys):,} terms: {options.output}")
    return 1 if options.strict and any(not record.superseded for record in reading.rejected) else 0


def run_fit_adapter(options: argparse.Namespace) -> int:
    """`detector fit-adapter`: learn an adapter and write it."""
    from detector.fitting.adapter.fit_adapter import fit_adapter
    from detector.fitting.adapter.training import Settings
    from detector.profile.adapter import ADAPTER_FILE

    adapter = fit_adapter(
        options.model,
        output=options.output,
        pairs=options.pairs,
        stories=options.stories,
        parallel=options.parallel,
        settings=Settings(
            options.steps, options.batch, options.tokens, options.rank, options.learning_rate, options.seed
        ),
        half=options.half,
        weights=source_weights(options),
        licences=options.licences,
        resume=options.resume,
    )
    size = (options.output / ADAPTER_FILE).stat().st_size
    print(f"adapter of {adapter.model}: {len(adapter.layers)} layers, {size / 1e6:.2f} MB: {options.output}")
    return 0


def _single_article(reading: Reading, path: str) -> Article:
    articles = reading.articles
    if len(articles) == 1:
        return articles[0]
    # An empty folder has neither articles nor rejected records.
    reason = reading.rejected[0].reason if reading.rejected and not articles else f"this one has {len(articles)}"
    raise ValueError(f"{path}: give a file with a single article; {reason}")


def _print_fields(fields: Mapping[str, Mapping[str, int]]) -> None:
    """Print the names that fields were read from, unless they are the fields' own."""
    read = (
        f"{field} = " + ", ".join(f"{name} ({count})" for name, count in names.items())
        for field, names in fields.items()
        if set(names) != {field}
    )
    if line := "; ".join(read):
        print_line(f"fields read: {line}")


def _print_rejected(records: Sequence[Rejected], listed: str = "") -> None:
    """Print the first rejected records, one per line; if there are more, the count of each reason; then the total.

    listed: where to find all of them, to end a line with.
    """
    from detector.reading.mapping.messages import kind_of_reason

    rejected = [record for record in records if not record.superseded]
    for record in rejected[:REJECTED_LISTED]:
        source = record.path if record.record is None else f"{record.path}, record {record.record}"
        print_line(f"rejected {source}: {record.reason}")
    if len(rejected) > REJECTED_LISTED:
        for reason, count in Counter(kind_of_reason(record.reason) for record in rejected).most_common():
            print_line(f"{count} rejected: {reason}")
    if rejected:
        print_line(f"{len(rejected)} rejected{listed}")
    if superseded := len(records) - len(rejected):
        print_line(f"note: {superseded} earlier versions or repeated records skipped{listed}")
