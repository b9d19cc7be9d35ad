"""A plugin for pytest that fails a run which skips a test that no list allows to be skipped.

    python -m pytest -p tests.allowed_skips --allowed-skips FILE

The option may be given more than once. Each line of FILE is `path of the test file: reason`, in which `*` matches any
text. Empty lines and those that start with "#" are ignored.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names a list."""
    described = {"metavar": "FILE", "help": "the skips that are expected; may be given more than once"}
    parser.addoption("--allowed-skips", type=Path, action="append", required=True, **described)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let an unexpected skip fail the run."""
    if session.exitstatus == pytest.ExitCode.OK and unexpected_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name the unexpected skips."""
    for skip in unexpected_skips(config):
        terminalreporter.write_line(f"not an expected skip: {skip}", red=True)


def unexpected_skips(config: pytest.Config) -> list[str]:
    """The skips of this run that are not listed, each as `path of the test file: reason`."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    lines = [line for path in config.option.allowed_skips for line in path.read_text(encoding="utf-8").splitlines()]
    allowed = [line for line in lines if line and not line.startswith("#")]
    reports = reporter.stats.get("skipped", ()) if reporter else ()
    skips = [f"{report.nodeid.split('::')[0]}: {report.longrepr[2].removeprefix('Skipped: ')}" for report in reports]
    return [skip for skip in skips if not any(fnmatchcase(skip, pattern) for pattern in allowed)]
