"""Packages that not everyone has to install: what a format needs is imported when the first file of it comes."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from detector._optional import require
from detector.reading.source import Unusable


@cache
def library(name: str, needed_by: str, extra: str) -> Any:
    """The module of this name, which logs to nobody unless the caller of the detector wants its log.

    Raises `Unusable`, which costs the file, where its package is not installed: "… need a package: pip install …".
    """
    try:
        module = require(name, f"{needed_by} need a package", extra)
    except ModuleNotFoundError as missing:
        raise Unusable(missing.msg) from None
    logging.getLogger(name.partition(".")[0]).addHandler(logging.NullHandler())
    return module
