"""The arguments of the commands that learn: profiles, adapters and backgrounds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from detector.cli.shared_arguments import (
    Parser,
    add_cache,
    add_model,
    add_model_name,
    add_profile,
    add_reading,
    add_strict_and_quiet,
    command,
)

if TYPE_CHECKING:
    from detector.cli.shared_arguments import Commands


def add_fit_profile(commands: Commands) -> None:
    """`detector fit-profile`."""
    fit = command(commands, "fit-profile", "learn a profile for a model from labelled data")
    add_model_name(fit)
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
    _add_weights(fit, "how much a file counts in the scores")
    fit.add_argument(
        "--cache", type=Path, metavar="FILE", help="keep the vectors in FILE, so that a second run takes minutes"
    )
    fit.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="the folder to write the profile to (required)"
    )


def _add_weights(fit: Parser, meaning: str) -> None:
    fit.add_argument(
        "--weights",
        nargs="+",
        default=[],
        metavar="NAME=N",
        help=f"{meaning}, by its name up to the first dot (default: 1, all files alike)",
    )


def add_fit_background(commands: Commands) -> None:
    """`detector fit-background`."""
    fit = command(commands, "fit-background", "learn from unlabelled articles what all news of a beat shares")
    fit.add_argument("inputs", nargs="+", metavar="ARTICLES", help="a file, a folder, or - for standard input")
    fit.add_argument(
        "--output", required=True, type=Path, metavar="DIR", help="the folder to write the background to (required)"
    )
    fit.add_argument("--name", metavar="NAME", help="what run.json calls the background (default: the folder's name)")
    add_reading(fit)
    add_model(fit)
    add_profile(fit)
    add_cache(fit)
    add_strict_and_quiet(fit, "record")


def add_fit_adapter(commands: Commands) -> None:
    """`detector fit-adapter`."""
    fit = command(commands, "fit-adapter", "learn an adapter for a model from labelled data")
    add_model_name(fit)
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
    _add_weights(fit, "how often a file is drawn")
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
