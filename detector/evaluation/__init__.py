"""How good the stories, probabilities and relations are, measured on labelled articles.

Modules: `labelled` (labelled articles), `labelled_pairs` (labelled pairs and their figures), `metrics` and `levels`
(the measures), `evaluate` and `figures_table` (`detector evaluate`), `known_relations` (pairs whose relation is known)
and `relation_metrics` (how well relations are named). They are not imported here: `import detector` must stay light.
"""

__all__ = [
    "evaluate",
    "figures_table",
    "known_relations",
    "labelled",
    "labelled_pairs",
    "levels",
    "metrics",
    "relation_metrics",
]
