"""The command line `detector`: `arguments` says what can be typed, `commands` calls the library."""

from detector.cli.commands import main

__all__ = ["main"]
