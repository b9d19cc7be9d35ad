"""From an article as it was read to a document: cleaned text, the language, the sentences.

Other packages also use `document_table`.
"""

from __future__ import annotations

from detector.languages.codes import canonical_language
from detector.languages.identification import identify_language
from detector.preparing.cleaning import clean
from detector.preparing.plain_text import plain_text
from detector.preparing.sentences import split_long, split_sentences
from detector.records import Article, Document

__all__ = ["prepare"]


def prepare(article: Article) -> Document:
    """The article cleaned, its language identified and its text split into sentences.

    A headline is the first sentence. Every document has at least one sentence: if cleaning leaves none, those of the
    text before cleaning; if that has no letters or digits, an empty one.
    """
    headline, paragraphs, dropped = clean(article.title, article.text)
    body = "\n".join(paragraphs)
    hint = canonical_language(article.language) if article.language else None
    language, confidence = identify_language(f"{headline}\n{body}" if headline else body, hint)
    sentences = (split_long(headline) if headline else []) + split_sentences(body, language)
    return Document(
        article=article,
        language=language,
        language_confidence=confidence,
        sentences=tuple(sentences or split_sentences(plain_text(article.text), language) or [""]),
        titled=headline is not None,
        dropped=tuple(dropped),
    )
