"""The command line: thin commands over the library. Exit code 0 done, 1 with --strict if anything was rejected, 2 for
nothing to do or unusable arguments, 130 when interrupted.
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

REJECTED_TOLD = 10
"""Rejected records that are told one by one."""

PRECISION_HELP = "what the model computes in (default: what the machine does natively; int8 needs detector[int8])"
MODEL_HELP = "a sentence-transformers name or folder (default: the embedded multilingual-e5-small)"


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and where the help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    main = Parser(prog="detector", description="Finds the same news story told in different languages.")
    main.add_argument("--version", action="version", version=f"detector {__version__}")
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    report = commands.add_parser("report", help="stories of a batch of articles, as a folder of files")
    report.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, a folder or - for standard input")
    report.add_argument("--output", required=True, type=Path, metavar="DIR", help="the folder to write")
    report.add_argument("--threshold", type=float, metavar="P", help="probability from which articles are one story")
    report.add_argument("--window-days", type=float, metavar="N", help="do not compare articles further apart")
    _add_model(report)
    report.add_argument(
        "--profile", metavar="NAME_OR_PATH", help="what was learned for the model (default: by its name)"
    )
    report.add_argument(
        "--minimum-probability", type=float, metavar="P", help="write pairs from P up; 0: every candidate"
    )
    report.add_argument("--parquet", action="store_true", help="write stories.parquet and pairs.parquet too")
    report.add_argument("--excel", action="store_true", help="mark the CSV files as UTF-8, as Excel needs")
    _add_reading(report)
    report.add_argument(
        "--versions", choices=("latest", "all"), default="latest", help="which to keep of an item (default: latest)"
    )
    report.add_argument("--strict", action="store_true", help="exit with 1 if any record was rejected")
    report.add_argument("--quiet", action="store_true", help="no progress, no summary")
    report.set_defaults(run=run_report)

    compare = commands.add_parser("compare", help="two article files: the score and the aligned sentences")
    compare.add_argument("a", metavar="A")
    compare.add_argument("b", metavar="B")
    _add_model(compare, cache=False)
    _add_reading(compare)
    compare.set_defaults(run=run_compare)

    score = commands.add_parser("score", help='score given pairs: rows {"pair": …, "a": {article}, "b": {article}}')
    score.add_argument("pairs", metavar="PAIRS.jsonl")
    score.add_argument("--output", required=True, type=Path, metavar="SCORES.csv")
    _add_model(score)
    score.add_argument("--strict", action="store_true", help="exit with 1 if any row was rejected")
    score.add_argument("--quiet", action="store_true", help="no progress, no summary")
    score.set_defaults(run=run_score)

    evaluate = commands.add_parser("evaluate", help="articles with a `story` field: how good the stories are")
    evaluate.add_argument("labelled", metavar="LABELLED.jsonl")
    evaluate.add_argument("--threshold", type=float, metavar="P", help="probability from which articles are one story")
    _add_model(evaluate)
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    evaluate.set_defaults(run=run_evaluate)

    fit = commands.add_parser("fit-profile", help="make a profile for a model from labelled data")
    fit.add_argument("--model", metavar="NAME_OR_PATH", help=MODEL_HELP)
    fit.add_argument("--parallel", required=True, type=Path, metavar="FILE", help="translations, one sentence a line")
    fit.add_argument(
        "--pairs", required=True, type=Path, metavar="FILE", help="pairs graded by people (overall 1 to 4)"
    )
    fit.add_argument(
        "--stories", nargs="*", default=[], type=Path, metavar="FILE", help="articles with a `story` field"
    )
    fit.add_argument("--output", required=True, type=Path, metavar="DIR", help="the folder to write the profile to")
    fit.set_defaults(run=run_fit_profile)
    return main


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--columns", metavar="FIELD=NAME,…", help="where the records hold what: text=corps,id=nr")
    command.add_argument("--format", metavar="NAME", help="the format of all inputs (default: told by their content)")


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """The options of `read_articles` that a command was given."""
    return {"columns": _columns(options.columns), "format": options.format}


def _columns(written: str | None) -> dict[str, str]:
    """Article field → name, of "text=corps,id=nr"."""
    pairs = [pair.partition("=") for pair in written.split(",")] if written else []
    if wrong := [field for field, equals, name in pairs if not (field.strip() and equals and name.strip())]:
        raise ValueError(f"--columns: {wrong[0]!r} is no FIELD=NAME; write text=corps,id=nr")
    return {field.strip(): name.strip() for field, _, name in pairs}


def _add_model(command: argparse.ArgumentParser, *, cache: bool = True) -> None:
    command.add_argument("--model", metavar="NAME_OR_PATH", help=MODEL_HELP)
    command.add_argument("--precision", choices=PRECISIONS, help=PRECISION_HELP)
    if not cache:
        command.set_defaults(cache=None, no_cache=True)
        return
    kept = command.add_mutually_exclusive_group()
    kept.add_argument("--cache", type=Path, metavar="FILE", help="keep vectors in FILE (default: in the cache folder)")
    kept.add_argument("--no-cache", action="store_true", help="encode everything anew and keep nothing")


def _model(options: argparse.Namespace) -> dict[str, Any]:
    """The options of `StoryDetector` on the model and its vectors that a command was given."""
    cache = not options.no_cache if options.cache is None else options.cache
    return {"model": options.model, "precision": options.precision, "cache": cache}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = parser().parse_args(arguments)
    warnings.showwarning = lambda message, *_: say(f"note: {message}")
    try:
        return int(options.run(options))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ValueError, OSError, ModuleNotFoundError) as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        kept = "" if getattr(options, "no_cache", True) else "; what was encoded is kept"
        say(f"interrupted; the output is not whole{kept}: run the same command again to go on")
        return 130


def say(line: str) -> None:
    """One line to stderr, whatever characters a file name or message brings."""
    text = " ".join(line.split())
    print("detector: " + text.encode("utf-8", "backslashreplace").decode("utf-8"), file=sys.stderr)


def run_report(options: argparse.Namespace) -> int:
    """Detector report"""
    from rich.console import Console

    from detector.detector import StoryDetector
    from detector.reading import read_articles
    from detector.reporting.files import claim
    from detector.reporting.parquet import require_pyarrow
    from detector.reporting.terminal import StoriesView

    _check_share("--threshold", options.threshold)
    _check_share("--minimum-probability", options.minimum_probability)
    reading = read_articles(options.inputs, versions=options.versions, **_reading(options))
    # Before the long work, not after it: what is missing for the files is told, and a folder that is not ours refused.
    if options.parquet:
        require_pyarrow()
    claim(options.output)
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
        _tell_fields(result.run["reading"]["fields"])
    _tell_rejected(result.rejected, listed=True)
    for language, stand_in in result.run["profile"]["languages_without_statistics"].items():
        say(f"note: no statistics for language {language!r}: those of {stand_in} are used")
    if not options.quiet:
        Console().print(StoriesView(result, str(options.output / "report.html")), crop=False)
    return 1 if options.strict and any(not record.superseded for record in result.rejected) else 0


def run_compare(options: argparse.Namespace) -> int:
    """Detector compare"""
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
    """Detector score"""
    from detector.detector import score_pairs
    from detector.reading.mapping.given_pairs import read_pairs
    from detector.reporting.scores import write_scores

    pairs, rejected = read_pairs(options.pairs)
    scored = score_pairs(pairs, **_model(options), progress=False if options.quiet else None)
    write_scores(scored, options.output)
    _tell_rejected(rejected, listed=False)
    if not options.quiet:
        print(f"{len(scored)} pairs: {options.output}")
    return 1 if options.strict and rejected else 0


def run_evaluate(options: argparse.Namespace) -> int:
    """Detector evaluate"""
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
    """Detector fit-profile"""
    from detector.fitting.fit_profile import fit_profile

    profile = fit_profile(options.model, parallel=options.parallel, pairs=options.pairs, stories=options.stories)
    profile.save(options.output)
    size = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"profile {profile.name}: {len(profile.groups)} groups, {size / 1e6:.2f} MB: {options.output}")
    return 0


def _single_article(reading: Reading, path: str) -> Article:
    found = reading.articles
    if len(found) == 1:
        return found[0]
    why = f"this one holds {len(found)}" if found else reading.rejected[0].reason
    raise ValueError(f"{path}: one article a file is compared; {why}")


def _check_share(name: str, value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; give a probability between 0 and 1")


def _tell_fields(fields: Mapping[str, Mapping[str, int]]) -> None:
    """Which names the fields were read from, where they are not the fields' own."""
    read = (
        f"{field} = " + ", ".join(f"{name} ({count})" for name, count in names.items())
        for field, names in fields.items()
        if set(names) != {field}
    )
    if told := "; ".join(read):
        say(f"fields read: {told}")


def _tell_rejected(rejected: Sequence[Rejected], listed: bool) -> None:
    """The first rejected records in a line each, by reason all of them where they are many, then their number."""
    from detector.reading.mapping.messages import kind_of_reason

    amiss = [record for record in rejected if not record.superseded]
    for record in amiss[:REJECTED_TOLD]:
        where = record.path if record.record is None else f"{record.path}, record {record.record}"
        say(f"rejected {where}: {record.reason}")
    if len(amiss) > REJECTED_TOLD:
        for reason, count in Counter(kind_of_reason(record.reason) for record in amiss).most_common():
            say(f"{count} rejected: {reason}")
    where = ", listed in rejected.jsonl" if listed else ""
    if amiss:
        say(f"{len(amiss)} rejected{where}")
    if superseded := len(rejected) - len(amiss):
        say(f"note: {superseded} earlier versions of articles, or records sent again{where}")
