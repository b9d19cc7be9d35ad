"""The page's script: modules joined in the order of their imports, with every mistake that joining could hide named."""

import re

import pytest

from detector.reporting.page.scripts import joined_script

MODULES = {
    "main": 'import { show } from "./list.mjs";\nimport { el,\n  note,\n} from "./dom.mjs";\nshow(el, note);\n',
    "list": '// The list.\nimport { el } from "./dom.mjs";\n\nexport function show() {\n  el();\n}\n',
    "dom": "/** An element. */\nexport const el = () => 1;\nexport const note = /** @type {any} */ (2);\n",
}


def joined(**changed):
    return joined_script("main", (MODULES | changed).__getitem__)


def test_each_module_comes_once_after_those_that_it_imports():
    assert re.findall(r"const el|function show|show\(el, note\)", joined()) == [
        "const el",
        "function show",
        "show(el, note)",
    ]


def test_the_script_is_strict_leaves_nothing_global_and_has_no_import_or_export():
    script = joined()
    assert script.startswith('(() => {\n"use strict";\n')
    assert script.endswith("})();\n")
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


def test_comments_on_types_are_left_out_and_others_stay():
    assert "An element" not in joined()
    assert "// The list." in joined()
    assert "/** @type {any} */ (2)" in joined()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"dom": 'import { show } from "./list.mjs";\nexport const el = show;\n'}, "main > list > dom > list"),
        ({"dom": "export const el = 1;\n"}, "main imports note, which dom does not export"),
        ({"dom": "export const el = 1;\nconst note = 2;\n"}, "main imports note, which dom does not export"),
        ({"list": "const el = 1;\nexport const show = el;\n"}, "list and dom both declare el"),
        ({"list": "let a = 1;\nlet a = 2;\nexport const show = a;\n"}, "list declares a name twice"),
        ({"list": "export default 1;\n"}, "list has a line that cannot be joined: export default 1;"),
        ({"list": "export { show };\n"}, "cannot be joined"),
        ({"list": 'import * as dom from "./dom.mjs";\n'}, "cannot be joined"),
        ({"list": "const { a, b } = {};\n"}, "cannot be joined"),
    ],
)
def test_what_cannot_be_joined_is_named(changed, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        joined(**changed)
