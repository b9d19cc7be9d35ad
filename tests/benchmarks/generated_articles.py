"""As many different articles as needed, made from a few real ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from string import ascii_lowercase

from detector.reading.formats.xml_safe import FORBIDDEN
from detector.records import Article

SITE, SOURCE = "https://news.example", "The Example"
FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_LETTERS = ascii_lowercase.encode()


def generated_articles(base: Sequence[Article]) -> Iterator[Article]:
    """Articles without end, made from those of the base in turn, each with its number in its id, URL, title and text.

    Each is published one second after the one before. In each text the letters are replaced by a permutation of its
    own, so that it compresses like new text and not like a copy. Characters that XML does not allow are left out.
    Raises ValueError if no article of the base has a text.
    """
    cleaned = [(article, FORBIDDEN.sub("", article.text).strip()) for article in base]
    templates = [(article, text, FORBIDDEN.sub("", article.title or text[:100])) for article, text in cleaned if text]
    if not templates:
        raise ValueError("no article to write: none of them has a text")
    for number in count():
        article, text, title = templates[number % len(templates)]
        yield Article(
            id=f"urn:example:{number}",
            text=f"({number}) {_permuted(text, number)}",
            title=f"{' '.join(title.split())} ({number})",
            language=article.language,
            published=(FIRST_MOMENT + timedelta(seconds=number)).isoformat(),
            source=SOURCE,
            url=f"{SITE}/{number}.html",
        )


def _permuted(text: str, seed: int) -> str:
    """The text with the letters a to z replaced by a permutation of them."""
    letters = bytes(Random(seed).sample(_LETTERS, len(_LETTERS)))
    return text.encode().translate(bytes.maketrans(_LETTERS, letters)).decode()
