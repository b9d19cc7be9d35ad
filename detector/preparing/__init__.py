"""From an article as it was read to a document: cleaned, in a known language, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from detector.languages.codes import canonical_language
from detector.languages.identification import identify_language
from detector.preparing.cleaning import clean
from detector.preparing.plain import plain
from detector.preparing.sentences import short_enough, split_sentences
from detector.records import Article, Document

__all__ = ["prepare", "prepare_all"]


def prepare(article: Article) -> Document:
    """The article cleaned, its language identified and its text split into sentences.

    The headline, where there is one, is the first sentence. Every document has at least one sentence: where cleaning
    leaves none, the sentences of the uncleaned text; where that holds nothing readable, an empty one.
    """
    headline, paragraphs, dropped = clean(article.title, article.text)
    body = "\n".join(paragraphs)
    hint = canonical_language(article.language) if article.language else None
    language, confidence = identify_language(f"{headline}\n{body}" if headline else body, hint)
    sentences = (short_enough(headline) if headline else []) + split_sentences(body, language)
    return Document(
        article=article,
        language=language,
        language_confidence=confidence,
        sentences=tuple(sentences or split_sentences(plain(article.text), language) or [""]),
        titled=headline is not None,
        dropped=tuple(dropped),
    )


def prepare_all(articles: Sequence[Article]) -> list[Document]:
    """Each article prepared, in the order given."""
    return [prepare(article) for article in articles]
