"""How a profile is made: `detector fit-profile`.

`fit_profile` is the entry. Modules in the order of the work: `language_space`, `language_statistics`, `background`,
`pair_sets`, `metric_learning`, `additive_model`, `score_model`, `relation_cuts`, `profile_evaluation`. They are not
imported here: `import detector` must stay light.
"""

__all__ = [
    "additive_model",
    "background",
    "fit_profile",
    "language_space",
    "language_statistics",
    "metric_learning",
    "pair_sets",
    "profile_evaluation",
    "relation_cuts",
    "score_model",
]
