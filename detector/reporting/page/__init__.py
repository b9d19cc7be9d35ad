"""report.html: one page with all its data, style and script inside. `html.report_html` makes it."""

__all__: list[str] = []
