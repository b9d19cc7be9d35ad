"""report.html: one page that holds everything it needs and asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib

from markupsafe import Markup

from detector.reporting.page.inline_json import embedded
from detector.reporting.page.page_data import PagePlan, page_view
from detector.reporting.rendering import environment, source
from detector.reporting.report_data import ReportData

STYLES = ("base", "page", "story")
# In the order in which they use one another.
SCRIPTS = ("dom", "model", "pictures", "link", "story", "row", "list", "threshold", "main")


def report_html(gathered: ReportData, plan: PagePlan | None = None) -> str:
    """The page for people: stories with their evidence, articles that stand alone, near misses, rejected records."""
    # Marked as safe: these are our own files and hold no data.
    style = Markup("\n".join(source(f"report/{name}.css") for name in STYLES))
    script = Markup("\n".join(source(f"report/{name}.js") for name in SCRIPTS))
    view = page_view(gathered, plan)
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            view=view,
            report=embedded(view.report),
            evidence=embedded(view.evidence),
            policy=_content_security_policy(style, script),
            style=style,
            script=script,
        )
    )


def _content_security_policy(style: str, script: str) -> str:
    """Nothing loads and nothing runs but this style and this script, each known by its hash."""
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
