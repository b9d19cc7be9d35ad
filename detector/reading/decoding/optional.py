"""Packages that not everyone has to install: what a format needs is imported when the first file of it comes."""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from typing import Any

from detector.reading.source import Unusable


@cache
def library(name: str, needed_by: str, extra: str) -> Any:
    """The module of this name, which logs to nobody unless the caller of the detector wants its log.

    Raises `Unusable`, which costs the file, where its package is not installed: "… need a package: pip install …".
    """
    try:
        module = import_module(name)
    except ImportError:
        raise Unusable(f"{needed_by} need a package: pip install 'detector[{extra}]'") from None
    logging.getLogger(name.partition(".")[0]).addHandler(logging.NullHandler())
    return module
