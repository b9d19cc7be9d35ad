"""From an article to a document."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from detector.preparing import prepare
from detector.records import Article

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def test_the_languages_of_the_seeds_are_identified() -> None:
    documents = [prepare(Article(id=path.name, text=path.read_text(encoding="utf-8"))) for path in SEEDS]
    assert [document.language for document in documents] == ["vi", "vi", "it", "vi", "fr"]
    assert [document.titled for document in documents] == [True, False, True, True, True]
    assert all(document.language_confidence > 0.9 for document in documents)


def test_the_headline_is_the_first_sentence() -> None:
    document = prepare(Article(id="a", title="Nobody won. Again.", text="The vote is over. Nobody won."))
    assert document.sentences == ("Nobody won. Again.", "The vote is over.", "Nobody won.")
    assert document.titled


def test_a_declared_language_is_only_a_hint() -> None:
    article = Article(
        id="a", text="Il governo ha approvato ieri sera il nuovo piano per la scuola.", language="Vietnamese"
    )
    assert prepare(article).language == "it"
    assert prepare(Article(id="b", text="Hola", language="spa-MX")).language == "es"


def test_an_article_without_text_has_one_sentence() -> None:
    document = prepare(Article(id="a", text=" \n "))
    assert (document.sentences, document.language, document.titled) == (("",), "und", False)


def test_the_article_itself_does_not_change() -> None:
    article = Article(id="a", text="Cafe\u0301 &amp; bar\x07.")
    document = prepare(article)
    assert document.article is article
    assert document.sentences == ("Café & bar.",)


@settings(max_examples=100, deadline=None)
@given(title=st.none() | st.text(), text=st.text())
def test_any_text_gives_a_document(title: str | None, text: str) -> None:
    document = prepare(Article(id="a", title=title, text=text))
    assert document.sentences
    assert 0 <= document.language_confidence <= 1
