"""The commands of the command line and their arguments."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detector import __version__
from detector.cli.fitting_arguments import add_fit_adapter, add_fit_background, add_fit_profile
from detector.cli.shared_arguments import (
    Parser,
    add_background,
    add_cache,
    add_model,
    add_profile,
    add_reading,
    add_strict_and_quiet,
    add_threshold,
    command,
)

if TYPE_CHECKING:
    from detector.cli.shared_arguments import Commands


def parser() -> Parser:
    """All commands; the option `command` is the name of the one that was called."""
    main = Parser(prog="detector", description="Finds the same news story in different languages.")
    main.add_argument(
        "--version", action="version", version=f"detector {__version__}", help="show the version and exit"
    )
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for add_command in (
        _add_report,
        _add_compare,
        _add_score,
        _add_evaluate,
        add_fit_profile,
        add_fit_adapter,
        add_fit_background,
    ):
        add_command(commands)
    return main


def _add_report(commands: Commands) -> None:
    report = command(commands, "report", "find the stories in a batch of articles and write them to a folder")
    report.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, a folder, or - for standard input")
    report.add_argument("--output", required=True, type=Path, metavar="DIR", help="the folder to write to (required)")
    add_threshold(report)
    report.add_argument(
        "--window-days",
        type=float,
        metavar="N",
        help="do not compare articles that are more than N days apart (default: no limit)",
    )
    report.add_argument(
        "--minimum-probability",
        type=float,
        metavar="P",
        help="lowest storyline probability in pairs.csv; 0 writes every pair that was scored "
        "(default: 0.2, or a threshold if it is lower)",
    )
    report.add_argument("--parquet", action="store_true", help="also write stories.parquet and pairs.parquet")
    report.add_argument("--excel", action="store_true", help="begin the CSV files with a byte order mark, for Excel")
    add_reading(report)
    report.add_argument(
        "--versions",
        choices=("latest", "all"),
        default="latest",
        help="of an article with several versions, keep the latest or all (default: latest)",
    )
    add_model(report)
    add_profile(report)
    add_background(report)
    add_cache(report)
    add_strict_and_quiet(report, "record")


def _add_compare(commands: Commands) -> None:
    compare = command(commands, "compare", "compare two articles: print their scores and their aligned sentences")
    compare.add_argument("a", metavar="A", help="a file with a single article")
    compare.add_argument("b", metavar="B", help="another file with a single article")
    add_reading(compare)
    add_model(compare)
    add_background(compare)
    compare.set_defaults(cache=None, no_cache=True)


def _add_score(commands: Commands) -> None:
    score = command(commands, "score", "score given pairs of articles and write the scores to a CSV file")
    score.add_argument(
        "pairs", metavar="PAIRS.jsonl", help='one pair a line: {"pair": NAME, "a": {ARTICLE}, "b": {ARTICLE}}'
    )
    score.add_argument(
        "--output", required=True, type=Path, metavar="SCORES.csv", help="the file to write to (required)"
    )
    add_model(score)
    add_background(score)
    add_cache(score)
    add_strict_and_quiet(score, "pair")


def _add_evaluate(commands: Commands) -> None:
    evaluate = command(commands, "evaluate", "measure how well the stories that are found match your labels")
    evaluate.add_argument(
        "labelled",
        metavar="LABELLED.jsonl",
        help="one article a line, those with the same `story` are one story; or one pair a line with its `label`",
    )
    add_threshold(evaluate)
    add_model(evaluate)
    add_background(evaluate)
    add_cache(evaluate)
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")


def reading_options(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `read_articles`. Raises `ValueError` if --columns cannot be understood."""
    return {"columns": _columns(options.columns), "format": options.format}


def model_options(options: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `StoryDetector` on the model, the background and the cache."""
    cache = not options.no_cache if options.cache is None else options.cache
    model = {"model": options.model, "precision": options.precision, "cache": cache}
    return {**model, "background": getattr(options, "background", None)}


def _columns(written: str | None) -> Mapping[str, str]:
    """Article field → name in the input, from "text=corps,id=nr". Raises `ValueError` for anything else."""
    pairs = [pair.partition("=") for pair in written.split(",")] if written else []
    if wrong := [field for field, equals, name in pairs if not (field.strip() and equals and name.strip())]:
        raise ValueError(f"--columns: {wrong[0]!r} is not FIELD=NAME; write, for example, text=corps,id=nr")
    return {field.strip(): name.strip() for field, _, name in pairs}
