"""Silences what libraries print while they work: messages that users cannot act on."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock


def first_line(error: Exception) -> str:
    """The first line of the message of an exception, or its type if it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class _Silence:
    """Silences the process from the first `enter` to the last `leave`, whichever thread comes first or last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._restore = ExitStack()

    def enter(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._start()

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._restore.close()

    def _start(self) -> None:
        from transformers.utils import logging as transformers_logging

        restore = self._restore
        restore.enter_context(errors_only("huggingface_hub"))
        restore.callback(transformers_logging.set_verbosity, transformers_logging.get_verbosity())
        transformers_logging.set_verbosity_error()
        if transformers_logging.is_progress_bar_enabled():
            restore.callback(transformers_logging.enable_progress_bar)
            transformers_logging.disable_progress_bar()
        restore.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")


_SILENCE = _Silence()


@contextmanager
def quiet() -> Iterator[None]:
    """Hides warnings, progress bars and logs of transformers and its hub, in the whole process until the block ends.

    Blocks may be nested and may overlap in several threads: when the last one ends, all is as before the first.
    """
    _SILENCE.enter()
    try:
        yield
    finally:
        _SILENCE.leave()


@contextmanager
def errors_only(name: str) -> Iterator[None]:
    """The logger of this name, and those below it, log errors only until the block ends."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
