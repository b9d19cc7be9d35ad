"""Page furniture is removed, the article stays."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from detector.preparing.cleaning import clean

SEEDS = Path(__file__).parents[2] / "seeds"

PROSE = [
    "The two agencies signed an agreement on Tuesday in Astana.",
    "It provides for an exchange of news, photographs and staff.",
    "A first agreement had been signed by both sides in 2014.",
    "The photo: a word on its source, said the editor, says more than a headline.",
]


def seed(number: str) -> str:
    """The text of one of the example articles."""
    return next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


def dropped_from(*lines: str, title: str | None = "Agencies sign an agreement") -> list[str]:
    """What cleaning removes from an article of `PROSE` with these lines before its last paragraph."""
    _, kept, dropped = clean(title, "\n".join([*PROSE[:2], *lines, *PROSE[2:]]))
    assert [line for line in kept if line in PROSE] == PROSE
    return [piece.text for piece in dropped]


def test_seed_with_teasers_and_a_list_of_older_news() -> None:
    headline, kept, dropped = clean(None, seed("000"))
    assert headline is not None
    assert headline.startswith("Việt Nam-Liên bang Nga thúc đẩy hợp tác")
    assert kept[0].startswith("Chiều 25/12, Đại sứ")
    assert kept[-1].startswith("Trong dịp này, hai bên cũng xem xét")
    assert len(kept) == 10
    reasons = {piece.text: piece.reason for piece in dropped}
    assert reasons["Nhỏ Bình thường Lớn"] == "page control"
    assert reasons[headline] == "headline repeated"
    assert reasons["(theo ĐSQ Việt Nam tại LB. Nga)"] == "credit"
    assert reasons["Tin cũ hơn"] == "related articles"


def test_seed_without_a_headline_loses_only_its_caption() -> None:
    headline, kept, dropped = clean(None, seed("001"))
    assert headline is None
    assert kept[0].startswith("Chiều 24/2")
    assert [piece.reason for piece in dropped] == ["caption with credit"]


def test_seed_with_a_source_line() -> None:
    headline, kept, dropped = clean(None, seed("002"))
    assert headline == "Vietnam/ La VNA rafforza la cooperazione con i media di Kazakistan e Azerbaigian"
    assert len(kept) == 9
    assert [piece.text for piece in dropped] == ["Fonte: lecourrier.vn/"]


def test_seed_with_a_long_tail_of_other_articles() -> None:
    headline, kept, dropped = clean(None, seed("003"))
    assert headline == "Nga-Trung Quốc tích cực chuẩn bị cho sự kiện lớn"
    assert kept[-1].startswith("Nhà lãnh đạo Nga cũng đánh giá")
    assert len(kept) == 9
    assert {"Bảo Minh", "Theo dõi Baoquocte.vn trên", "Tin liên quan"} <= {piece.text for piece in dropped}


def test_seed_with_links_credits_and_a_date_stamp() -> None:
    headline, kept, dropped = clean(None, seed("004"))
    assert headline == "La VNA renforce la coopération avec les médias du Kazakhstan et d'Azerbaïdjan"
    assert len(kept) == 9
    texts = [piece.text for piece in dropped]
    assert texts[0] == "date 2025-05"
    assert sum(text.startswith(">>") for text in texts) == 3
    assert texts[-3:] == ["Photo : VNA/CVN", "Photo : VNA/CVN", "VNA/CVN"]


@pytest.mark.parametrize(
    "line",
    [
        "Read also: Another story altogether",
        "Lesen Sie auch: Eine ganz andere Geschichte",
        "Leggi anche",
        "Читайте также: другая новость",
        "相关新闻",
        "اقرأ أيضا: خبر آخر",
        ">> Another story altogether",
        "Photo: VNA/CVN",
        "Foto: Reuters",
        "Nguồn: TTXVN",
        "（写真：ロイター）",
        "AFP",
        "Getty Images",
        "© 2025 The Paper",
        "Ministers shake hands in Astana. (Photo: AP)",
        "Follow us on Facebook",
        "Abonnez-vous à notre newsletter",
        "Anzeige",
        "Mobile version",
        "12/05/2025 18:30 GMT+7",
        "10. Februar 2020, 14:54 Uhr",
        "Agencies sign an agreement",
        "A headline of another article here A headline of another article here",
    ],
)
def test_furniture_between_paragraphs_is_removed(line: str) -> None:
    assert dropped_from(line) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Photo agencies say that the source of the picture is unknown.",
        "Follow the money, he said, and you will read more than they want.",
        "Related parties must now answer within a week.",
        "He added: read also what the other side writes.",
        "Sources close to the government deny it: nothing was signed.",
        "“Yes!” “Yes!”",
        "On 12/05/2025 at 18:30 the two ministers met again in the capital.",
        "Nothing is over ...",
        "A subheading",
        "500.000 Euro Schaden",
    ],
)
def test_prose_with_the_same_words_stays(line: str) -> None:
    assert dropped_from(line) == []


def test_a_headline_twice_above_a_teaser_is_another_article() -> None:
    other = "Another story altogether and its headline"
    assert dropped_from(other, other, "The teaser of that story breaks off ...") == [
        other,
        other,
        "The teaser of that story breaks off ...",
    ]


def test_a_sentence_twice_in_a_row_stays_once() -> None:
    twice = "This sentence slipped into the page twice."
    assert dropped_from(twice, twice) == [twice]


def test_a_list_of_headlines_after_the_last_paragraph_is_removed() -> None:
    others = [f"Headline number {number} of another article" for number in range(5)]
    _, kept, dropped = clean("Agencies sign an agreement", "\n".join(PROSE + others))
    assert kept == PROSE
    assert [piece.text for piece in dropped] == others


def test_names_alone_below_the_headline_are_a_byline() -> None:
    _, kept, dropped = clean(None, "\n".join(["Agencies sign an agreement", "By Jane Doe", *PROSE]))
    assert kept == PROSE
    assert [(piece.text, piece.reason) for piece in dropped] == [("By Jane Doe", "byline")]


def test_a_first_line_without_an_end_mark_is_the_headline() -> None:
    assert clean(None, "\n".join(["Agencies sign an agreement", *PROSE]))[0] == "Agencies sign an agreement"
    assert clean(None, "\n".join(PROSE))[0] is None


def test_everything_stays_if_nothing_would_be_left() -> None:
    assert clean(None, "Photo: AFP\nShare") == (None, ["Photo: AFP", "Share"], [])


def test_entities_are_resolved_and_tags_stay_as_text() -> None:
    assert clean("A &amp; B", "x &lt; y <b>z</b>\x00.")[:2] == ("A & B", ["x < y <b>z</b>."])


@pytest.mark.parametrize("unit", ["a", "a\n", "Read more\n", "&", "(", ">>", "A headline of a story\n", "\u0301\u0316"])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    clean(None, unit * (200_000 // len(unit)))
    assert time.process_time() - started < 10
