"""Scored pairs in, stories and storylines out.

`clustering` forms the stories, with `refinement` and `roundups`; `building` describes them as `Story` records;
`storylines` joins stories of one affair;
`missing_pairs` finds pairs that should still be scored in a big batch.
"""

__all__ = ["building", "clustering", "missing_pairs", "refinement", "roundups", "storylines"]
