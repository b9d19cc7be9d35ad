"""The language of a text."""

from __future__ import annotations

import pytest

from detector.languages.identification import identify_language

PASSAGES = {
    "it": "Il governo ha approvato ieri sera il nuovo piano per la scuola, che prevede più insegnanti e meno compiti.",
    "vi": "Chính phủ đã thông qua kế hoạch mới cho giáo dục, trong đó có thêm nhiều giáo viên cho các trường học.",
    "fr": "Le gouvernement a adopté hier soir un nouveau plan pour l'école, qui prévoit davantage d'enseignants.",
    "en": "The government last night approved a new plan for schools, which provides for more teachers.",
    "de": "Die Regierung hat gestern Abend einen neuen Plan für die Schulen beschlossen, der mehr Lehrer vorsieht.",
    "es": "El gobierno aprobó anoche un nuevo plan para las escuelas, que prevé más maestros y menos deberes.",
    "pt": "O governo aprovou ontem à noite um novo plano para as escolas, que prevê mais professores e menos deveres.",
    "ru": "Правительство вчера вечером утвердило новый план для школ, который предусматривает больше учителей.",
    "uk": "Уряд учора ввечері затвердив новий план для шкіл, який передбачає більше вчителів і менше домашніх завдань.",
    "sr": "Влада је синоћ усвојила нови план за школе, који предвиђа више наставника и мање домаћих задатака.",
    "sr-Latn": "Vlada je sinoć usvojila novi plan za škole, posle izveštaja koji je predsednik dobio pre sednice.",
    "hr": "Vlada je sinoć usvojila novi plan za škole, nakon izvješća koje je predsjednik dobio prošli tjedan.",
    "zh": "政府昨晚批准了新的学校计划，该计划规定增加教师人数，减少家庭作业。",
    "zh-Hant": "政府昨晚批准了新的學校計劃，該計劃規定增加教師人數，減少家庭作業。",
    "ja": "政府は昨夜、教員を増やし宿題を減らす学校の新しい計画を承認した。",
    "ko": "정부는 어젯밤 교사를 늘리고 숙제를 줄이는 새로운 학교 계획을 승인했다.",
    "th": "รัฐบาลอนุมัติแผนใหม่สำหรับโรงเรียนเมื่อคืนนี้ ซึ่งจะเพิ่มจำนวนครูและลดการบ้าน",
    "ar": "وافقت الحكومة الليلة الماضية على خطة جديدة للمدارس تنص على زيادة عدد المعلمين وتقليل الواجبات المنزلية.",
    "fa": "دولت دیشب طرح جدیدی برای مدارس تصویب کرد که در آن معلمان بیشتر و تکالیف کمتر پیش‌بینی شده است.",
    "hi": "सरकार ने कल रात स्कूलों के लिए एक नई योजना को मंजूरी दी, जिसमें अधिक शिक्षक और कम गृहकार्य का प्रावधान है।",
    "el": "Η κυβέρνηση ενέκρινε χθες το βράδυ νέο σχέδιο για τα σχολεία, που προβλέπει περισσότερους δασκάλους.",
    "dv": "ސަރުކާރުން ރޭގައި ސްކޫލުތަކަށް އާ ޕްލޭނެއް ފާސްކޮށްފިއެވެ.",
}


@pytest.mark.parametrize("language", PASSAGES)
def test_a_sentence_shows_its_language_and_script(language: str) -> None:
    found, confidence = identify_language(PASSAGES[language])
    assert found == language
    assert 0.2 <= confidence <= 1


@pytest.mark.parametrize("text", ["", "   ", "2024", "!!! ... 3:2", "https"])
def test_a_text_without_a_language_is_undetermined(text: str) -> None:
    assert identify_language(text) == ("und", 0.0)


def test_a_hint_never_beats_the_text() -> None:
    assert identify_language(PASSAGES["it"], hint="vi")[0] == "it"
    assert identify_language(PASSAGES["zh-Hant"], hint="ja")[0] == "zh-Hant"


def test_a_hint_does_not_beat_the_words_of_a_neighbour() -> None:
    assert identify_language(PASSAGES["sr-Latn"], hint="hr")[0] == "sr-Latn"
    assert identify_language(PASSAGES["hr"], hint="sr")[0] == "hr"


def test_a_hint_decides_if_the_text_is_too_short() -> None:
    assert identify_language("Hola")[0] == "und"
    assert identify_language("Hola", hint="es")[0] == "es"


def test_a_hint_in_another_script_is_ignored() -> None:
    assert identify_language("Tokyo 2024", hint="ja") == ("und", 0.0)


def test_the_same_text_gives_the_same_answer() -> None:
    assert {identify_language(PASSAGES["de"]) for _ in range(5)} == {identify_language(PASSAGES["de"])}


def test_only_the_start_of_a_long_text_is_read() -> None:
    assert identify_language(PASSAGES["fr"] * 10_000)[0] == "fr"
