"""What a result, a story and a pair show of themselves in a notebook cell."""

import re
from dataclasses import replace

import pytest

from detector.records import Disagreement, Evidence
from detector.reporting.notebook import (
    ALIGNED,
    ARTICLES,
    SENTENCES,
    STORIES,
    pair_html,
    result_html,
    story_html,
    storyline_html,
)

TAGS = {"p", "b", "i", "ins", "br", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "bdi"}


def text(html):
    """The text of a fragment, without markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def explained(result):
    strongest = result.pairs[1]
    return replace(strongest, evidence=result.explain(strongest.article_a, strongest.article_b))


def test_a_result_shows_its_counts(result):
    shown = text(result_html(result))
    assert "8 articles in 5 languages: 2 stories of two or more articles , 1 in several languages;" in shown
    assert "; 1 storyline of two or more stories. Threshold 50%; 2 records rejected." in shown
    assert "4 Arabic, English, Italian, Vietnamese 94.0% 81.0%" in shown


def test_stories_in_several_languages_come_before_larger_ones_in_one(result, make_document, make_story):
    flood = [make_document(f"flood-{number}.txt", "en", "River floods old town") for number in range(9)]
    result.stories = [make_story(*flood), result.stories[0]]
    shown = text(result_html(result))
    assert shown.index("Arabic, English, Italian, Vietnamese") < shown.index("River floods old town")


def test_a_result_names_where_the_other_stories_are(result, make_document, make_story):
    documents = [make_document(f"{number:02}.txt", "en", f"Headline {number}") for number in range(2 * STORIES + 4)]
    result.stories = [make_story(*documents[at : at + 2]) for at in range(0, len(documents), 2)]
    assert "2 more stories in .stories ." in text(result_html(result))


def test_a_result_without_stories_shows_no_table(result):
    result.stories = [story for story in result.stories if len(story) == 1]
    assert "<table" not in result_html(result)


def test_a_story_shows_its_articles_by_date(result):
    shown = text(story_html(result.stories[0]))
    assert "4 articles in Arabic, English, Italian, Vietnamese; strength 94.0%, weakest link 81.0%." in shown
    assert "(representative) Arabic الخليج 2024-11-24 94.0%" in shown
    italian, english, vietnamese = map(shown.index, ("Il Giornale", "The Morning Paper", "Báo Sáng"))
    assert italian < english < vietnamese


def test_a_story_marks_its_roundups_and_counts_the_articles_left_out(make_document, make_story):
    documents = [make_document(f"{number:02}.txt", "en", f"Headline {number}") for number in range(ARTICLES + 1)]
    shown = text(story_html(make_story(*documents, roundups=("01.txt",))))
    assert "Headline 1 (roundup)" in shown
    assert "1 more article in .articles ." in shown


def test_a_storyline_shows_its_stories_in_order_of_time(result):
    shown = text(storyline_html(result.storylines[0]))
    assert (
        "Storyline : 2 stories with 5 articles in Arabic, English, Italian, Japanese, Vietnamese; strength 75.0%."
        in shown
    )
    assert shown.index("2024-11-24 4 Arabic") < shown.index("新しい図書館が開館")
    assert "Storyline sl-s-summit-ar.txt ." in text(story_html(result.stories[0]))


def test_a_pair_is_described_in_words(explained):
    shown = text(pair_html(explained))
    assert shown.startswith("Almost certainly the same story (98.5%); one affair: 98.5%; relation: partial reuse ,")
    assert "one reuses part of the other. Similarity 0.80" in shown
    assert "coverage 60% of A and 50% of B, less than a day apart." in shown
    assert "A, English: summit-en.txt B, Italian: summit-it.txt" in shown
    assert ", the text of B is contained in A." in text(pair_html(replace(explained, contained="summit-it.txt")))


def test_a_pair_shows_aligned_sentences_with_what_they_share_and_where_they_disagree(explained):
    html = pair_html(explained)
    assert "Rich countries will pay <b>300</b> billion dollars a year by <b>2035</b>, the summit in <b>Baku</b>" in html
    assert "Talks ran 33 hours over. only here: 33 " in text(html)
    assert "Il negoziato è durato 35 ore oltre il termine. only here: 35 0.74" in text(html)


def test_a_pair_lists_what_only_one_of_its_articles_has(explained):
    assert "Only in A Only in B nothing L&#39;Italia era rappresentata" in text(pair_html(explained))
    added = replace(explained.evidence, only_b=("oltre il termine",))
    assert "è durato 35 ore <ins>oltre il termine</ins>." in pair_html(replace(explained, evidence=added))


def test_a_pair_shows_its_best_sentences_in_reading_order_and_counts_those_left_out(explained):
    one = explained.evidence.aligned[0]
    many = tuple(
        replace(one, place_a=place, text_a=f"Sentence {place}.", cosine=place / 100) for place in range(ALIGNED + 3)
    )
    only = tuple(f"Only {place}." for place in range(SENTENCES + 2))
    evidence = Evidence(many, only, (), (), (), ())
    shown = text(pair_html(replace(explained, evidence=evidence)))
    assert re.findall(r"Sentence (\d+)", shown) == [str(place) for place in range(3, ALIGNED + 3)]
    assert "3 more aligned sentences in .evidence.aligned ." in shown
    assert re.findall(r"Only (\d+)\.", shown) == list(map(str, range(SENTENCES)))
    assert "and 2 more" in shown


def test_a_pair_without_evidence_shows_no_table(result):
    assert "<table" not in pair_html(result.pairs[0])


def test_a_text_is_marked_with_its_language_and_runs_in_its_own_direction(result):
    assert '<bdi lang="ar" dir="auto">قمة المناخ' in story_html(result.stories[0])


def test_no_text_becomes_markup(hostile):
    link = replace(hostile.pairs[0], evidence=hostile.explain(hostile.pairs[0].article_a, hostile.pairs[0].article_b))
    html = "".join(
        (
            result_html(hostile),
            story_html(hostile.stories[0]),
            storyline_html(hostile.storylines[0]),
            pair_html(link),
        )
    )
    assert set(re.findall(r"</?([a-z]+)", html)) <= TAGS
    attributes = set(re.findall(r"([a-z]+)=", " ".join(re.findall(r"<[a-z]+ ([^>]*)>", html))))
    assert attributes <= {"scope", "style", "lang", "dir"}
    assert set(re.findall(r'style="([^"]*)"', html)) == {"text-align:left;vertical-align:top"}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)


def test_a_text_of_any_length_leaves_the_fragment_small(explained):
    word = "x" * 1_000_000
    long = replace(explained.evidence.aligned[0], text_a=word, text_b=word)
    evidence = Evidence((long,), (word,), (word,), (word,), ((word, word),), (Disagreement(0, (word,), (word,)),))
    html = pair_html(replace(explained, article_a=word, evidence=evidence))
    assert len(html) < 10_000
