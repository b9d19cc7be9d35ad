"""Finds the same news story in different languages.

from detector import StoryDetector, read_articles

result = StoryDetector().detect(read_articles("seeds/"))
result.stories        # which articles report the same event, and how certain that is
result.explain(a, b)  # the sentences that show it
"""

from detector.detector import StoryDetector, compare
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
    "compare",
    "load_profile",
    "read_articles",
]
__version__ = "0.1.0"
