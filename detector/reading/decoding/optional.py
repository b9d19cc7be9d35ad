"""Optional packages for reading: imported when the first file that needs one is read."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from detector._optional import require
from detector.reading.source import Unusable


@cache
def library(name: str, needed_by: str, extra: str) -> Any:
    """The module called `name`. It logs nothing unless the caller has configured logging for it.

    Raises `Unusable`, which rejects the file, if the package is missing: "Parquet files need a package: pip install …".
    """
    try:
        module = require(name, f"{needed_by} need a package", extra)
    except ModuleNotFoundError as missing:
        raise Unusable(missing.msg) from None
    logging.getLogger(name.partition(".")[0]).addHandler(logging.NullHandler())
    return module
