"""Texts that are not UTF-8: a guess gives a warning, and nothing is guessed from little or mixed evidence."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from detector.reading import read_articles
from detector.reading.decoding import limits
from detector.reading.decoding.guessing import guess_encoding, guess_unmarked_utf
from detector.records import Article
from tests.reading.conftest import Put, Read

# ruff: noqa: E501
TEXTS = {
    "cp1252": "Le président a annoncé hier une série de mesures économiques très attendues. Les députés de l’opposition "
    "ont aussitôt dénoncé un projet « dépassé », jugé inefficace par les maires des régions touchées par la sécheresse.",
    "cp1250": "Prezydent ogłosił wczoraj długo oczekiwane środki gospodarcze. Posłowie opozycji natychmiast skrytykowali "
    "projekt jako przestarzały, a burmistrzowie miast dotkniętych powodzią uznali go za nieskuteczny i źle przygotowany.",
    "iso8859_2": "Vláda včera schválila dlouho očekávaná hospodářská opatření. Poslanci opozice návrh okamžitě kritizovali "
    "jako zastaralý a starostové měst postižených povodněmi jej označili za neúčinný, špatně připravený a zbytečný.",
    "cp1254": "Cumhurbaşkanı dün uzun süredir beklenen ekonomik önlemleri açıkladı. Muhalefet milletvekilleri tasarıyı "
    "hemen eleştirdi; sel felaketinden etkilenen şehirlerin belediye başkanları ise önlemlerin yetersiz olduğunu söyledi.",
    "cp1251": "Президент объявил вчера о давно ожидаемых экономических мерах. Депутаты оппозиции сразу раскритиковали "
    "проект, назвав его устаревшим, а мэры городов, пострадавших от наводнения, сочли его неэффективным.",
    "koi8_r": "Уровень воды в реке поднялся на два метра, сообщили вчера спасатели. Жителей нескольких деревень вывезли "
    "на лодках, школы закрыты, а губернатор области попросил помощи у правительства.",
    "cp1253": "Ο πρόεδρος ανακοίνωσε χθες τα οικονομικά μέτρα που αναμένονταν από καιρό. Οι βουλευτές της αντιπολίτευσης "
    "επέκριναν αμέσως το σχέδιο και οι δήμαρχοι των πόλεων που επλήγησαν το έκριναν αναποτελεσματικό.",
    "cp1255": "הנשיא הודיע אתמול על הצעדים הכלכליים שכולם חיכו להם זמן רב. חברי האופוזיציה תקפו מיד את התוכנית וטענו "
    "שהיא מיושנת, וראשי הערים שנפגעו מהשיטפונות אמרו כי אין בה כל תועלת.",
    "cp1256": "أعلن الرئيس أمس عن الإجراءات الاقتصادية التي طال انتظارها. وانتقد نواب المعارضة المشروع على الفور ووصفوه "
    "بأنه قديم، فيما اعتبره رؤساء بلديات المدن المتضررة من الفيضانات غير مجد.",
    "cp874": "ประธานาธิบดีประกาศมาตรการทางเศรษฐกิจที่รอคอยกันมานานเมื่อวานนี้ สมาชิกสภาฝ่ายค้านวิจารณ์ร่างกฎหมายทันทีว่าล้าสมัย",
    "big5hkscs": "總統昨天宣布了各界期待已久的經濟措施。反對黨議員立即批評該草案已經過時,受水災影響的城市市長則認為這些措施沒有效果。",
    "gb18030": "总统昨天宣布了各界期待已久的经济措施。反对党议员立即批评该草案已经过时,受水灾影响的城市市长则认为这些措施没有效果。",
    "cp932": "大統領は昨日、長く待たれていた経済対策を発表した。野党の議員はただちにこの案を時代遅れだと批判し、洪水の被害を受けた市の市長たちは効果がないと述べた。",
    "euc_jp": "川の水位が二メートル上がり、住民は小学校に避難した。市によると、けが人はいないが、橋が二つ流され、電車は夕方まで止まったままだという。",
    "cp949": "대통령은 어제 오랫동안 기다려 온 경제 대책을 발표했다. 야당 의원들은 이 법안이 시대에 뒤떨어졌다고 즉시 비판했고, 수해를 입은 도시의 시장들은 효과가 없다고 말했다.",
}
each_encoding = pytest.mark.parametrize("encoding", TEXTS)
warns = pytest.warns(UserWarning, match="declares no encoding; decoded as ")


def table(text: str) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows([("id", "text"), *((n, text) for n in range(3))])
    return stream.getvalue()


@each_encoding
def test_texts_json_and_tables_of_any_encoding(encoding: str, read: Read) -> None:
    text = TEXTS[encoding]
    record = json.dumps({"id": "a", "text": text}, ensure_ascii=False)
    for name, content in {
        "a.txt": text,
        "a.jsonl": f"{record}\n",
        "a.json": f"[{record}]",
        "a.csv": table(text),
        "a": f"{record}\n" * 2000,
    }.items():
        with warns:
            articles = read(name, content.encode(encoding)).articles
        assert articles[0].text == text, name


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", TEXTS)
def test_utf_16_and_32_without_their_marks(encoding: str, language: str, read: Read) -> None:
    with warns:
        [article, *_] = read("a.csv", table(TEXTS[language]).encode(encoding)).articles
    assert article.text == TEXTS[language]


@pytest.mark.parametrize(
    ("encoding", "bad"),
    [
        *(("cp1252", b"\x81"), ("cp1250", b"\x81"), ("cp1254", b"\x81"), ("cp1251", b"\x98"), ("cp1253", b"\xaa")),
        *(("cp1255", b"\xd9"), ("cp874", b"\xdb"), ("big5hkscs", b"\xff"), ("gb18030", b"\xff")),
        *(("cp932", b"\x81"), ("euc_jp", b"\xff"), ("cp949", b"\xff")),
    ],
)
def test_a_record_that_is_not_in_the_encoding_costs_only_itself(encoding: str, bad: bytes, read: Read) -> None:
    good = json.dumps({"text": TEXTS[encoding]}, ensure_ascii=False).encode(encoding)
    with warns:
        reading = read("a.jsonl", b"\n".join((good, good, b'{"text": "two ' + bad + b' words"}', good)))
        assert len(reading.articles) == 3
        assert [rejected.record for rejected in reading.rejected] == [3]


def test_the_reason_gives_the_offset_of_a_bad_byte(read: Read) -> None:
    good = json.dumps({"text": TEXTS["cp932"]}, ensure_ascii=False).encode("cp932") + b"\n"
    good *= 2
    with warns:
        [rejected] = read("a.jsonl", good + b'{"text": "two \x81 words"}\n').rejected
    assert rejected.reason == f"not Shift-JIS at byte {len(good) + 14} (0x81): save the file as UTF-8"


def test_utf_8_among_other_lines_is_read_as_utf_8(read: Read) -> None:
    old, new = (json.dumps({"text": TEXTS[encoding]}, ensure_ascii=False) for encoding in ("cp1252", "cp1251"))
    with warns:
        articles = read("a.jsonl", b"\n".join([old.encode("cp1252")] * 99 + [new.encode()])).articles
    assert {article.text for article in articles} == {TEXTS["cp1252"], TEXTS["cp1251"]}
    assert len(articles) == 100


@pytest.mark.filterwarnings("error")
def test_nothing_is_guessed_from_mixed_or_little_evidence(read: Read) -> None:
    good = json.dumps({"text": TEXTS["cp1251"]}, ensure_ascii=False).encode()
    bad = json.dumps({"text": TEXTS["cp1252"]}, ensure_ascii=False).encode("cp1252")
    reading = read("a.jsonl", b"\n".join((bad, good, bad, good)))
    assert [article.text for article in reading.articles] == [TEXTS["cp1251"]] * 2
    assert [rejected.reason[:17] for rejected in reading.rejected] == ["not UTF-8 at byte"] * 2
    assert read("b.txt", "Un café, s'il vous plaît".encode("cp1252")).rejected[0].reason.startswith("not UTF-8")


@pytest.mark.filterwarnings("error")
def test_mojibake_is_not_repaired(read: Read) -> None:
    text = "L'Ã©tÃ© est fini"
    assert read("a.txt", text).articles == [Article("a.txt", text)]


@pytest.mark.parametrize("encoding", ["cp932", "gb18030", "big5hkscs", "cp949", "euc_jp"])
def test_a_head_that_ends_inside_a_character_is_guessed_too(encoding: str) -> None:
    content = f"{TEXTS[encoding]} {TEXTS[encoding]}".encode(encoding) * 1000
    for start in range(4):
        assert guess_encoding(b"x" * start + content[: limits.HEAD_SIZE - start]) == encoding


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"plain words", b"a,\0,b,\0,words\n" * 99, b"\x7fELF\2\1\1" + bytes(99)]
)
def test_other_content_is_not_utf_16(content: bytes) -> None:
    assert guess_unmarked_utf(content) is None


def test_the_warning_names_the_file_and_the_encoding(put: Put) -> None:
    path = put("a.csv", table(TEXTS["koi8_r"]).encode("koi8_r"))
    with pytest.warns(UserWarning, match=re.escape(f"{path} declares no encoding")) as caught:
        assert len(list(read_articles(path))) == 3
    assert {str(warning.message).partition("a.csv ")[2] for warning in caught} == {
        "declares no encoding; decoded as KOI8-R (guessed). If it looks wrong, save it as UTF-8."
    }
