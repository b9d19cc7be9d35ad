"""Two halves of all sources, with no event in both: a score can be fitted on vectors that did not learn its articles.

Texts are connected if they are in one pair, story, topic or translated document, or are equal, in whichever files.
Everything that is connected, over any number of steps, is in one half.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from detector.fitting.adapter.sources import Source


def half_of(sources: Sequence[Source], half: int) -> list[Source]:
    """The part of each source that is in half 0 or 1; sources with nothing in it are left out.

    The halves depend on the texts and their connections, not on their order in the files.
    """
    if half not in (0, 1):
        raise ValueError(f"half is {half}; give 0 or 1")
    groups = components(group for source in sources for group in source.connected())
    texts = {
        text
        for group, assigned in zip(groups, _assigned(sources, groups), strict=True)
        for text in group
        if assigned == half
    }
    parts = [source.only(texts) for source in sources]
    return [part for part in parts if len(part)]


def components(groups: Iterable[Sequence[str]]) -> list[list[str]]:
    """The connected components of texts, each sorted; largest first, then by a digest of their texts (union-find)."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        parent.setdefault(text, text)
        while parent[text] != text:
            parent[text] = text = parent[parent[text]]
        return text

    for first, *others in groups:
        top = root(first)
        for other in others:
            parent[root(other)] = top
    members: dict[str, list[str]] = {}
    for text in sorted(parent):
        members.setdefault(root(text), []).append(text)
    return sorted(members.values(), key=lambda texts: (-len(texts), hashlib.sha256(texts[0].encode()).hexdigest()))


def _assigned(sources: Sequence[Source], groups: Sequence[Sequence[str]]) -> list[int]:
    """The half of each component: the one that has fewer texts of the same source so far."""
    source_of = {
        text: index
        for index, source in reversed(list(enumerate(sources)))
        for group in source.connected()
        for text in group
    }
    sizes: Counter[tuple[int, int]] = Counter()
    assigned = []
    for group in groups:
        source = min(source_of[text] for text in group)
        half = int(sizes[source, 1] < sizes[source, 0])
        sizes[source, half] += len(group)
        assigned.append(half)
    return assigned
