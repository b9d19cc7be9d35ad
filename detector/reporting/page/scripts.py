"""The page's script: its modules joined into one, as a page that loads nothing cannot import files.

Each module imports names from others by lines like `import { el, note } from "./dom.mjs";`. Joined in the order of
these imports, with the import and export words removed, they share one scope, so each top-level name may exist once.
Block comments on lines of their own describe types and are for developers: the page does without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z_]+)\.mjs";\n', re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"^[ ]*/\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=(?:function|const|let|class) )", re.MULTILINE)
_DECLARED = re.compile(r"^(export )?(?:function|const|let|class) (\w+)", re.MULTILINE)
# What this module does not understand: other forms of import and export, and several names declared at once.
_UNKNOWN = re.compile(r"^(?:import|export|async|var|(?:const|let) [\[{]).*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module: its text without imports and exports, what it imports by module, what it exports and declares."""

    text: str
    imports: dict[str, set[str]]
    exports: set[str]
    declared: set[str]


def joined_script(entry: str, read: Callable[[str], str]) -> str:
    """The module `entry` and all that it imports as one script in strict mode, without global names.

    read: the text of a module by its name. Raises ValueError if modules import each other in a circle, import a name
    that is not exported, declare a name twice, or use a form of import or export other than the one above.
    """
    modules = _in_order(entry, read)
    _check(modules)
    body = "\n".join(module.text for module in modules.values())
    return f'(() => {{\n"use strict";\n{body}}})();\n'


def _in_order(entry: str, read: Callable[[str], str]) -> dict[str, _Module]:
    """The modules by name, each after those that it imports."""
    ordered: dict[str, _Module] = {}

    def visit(name: str, importers: tuple[str, ...]) -> None:
        if name in importers:
            raise ValueError(f"modules import each other: {' > '.join((*importers, name))}")
        if name not in ordered:
            module = _parsed(name, read(name))
            for imported in module.imports:
                visit(imported, (*importers, name))
            ordered[name] = module

    visit(entry, ())
    return ordered


def _parsed(name: str, source: str) -> _Module:
    source = _BLOCK_COMMENT.sub("", source)
    imports: dict[str, set[str]] = {}
    for names, imported in _IMPORT.findall(source):
        imports.setdefault(imported, set()).update(filter(None, (part.strip() for part in names.split(","))))
    declared = _DECLARED.findall(source)
    names = [declaration for _, declaration in declared]
    if len(names) != len(set(names)):
        raise ValueError(f"{name} declares a name twice")
    text = _EXPORT.sub("", _IMPORT.sub("", source))
    if unknown := _UNKNOWN.search(text):
        raise ValueError(f"{name} has a line that cannot be joined: {unknown[0]}")
    return _Module(text, imports, {declaration for export, declaration in declared if export}, set(names))


def _check(modules: dict[str, _Module]) -> None:
    """Raises ValueError if a name is imported that is not exported, or two modules declare the same name."""
    owners: dict[str, str] = {}
    for name, module in modules.items():
        for imported, names in module.imports.items():
            if missing := names - modules[imported].exports:
                raise ValueError(f"{name} imports {', '.join(sorted(missing))}, which {imported} does not export")
        for declared in module.declared:
            if declared in owners:
                raise ValueError(f"{owners[declared]} and {name} both declare {declared}")
            owners[declared] = name
