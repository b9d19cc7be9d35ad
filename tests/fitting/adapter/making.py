"""Small sources to learn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detector.fitting.adapter.sources import GradedPairs, StoryTexts, TextPair, Translations


def graded(*pairs: tuple[str, str, float], name: str = "pairs") -> GradedPairs:
    return GradedPairs(name, tuple(TextPair(*pair) for pair in pairs))


def story_texts(
    stories: str, topics: Sequence[str] = (), ambiguous: Sequence[str] = (), name: str = "stories"
) -> StoryTexts:
    """A text for each letter, its story; texts are named a0, a1, b2 and so on."""
    count = len(stories)
    return StoryTexts(
        name,
        tuple(f"{story}{index}" for index, story in enumerate(stories)),
        np.array(list(stories)),
        np.array(list(topics) or [""] * count),
        np.array(list(ambiguous) or [""] * count),
    )


def translations(documents: int = 3, languages: str = "efi", name: str = "parallel") -> Translations:
    """Documents of three lines, the second of which is missing in language i."""

    def line(document: int, language: str, index: int) -> str:
        return "" if index == 1 and language == "i" else f"{document}{language}{index}"

    def version(document: int, language: str) -> tuple[str, ...]:
        return tuple(line(document, language, index) for index in range(3))

    each = {
        f"d{number}": {language: version(number, language) for language in languages} for number in range(documents)
    }
    return Translations(name, each)
