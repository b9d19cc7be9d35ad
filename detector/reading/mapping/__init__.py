"""From records to articles: field names, values, dates, ids, versions, and the reasons for rejection.

`validation` makes an article of a record, `versions` decides about several versions of one item, `summary` counts,
`messages` formats names and values for messages.
Modules that are not in `__all__` are for `reading` only.
"""

__all__ = ["fields", "messages", "summary", "validation"]
