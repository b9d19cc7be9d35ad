"""Everything about a pair of articles: candidates, features, scores, relations and evidence.

This module imports nothing, so that `detector` starts fast. `README.md` lists the modules in the order of the data.
"""

__all__ = [
    "alignment",
    "batch",
    "candidates",
    "clauses",
    "fallback",
    "features",
    "near_duplicates",
    "relations",
    "scoring",
    "sharding",
    "space",
    "terms",
    "tfidf",
]
