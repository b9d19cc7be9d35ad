"""Libraries are silent as long as a block lasts, however blocks overlap."""

from __future__ import annotations

import logging
import warnings

import pytest
from transformers.utils import logging as transformers_logging

from detector.encoding.quiet import errors_only, first_line, quiet


def settings() -> tuple[object, ...]:
    """The settings of the process that a quiet block changes."""
    hub = logging.getLogger("huggingface_hub").level
    bars = transformers_logging.is_progress_bar_enabled()
    return transformers_logging.get_verbosity(), bars, hub, list(warnings.filters)


def is_silent() -> bool:
    verbosity, bars, hub, _ = settings()
    return (verbosity, bars, hub) == (logging.ERROR, False, logging.ERROR) and bool(warnings.filters[0][0] == "ignore")


def test_a_block_is_silent_and_restores_every_setting() -> None:
    before = settings()
    with quiet():
        assert is_silent()
    assert settings() == before


def test_an_error_restores_every_setting() -> None:
    before = settings()
    with pytest.raises(ValueError, match="the reason"), quiet():
        raise ValueError("the reason")
    assert settings() == before


def test_blocks_that_end_in_the_order_they_began_restore_every_setting() -> None:
    before = settings()
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert is_silent()
    second.__exit__(None, None, None)
    assert settings() == before


def test_progress_bars_that_were_off_stay_off() -> None:
    transformers_logging.disable_progress_bar()
    try:
        with quiet():
            pass
        assert not transformers_logging.is_progress_bar_enabled()
    finally:
        transformers_logging.enable_progress_bar()


def test_a_logger_gets_its_level_back() -> None:
    logger = logging.getLogger("detector.tests.quiet")
    logger.setLevel(logging.INFO)
    with errors_only(logger.name):
        assert not logger.isEnabledFor(logging.WARNING)
    assert logger.level == logging.INFO


@pytest.mark.parametrize(
    ("error", "line"), [(ValueError("one\ntwo"), "one"), (ValueError(" \n"), "ValueError"), (KeyError(), "KeyError")]
)
def test_the_first_line_of_an_error_is_never_empty(error: Exception, line: str) -> None:
    assert first_line(error) == line
