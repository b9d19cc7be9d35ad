"""The names that users may rely on: `public_api.txt`, beside this file, lists them with their parameters and types.

A change there is a change for users and belongs in CHANGELOG.md. To renew the list:

    python -m tests.test_public_api
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import detector
import detector.reading

SNAPSHOT = Path(__file__).with_name("public_api.txt")
MODULES = (detector, detector.reading)
# What a class can be used with, beside its public names: len(story), `for outcome in reading`.
PROTOCOLS = {"__bool__", "__call__", "__contains__", "__enter__", "__exit__", "__getitem__", "__iter__", "__len__"}


class Source(str):
    """A type as in the source, so that a signature shows it without quotes."""

    __repr__ = str.__str__


def signature(function: Callable[..., Any], *, bound: bool) -> str:
    """The parameters of a function, without the first if it is bound, and the type that it returns."""
    found = inspect.signature(function)
    shown = [
        parameter
        if parameter.annotation is parameter.empty
        else parameter.replace(annotation=Source(parameter.annotation))
        for parameter in list(found.parameters.values())[bound:]
    ]
    returned = found.return_annotation
    return str(
        found.replace(parameters=shown, return_annotation=Source(returned) if returned != found.empty else returned)
    )


def members(kind: type) -> dict[str, Any]:
    """What a class and those of its bases that are in this package define, without private names."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.split(".")[0] == detector.__name__:
            public = (name for name in vars(base) if not name.startswith("_") or name in PROTOCOLS)
            found |= {name: vars(base)[name] for name in public}
    return found


def class_lines(kind: type) -> Iterator[str]:
    """The fields of a dataclass in order, then the properties and methods by name."""
    fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
    for field in fields:
        if field.kw_only and field.name == next(each.name for each in fields if each.kw_only):
            yield "*"
        has_default = field.default is not field.default_factory
        if not field.name.startswith("_"):
            yield f"{field.name}: {field.type}{' = …' if has_default else ''}"
    for name, member in sorted(members(kind).items()):
        if name in {field.name for field in fields}:
            continue
        if isinstance(member, property | cached_property):
            getter = member.func if isinstance(member, cached_property) else member.fget
            yield f"{name} -> {inspect.signature(cast(Any, getter)).return_annotation}"
        elif isinstance(member, classmethod | staticmethod):
            yield f"{name}{signature(member.__func__, bound=isinstance(member, classmethod))}"
        elif inspect.isfunction(member):
            yield f"{name}{signature(member, bound=True)}"
        else:
            yield f"{name} = {member!r}"


def api_lines() -> Iterator[str]:
    """Every public name of the public modules; of a class also how it is made and what it has."""
    for module in MODULES:
        for name in sorted(module.__all__):
            member = getattr(module, name)
            if not inspect.isclass(member):
                yield f"{module.__name__}.{name}{signature(member, bound=False)}"
                continue
            made = "" if dataclasses.is_dataclass(member) else signature(member.__init__, bound=True)
            yield f"{module.__name__}.{name}{made.removesuffix(' -> None')}"
            yield from (f"    {line}" for line in class_lines(member))


def test_the_public_api_is_the_listed_one():
    listed = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    assert list(api_lines()) == listed, "renew the list, and note the change in CHANGELOG.md, if it is on purpose"


if __name__ == "__main__":
    SNAPSHOT.write_text("".join(f"{line}\n" for line in api_lines()), encoding="utf-8")
