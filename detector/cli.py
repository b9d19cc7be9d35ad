"""The command line: thin commands over the library.

Exit codes: 0 done; 1 with --strict if any record was rejected; 2 nothing to do or unusable arguments; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from detector import __version__
from detector.encoding import PRECISIONS

if TYPE_CHECKING:
    from detector.reading import Reading
    from detector.records import Article, Rejected

# Rejected records that are printed one by one; the others are counted by reason.
REJECTED_LISTED = 10

PRECISION_HELP = "number format of the model (default: the fastest native one; int8 needs detector[int8])"
MODEL_HELP = "a sentence-transformers name or folder (default: the embedded multilingual-e5-small)"
THRESHOLD_HELP = "articles are one story from this probability (default: the profile's)"


class Parser(argparse.ArgumentParser):
    """Reports a wrong argument in one line that names the help."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    main = Parser(prog="detector", description="Finds the same news story told in different languages.")
    main.add_argument("--version", action="version", version=f"detector {__version__}")
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    report = commands.add_parser("report", help="find the stories in a batch of articles and write them to a folder")
    report.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, a folder, or - for standard input")
    report.add_argument("--output", required=True, type=Path, metavar="DIR", help="the folder to write to")
    report.add_argument("--threshold", type=float, metavar="P", help=THRESHOLD_HELP)
    report.add_argument("--window-days", type=float, metavar="N", help="do not compare articles more than N days apart")
    _add_model(report)
    report.add_argument("--profile", metavar="NAME_OR_PATH", help="profile of the model (default: by the model's name)")
    report.add_argument(
        "--minimum-probability", type=float, metavar="P", help="lowest probability in pairs.csv (0: every candidate)"
    )
    report.add_argument("--parquet", action="store_true", help="also write stories.parquet and pairs.parquet")
    report.add_argument("--excel", action="store_true", help="begin the CSV files with a byte order mark, for Excel")
    _add_reading(report)
    report.add_argument(
        "--versions", choices=("latest", "all"), default="latest", help="versions to keep (default: latest)"
    )
    report.add_argument("--strict", action="store_true", help="exit with 1 if any record was rejected")
    report.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")
    report.set_defaults(run=run_report)

    compare = commands.add_parser("compare", help="compare two articles: scores and aligned sentences")
    compare.add_argument("a", metavar="A")
    compare.add_argument("b", metavar="B")
    _add_model(compare, cache=False)
    _add_reading(compare)
    compare.set_defaults(run=run_compare)

    score = commands.add_parser("score", help='score the pairs of a file: {"pair": …, "a": {article}, "b": {article}}')
    score.add_argument("pairs", metavar="PAIRS.jsonl")
    score.add_argument("--output", required=True, type=Path, metavar="SCORES.csv")
    _add_model(score)
    score.add_argument("--strict", action="store_true", help="exit with 1 if any row was rejected")
    score.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")
    score.set_defaults(run=run_score)

    evaluate = commands.add_parser("evaluate", help="measure the stories found against a `story` field")
    evaluate.add_argument("labelled", metavar="LABELLED.jsonl")
    evaluate.add_argument("--threshold", type=float, metavar="P", help=THRESHOLD_HELP)
    _add_model(evaluate)
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    evaluate.set_defaults(run=run_evaluate)

    fit = commands.add_parser("fit-profile", help="learn a profile for a model from labelled data")
    fit.add_argument("--model", metavar="NAME_OR_PATH", help=MODEL_HELP)
    fit.add_argument("--parallel", required=True, type=Path, metavar="FILE", help="translations, one sentence per line")
    fit.add_argument(
        "--pairs", required=True, type=Path, metavar="FILE", help="pairs graded by people (overall: 1 to 4)"
    )
    fit.add_argument(
        "--stories", nargs="*", default=[], type=Path, metavar="FILE", help="articles with a `story` field"
    )
    fit.add_argument("--output", required=True, type=Path, metavar="DIR", help="the folder to write the profile to")
    fit.set_defaults(run=run_fit_profile)
    return main


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--columns", metavar="FIELD=NAME,…", help="names of the fields in the input: text=corps,id=nr")
    command.add_argument("--format", metavar="NAME", help="the format of all inputs (default: by their content)")


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """The options for `read_articles`."""
    return {"columns": _columns(options.columns), "format": options.format}


def _columns(written: str | None) -> dict[str, str]:
    """Article field → name in the input, from "text=corps,id=nr". Raises `ValueError` for anything else."""
    pairs = [pair.partition("=") for pair in written.split(",")] if written else []
    if wrong := [field for field, equals, name in pairs if not (field.strip() and equals and name.strip())]:
        raise ValueError(f"--columns: {wrong[0]!r} is not FIELD=NAME; write, for example, text=corps,id=nr")
    return {field.strip(): name.strip() for field, _, name in pairs}


def _add_model(command: argparse.ArgumentParser, *, cache: bool = True) -> None:
    command.add_argument("--model", metavar="NAME_OR_PATH", help=MODEL_HELP)
    command.add_argument("--precision", choices=PRECISIONS, help=PRECISION_HELP)
    if not cache:
        command.set_defaults(cache=None, no_cache=True)
        return
    cached = command.add_mutually_exclusive_group()
    cached.add_argument("--cache", type=Path, metavar="FILE", help="cache of vectors (default: in the cache folder)")
    cached.add_argument("--no-cache", action="store_true", help="encode everything again and cache nothing")


def _model(options: argparse.Namespace) -> dict[str, Any]:
    """The options for `StoryDetector` on the model and the cache."""
    cache = not options.no_cache if options.cache is None else options.cache
    return {"model": options.model, "precision": options.precision, "cache": cache}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        # Leaving the block restores `showwarning` for a program that calls this function.
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_: print_line(f"note: {message}")
            return int(options.run(options))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, ModuleNotFoundError) as error:
        print_line(str(error))
        return 2
    except KeyboardInterrupt:
        cached = "" if getattr(options, "no_cache", True) else " to resume; articles in the cache are not encoded again"
        print_line(f"interrupted: output incomplete. Run the same command again{cached}.")
        return 130


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

    for name, value in (("--threshold", options.threshold), ("--minimum-probability", options.minimum_probability)):
        if value is not None:
            check_probability(name, value)
    reading = read_articles(options.inputs, versions=options.versions, **_reading(options))
    # Checked before the long work, so that a wrong folder or a missing package is reported at once.
    check_output(options.output, parquet=options.parquet)
    detector = StoryDetector(
        **_model(options),
        profile=options.profile,
        threshold=options.threshold,
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

    articles = [_single_article(read_articles(path, **_reading(options)), path) for path in (options.a, options.b)]
    if articles[0].id == articles[1].id:
        raise ValueError(f"{options.a} and {options.b} hold the same article id {articles[0].id!r}")
    result = StoryDetector(**_model(options)).detect(articles)
    pair = result.pair(articles[0].id, articles[1].id)
    Console().print(PairView(pair, *result.documents))
    return 0


def run_score(options: argparse.Namespace) -> int:
    """`detector score`: write the scores of given pairs."""
    from detector.detector import score_pairs
    from detector.reading.given_pairs import read_pairs
    from detector.reporting.scores import write_scores

    pairs, rejected = read_pairs(options.pairs)
    scored = score_pairs(pairs, **_model(options), progress=False if options.quiet else None)
    write_scores(scored, options.output)
    _print_rejected(rejected)
    if not options.quiet:
        print(f"{len(scored)} pairs: {options.output}")
    return 1 if options.strict and rejected else 0


def run_evaluate(options: argparse.Namespace) -> int:
    """`detector evaluate`: print how well the stories found match the labels."""
    import json

    from rich.console import Console

    from detector.evaluation.evaluate import evaluate, figures_table
    from detector.evaluation.labelled import read_labelled

    figures = evaluate(read_labelled(options.labelled), **_model(options), threshold=options.threshold)
    Console(stderr=True).print(figures_table(figures))
    text = json.dumps(figures, indent=1)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    return 0


def run_fit_profile(options: argparse.Namespace) -> int:
    """`detector fit-profile`: learn a profile and write it."""
    from detector.fitting.fit_profile import fit_profile

    profile = fit_profile(options.model, parallel=options.parallel, pairs=options.pairs, stories=options.stories)
    profile.save(options.output)
    size = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"profile {profile.name}: {len(profile.groups)} groups, {size / 1e6:.2f} MB: {options.output}")
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
