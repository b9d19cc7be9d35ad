"""How a profile is made: `detector fit-profile`.

`fit_profile` is the entry. Modules in the order of the work: `training_sets`, `pair_sets`, `weights`, `views`,
`language_space`, `language_statistics`, `background`, `additive_model`, `score_model`, `relation_cuts`,
`profile_evaluation`; and the package `adapter`. They are not imported here: `import detector` must stay light.
"""

__all__ = [
    "adapter",
    "additive_model",
    "background",
    "fit_profile",
    "language_space",
    "language_statistics",
    "pair_sets",
    "profile_evaluation",
    "relation_cuts",
    "score_model",
    "training_sets",
    "views",
    "weights",
]
