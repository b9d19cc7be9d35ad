"""report.html: one page that holds everything it needs and works offline."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from detector.reporting.page.inline_json import inline_json
from detector.reporting.page.page_data import PagePlan, page_data
from detector.reporting.page.scripts import joined_script
from detector.reporting.rendering import environment, source
from detector.reporting.report_data import ReportData

STYLES = ("base", "page", "story")
ENTRY_SCRIPT = "main"


def report_html(report: ReportData, plan: PagePlan | None = None) -> str:
    """The page for people: stories with their evidence, near misses, single articles, rejected records.

    plan: that of the page, if it is made already.
    """
    style = Markup("\n".join(source(f"report/{name}.css") for name in STYLES))  # noqa: S704 - our own files, no data.
    script = Markup(joined_script(ENTRY_SCRIPT, _script))  # noqa: S704 - our own files, no data.
    page = page_data(report, plan)
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            page=page,
            report=inline_json(page.report),
            evidence=inline_json(page.evidence),
            policy=_content_security_policy(style, script),
            style=style,
            script=script,
        )
    )


def _script(name: str) -> str:
    return source(f"report/{name}.mjs")


def _content_security_policy(style: str, script: str) -> str:
    """Nothing loads and nothing runs except this style and this script, each known by its hash."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
