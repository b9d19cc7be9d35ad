"""The ends of sentences in every script; nothing is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.preparing.sentences import LONGEST, split_sentences

PAIRS = {
    "en": ("The vote is over.", " Nobody won."),
    "de": ("„Das ist gut.“", " Er ging."),
    "fr": ("« Il y a un requin ! »", " Personne ne bougea."),
    "es": ("¿Quién ganó?", " ¡Nadie!"),
    "ru": ("Голосование закончено.", " Никто не победил."),
    "el": ("Ποιος κέρδισε;", " Κανείς."),
    "ka": ("კენჭისყრა დასრულდა.", " არავინ გაიმარჯვა."),
    "hy": ("Քվեարկությունն ավարտվեց:", " Ոչ ոք չհաղթեց։"),
    "ar": ("من فاز؟", " لا أحد."),
    "ur": ("ووٹنگ ختم ہو گئی۔", " کوئی نہیں جیتا۔"),
    "hi": ("मतदान समाप्त हुआ।", " कोई नहीं जीता।"),
    "bn": ("ভোট শেষ হয়েছে।", " কেউ জেতেনি।"),
    "pa": ("ਵੋਟਿੰਗ ਖਤਮ ਹੋ ਗਈ|", " ਕੋਈ ਨਹੀਂ ਜਿੱਤਿਆ।"),
    "am": ("ምርጫው ተጠናቀቀ።", " ማንም አላሸነፈም፡፡"),
    "zh": ("投票结束了。", "没有人获胜。"),
    "ja": ("「投票は終わった。」", "誰も勝たなかった。"),
    "ko": ("투표가 끝났다.", " 아무도 이기지 못했다."),
    "my": ("မဲပေးပွဲပြီးပြီ။", "ဘယ်သူမှမနိုင်ပါ။"),
    "km": ("ការបោះឆ្នោតបានបញ្ចប់។", " គ្មាននរណាឈ្នះទេ។"),
    "lo": ("ການລົງຄະແນນສຽງສິ້ນສຸດລົງ.", " ບໍ່ມີໃຜຊະນະ."),
    "bo": ("འོས་བསྡུ་གྲུབ་སོང་།", " སུ་ཡང་མ་ཐོབ།"),
    "th": ("รัฐบาลอนุมัติแผนใหม่สำหรับโรงเรียนทั่วประเทศเมื่อคืนนี้", " ฝ่ายค้านไม่เห็นด้วยกับแผนดังกล่าว"),
    "vi": ("Cuộc bỏ phiếu đã kết thúc.", " Không ai thắng."),
}

ONE_SENTENCE = {
    "en": ["Dr. Smith met J. R. Brown at 3.5 p.m. in St. Louis.", "See No. 10 of the U.S. Code.", "“Stop!” she said."],
    "de": ["Am 3. Oktober kam Prof. Meier, d.h. gestern.", "Er sagte u. a. nichts."],
    "fr": ["M. Dupont et Mme. Durand sont venus.", "« Un requin ! », explique-t-il."],
    "ru": ["В 2018 г. компания А. С. Пушкина получила 5 млн. руб. прибыли."],
    "vi": ["TP. Hồ Chí Minh họp với LB. Nga."],
    "cs": ["Dne 17. Listopadu se sešli."],
    "ja": ["「終わった。」と彼は言った。"],
    "hy": ["Ընթերցողների համար. ահա պատասխանը:"],
}


@pytest.mark.parametrize("language", PAIRS)
def test_a_sentence_ends_at_the_mark_of_its_script(language: str) -> None:
    first, second = PAIRS[language]
    assert split_sentences(first + second, language) == [first, second.strip()]


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in ONE_SENTENCE.items() for text in texts])
def test_abbreviations_ordinals_and_quotations_do_not_end_a_sentence(language: str, text: str) -> None:
    assert split_sentences(text, language) == [text]


def test_a_line_break_ends_a_sentence() -> None:
    assert split_sentences("A headline\n\nA paragraph without an end", "und") == [
        "A headline",
        "A paragraph without an end",
    ]


def test_text_without_a_letter_joins_its_neighbour() -> None:
    assert split_sentences("It is over. … ! The end.", "en") == ["It is over. … !", "The end."]
    assert split_sentences("!? It is over.", "en") == ["!? It is over."]


def test_blank_text_has_no_sentence() -> None:
    assert split_sentences(" \n\t ", "en") == []


def test_a_long_sentence_is_split_at_a_clause_or_else_at_a_space() -> None:
    clauses = "and so it went on for a while, " * 40
    assert all(part.endswith(",") for part in split_sentences(clauses, "en"))
    words = split_sentences("word " * 500, "en")
    assert set(" ".join(words).split()) == {"word"}
    assert max(map(len, words)) <= LONGEST


def test_a_split_between_characters_separates_no_mark_from_its_letter() -> None:
    parts = split_sentences("e\u0301" * 1000, "en")
    assert len(parts) > 1
    assert not any(part.startswith("\u0301") for part in parts)


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" \n.!?。”“»«།।:;,、aBกあ"))),
    language=st.sampled_from(["en", "zh", "th", "hy", "am", "bo", "el", "und", "sr-Latn"]),
)
def test_only_white_space_is_lost(text: str, language: str) -> None:
    sentences = split_sentences(text, language)
    assert "".join("".join(sentences).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() and 0 < len(sentence) <= LONGEST for sentence in sentences)


@pytest.mark.parametrize("unit", ["a", ".", ". ", "a.", '."', "! »", "。", "\u0301", "a, ", "\n."])
def test_hostile_text_takes_linear_time(unit: str) -> None:
    started = time.process_time()
    split_sentences(unit * (200_000 // len(unit)), "en")
    assert time.process_time() - started < 10
