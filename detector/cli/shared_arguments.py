"""What the arguments of several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from detector.encoding import PRECISIONS

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction["Parser"]


class Parser(argparse.ArgumentParser):
    """Reports a wrong argument in one line that names the help."""

    def error(self, message: str) -> NoReturn:
        """Print the message and exit with code 2."""
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def command(commands: Commands, name: str, purpose: str) -> Parser:
    """A command whose purpose is in the list of commands and at the top of its own help."""
    return commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")


def add_threshold(command: Parser) -> None:
    """Where stories and storylines begin."""
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


def add_reading(command: Parser) -> None:
    """How the input is read."""
    command.add_argument(
        "--columns",
        metavar="FIELD=NAME,…",
        help="what the fields are called in the input, such as text=corps,id=nr (default: the usual names)",
    )
    command.add_argument("--format", metavar="NAME", help="the format of all inputs (default: detected for each file)")


def add_model(command: Parser) -> None:
    """The model and its number format."""
    add_model_name(command)
    command.add_argument(
        "--precision",
        choices=PRECISIONS,
        help="number format of the model (default: bfloat16 if the hardware computes it natively, else float32; "
        "int8 needs detector[int8])",
    )


def add_model_name(command: Parser) -> None:
    """The model."""
    command.add_argument(
        "--model",
        metavar="NAME_OR_PATH",
        help="a sentence-transformers model, by name or folder (default: the embedded multilingual-e5-small)",
    )


def add_profile(command: Parser) -> None:
    """The profile of the model."""
    command.add_argument(
        "--profile", metavar="NAME_OR_PATH", help="the profile of the model (default: the one with the model's name)"
    )


def add_background(command: Parser) -> None:
    """What pairs are measured against."""
    command.add_argument(
        "--background",
        type=Path,
        metavar="DIR",
        help="a background that fit-background wrote (default: that of the profile)",
    )


def add_cache(command: Parser) -> None:
    """Where vectors are cached."""
    cache = command.add_mutually_exclusive_group()
    cache.add_argument("--cache", type=Path, metavar="FILE", help="cache of vectors (default: in the cache folder)")
    cache.add_argument("--no-cache", action="store_true", help="encode everything again and cache nothing")


def add_strict_and_quiet(command: Parser, record: str) -> None:
    """What a rejected record does, and whether anything is printed."""
    command.add_argument("--strict", action="store_true", help=f"exit with code 1 if any {record} was rejected")
    command.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")
