"""From the content of a file to its records: one module per file format, all of them listed in `registry`.

`registry` detects the format of a file. `markup`, `xml_safe`, `json_values`, `json_splitter`, `http_response` and
`page_metadata` are shared by several formats. Modules that are not in `__all__` are for `reading` only.
"""

__all__ = ["registry"]
