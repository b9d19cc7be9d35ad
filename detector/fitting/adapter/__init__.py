"""How an adapter is learned: `detector fit-adapter`.

In the order of the work: `read_sources` (files → `sources`), `halves`, `batches`, `low_rank` and `losses`, `training`
with its `checkpoint`. `fit_adapter` calls them.
"""

__all__ = ["fit_adapter"]
