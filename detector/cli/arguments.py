"""The commands of the command line and their arguments."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from detector import __version__
from detector.encoding import PRECISIONS

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction["Parser"]


class Parser(argparse.ArgumentParser):
    """Reports a wrong argument in one line that names the help."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


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
        _add_fit_profile,
        _add_fit_adapter,
        _add_fit_background,
    ):
        add_command(commands)
    return main


def _add_report(commands: Commands) -> None:
    report = _command(commands, "report", "find the stories in a batch of articles and write them to a folder")
    report.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, a folder, or - for standard input")
    report.add_argument("--output", required=True, type=Path, metavar="DIR", help="the folder to write to (required)")
    _add_threshold(report)
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
    _add_reading(report)
    report.add_argument(
        "--versions",
        choices=("latest", "all"),
        default="latest",
        help="of an article with several versions, keep the latest or all (default: latest)",
    )
    _add_model(report)
    _add_profile(report)
    _add_background(report)
    _add_cache(report)
    _add_strict_and_quiet(report, "record")


def _add_compare(commands: Commands) -> None:
    compare = _command(commands, "compare", "compare two articles: print their scores and their aligned sentences")
    compare.add_argument("a", metavar="A", help="a file with a single article")
    compare.add_argument("b", metavar="B", help="another file with a single article")
    _add_reading(compare)
    _add_model(compare)
    _add_background(compare)
    compare.set_defaults(cache=None, no_cache=True)


def _add_score(commands: Commands) -> None:
    score = _command(commands, "score", "score given pairs of articles and write the scores to a CSV file")
    score.add_argument(
        "pairs", metavar="PAIRS.jsonl", help='one pair a line: {"pair": NAME, "a": {ARTICLE}, "b": {ARTICLE}}'
    )
    score.add_argument(
        "--output", required=True, type=Path, metavar="SCORES.csv", help="the file to write to (required)"
    )
    _add_model(score)
    _add_background(score)
    _add_cache(score)
    _add_strict_and_quiet(score, "pair")


def _add_evaluate(commands: Commands) -> None:
    evaluate = _command(commands, "evaluate", "measure how well the stories that are found match your labels")
    evaluate.add_argument(
        "labelled",
        metavar="LABELLED.jsonl",
        help="one article a line, those with the same `story` are one story; or one pair a line with its `label`",
    )
    _add_threshold(evaluate)
    _add_model(evaluate)
    _add_background(evaluate)
    _add_cache(evaluate)
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")


def _add_fit_profile(commands: Commands) -> None:
    fit = _command(commands, "fit-profile", "learn a profile for a model from labelled data")
    _add_model_name(fit)
    fit.add_argument(
        "--parallel",
        required=True,
        type=Path,
        metavar="FILE",
        help="translated articles, one sentence per line in each text (required)",
    )
    fit.add_argument(
        "--pairs",
        required=True,
        nargs="+",
        type=Path,
        metavar="FILE",
        help="pairs of articles: `overall` from 1 (the same) to 4 as people graded them, or a `label` (required)",
    )
    fit.add_argument(
        "--stories", nargs="*", default=[], type=Path, metavar="FILE", help="articles with a `story` field"
    )
    fit.add_argument(
        "--adapters",
        nargs="+",
        default=[],
        type=Path,
        metavar="FILE",
        help="an adapter for the model, or two, each learned from one half of the data by fit-adapter --half: then "
        "scores are learned from articles that an adapter has not seen, and the profile gets the mean of both",
    )
    fit.add_argument(
        "--cache", type=Path, metavar="FILE", help="keep the vectors in FILE, so that a second run takes minutes"
    )
    fit.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="the folder to write the profile to (required)"
    )


def _add_fit_background(commands: Commands) -> None:
    fit = _command(commands, "fit-background", "learn from unlabelled articles what all news of a beat shares")
    fit.add_argument("inputs", nargs="+", metavar="ARTICLES", help="a file, a folder, or - for standard input")
    fit.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="the folder to write the background to (required)"
    )
    fit.add_argument("--name", metavar="NAME", help="what run.json calls the background (default: the folder's name)")
    _add_reading(fit)
    _add_model(fit)
    _add_profile(fit)
    _add_cache(fit)
    _add_strict_and_quiet(fit, "record")


def _add_fit_adapter(commands: Commands) -> None:
    fit = _command(commands, "fit-adapter", "learn an adapter for a model from labelled data")
    _add_model_name(fit)
    fit.add_argument(
        "--pairs",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="pairs with `overall` from 1 (the same) to 4, or a `label`: same event, same storyline, alike, unrelated",
    )
    fit.add_argument(
        "--stories",
        nargs="*",
        default=[],
        type=Path,
        metavar="FILE",
        help="articles with a `story`, and a `topic` that alike stories share",
    )
    fit.add_argument(
        "--parallel", type=Path, metavar="FILE", help="translated articles, one sentence per line in each text"
    )
    fit.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="the folder to write the adapter to (required)"
    )
    fit.add_argument(
        "--half", type=int, choices=(0, 1), help="learn from this half of the events, measure on the other"
    )
    fit.add_argument("--resume", action="store_true", help="go on with an interrupted training in the same folder")
    fit.add_argument(
        "--weights",
        nargs="+",
        default=[],
        metavar="NAME=N",
        help="how often a file is drawn, by its name up to the first dot (default: 1, all files alike)",
    )
    fit.add_argument(
        "--licences", nargs="+", default=[], metavar="TEXT", help="licences of the data, to record in the adapter"
    )
    for name, kind, default, meaning in (
        ("steps", int, 600, "steps of training"),
        ("batch", int, 16, "pairs of articles in a step"),
        ("tokens", int, 192, "tokens read of each article"),
        ("rank", int, 16, "width of the adapter's matrices"),
        ("learning-rate", float, 4e-4, "highest learning rate"),
        ("seed", int, 0, "seed of all draws"),
    ):
        fit.add_argument(f"--{name}", type=kind, default=default, metavar="N", help=f"{meaning} (default: {default})")


def _command(commands: Commands, name: str, purpose: str) -> Parser:
    """A command whose purpose is in the list of commands and at the top of its own help."""
    return commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")


def _add_threshold(command: Parser) -> None:
    command.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="articles are one story from this probability on, 0 to 1 (default: the profile's)",
    )
    command.add_argument(
        "--storyline-threshold",
        type=float,
        metavar="P",
        help="stories are one storyline from this storyline probability on, 0 to 1 (default: the profile's)",
    )


def _add_reading(command: Parser) -> None:
    command.add_argument(
        "--columns",
        metavar="FIELD=NAME,…",
        help="what the fields are called in the input, such as text=corps,id=nr (default: the usual names)",
    )
    command.add_argument("--format", metavar="NAME", help="the format of all inputs (default: detected for each file)")


def _add_model(command: Parser) -> None:
    _add_model_name(command)
    command.add_argument(
        "--precision",
        choices=PRECISIONS,
        help="number format of the model (default: bfloat16 if the hardware computes it natively, else float32; "
        "int8 needs detector[int8])",
    )


def _add_model_name(command: Parser) -> None:
    command.add_argument(
        "--model",
        metavar="NAME_OR_PATH",
        help="a sentence-transformers model, by name or folder (default: the embedded multilingual-e5-small)",
    )


def _add_profile(command: Parser) -> None:
    command.add_argument(
        "--profile", metavar="NAME_OR_PATH", help="the profile of the model (default: the one with the model's name)"
    )


def _add_background(command: Parser) -> None:
    command.add_argument(
        "--background",
        type=Path,
        metavar="DIR",
        help="a background that fit-background wrote (default: that of the profile)",
    )


def _add_cache(command: Parser) -> None:
    cache = command.add_mutually_exclusive_group()
    cache.add_argument("--cache", type=Path, metavar="FILE", help="cache of vectors (default: in the cache folder)")
    cache.add_argument("--no-cache", action="store_true", help="encode everything again and cache nothing")


def _add_strict_and_quiet(command: Parser, record: str) -> None:
    command.add_argument("--strict", action="store_true", help=f"exit with code 1 if any {record} was rejected")
    command.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")


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


def source_weights(options: argparse.Namespace) -> dict[str, float]:
    """The weight of each named file. Raises `ValueError` if one is not NAME=N."""
    weights = {}
    for written in options.weights:
        name, _, number = written.rpartition("=")
        try:
            weights[name] = float(number)
        except ValueError:
            name = ""
        if not name:
            raise ValueError(f"--weights: {written!r} is not NAME=N; write, for example, stories=0.5")
    return weights
