"""How good the stories, probabilities and relations are, measured on labelled articles.

Modules: `labelled` (labelled data), `metrics` (the measures), `evaluate` (`detector evaluate`), `known_relations`
(pairs whose relation is known) and `relation_metrics` (how well relations are named). They are not imported here:
`import detector` must stay light.
"""

__all__ = ["evaluate", "known_relations", "labelled", "metrics", "relation_metrics"]
