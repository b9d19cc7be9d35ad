"""Finds the same news story in different languages.

from detector import StoryDetector, read_articles

result = StoryDetector().detect(read_articles("seeds/"))
result.stories        # which articles report the same event, and how certain that is
result.storylines     # which stories belong to the same affair
result.explain(a, b)  # the sentences that show it
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detector.comparing import compare
    from detector.detector import StoryDetector
    from detector.profile import Profile, load_profile
    from detector.reading import read_articles
    from detector.records import (
        Aligned,
        Article,
        Disagreement,
        Document,
        Embeddings,
        Evidence,
        Pair,
        Rejected,
        Relation,
        Story,
        Storyline,
    )
    from detector.result import Result

__all__ = [
    "Aligned",
    "Article",
    "Disagreement",
    "Document",
    "Embeddings",
    "Evidence",
    "Pair",
    "Profile",
    "Rejected",
    "Relation",
    "Result",
    "Story",
    "StoryDetector",
    "Storyline",
    "compare",
    "load_profile",
    "read_articles",
]
__version__ = "0.1.0"

# The module of each public name. Names that are not here are records.
_MODULES = {
    "Profile": "detector.profile",
    "Result": "detector.result",
    "StoryDetector": "detector.detector",
    "compare": "detector.comparing",
    "load_profile": "detector.profile",
    "read_articles": "detector.reading",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562), so that `detector --help` need not load scikit-learn."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES.get(name, "detector.records")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
