"""News pages as sites write them, with the furniture around the article: Arabic, Chinese, French, English."""

from __future__ import annotations

FRENCH_PARAGRAPHS = (
    "La Loire a dépassé dans la nuit de mardi à mercredi la cote de six mètres à Orléans, un niveau qui n'avait plus "
    "été atteint depuis la crue de 1907, selon le service de prévision des inondations.",
    "Quelque 2 400 habitants ont quitté leur maison, a indiqué la préfecture. « Nous n'avons eu que le temps de "
    "prendre les papiers », raconte Jeanne Martin, 71 ans, accueillie dans un gymnase avec ses voisins.",
    "Les autorités s'attendent à une décrue lente à partir de jeudi, mais les routes le long du fleuve resteront "
    "fermées au moins jusqu'à la fin de la semaine.",
)
FRENCH = f"""<!DOCTYPE html>
<html lang="fr-FR" prefix="og: https://ogp.me/ns#">
<head>
<meta charset="utf-8">
<title>La Loire en crue à Orléans : 2 400 évacués - Le Courrier du Fleuve</title>
<link rel="canonical" href="https://www.courrier-du-fleuve.example/2026/03/04/loire-crue-orleans">
<meta property="og:site_name" content="Le Courrier du Fleuve">
<meta property="og:title" content="La Loire en crue à Orléans&nbsp;: 2 400 évacués">
<meta property="og:url" content="https://www.courrier-du-fleuve.example/2026/03/04/loire-crue-orleans?og">
<meta property="article:published_time" content="2026-03-04T06:42:00+01:00">
<meta property="article:modified_time" content="2026-03-05T09:00:00+01:00">
<script>window.dataLayer = [{{"date": "2019-01-01"}}];</script>
<style>p {{ color: red }}</style>
</head>
<body>
<header><nav><ul><li><a href="/">Accueil</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article>
<h1>La Loire en crue à Orléans : 2 400 évacués</h1>
<p class="byline">Par Anne Dupont, publié le 4 mars 2026</p>
{"".join(f"<p>{paragraph}</p>" for paragraph in FRENCH_PARAGRAPHS)}
</article></main>
<aside><h2>À lire aussi</h2><ul><li><a href="/a">Le match</a> <time datetime="2018-05-05">5 mai</time></li></ul></aside>
<footer>© 2004-2026 Le Courrier du Fleuve – Mentions légales</footer>
</body></html>
"""

ARABIC_PARAGRAPHS = (
    "ارتفع منسوب مياه نهر النيل مترين خلال ليلة الثلاثاء في مدينة الخرطوم، وهو أعلى مستوى يسجل منذ عام 1946 وفق ما "
    "أعلنته وزارة الري والموارد المائية في بيان صدر صباح الأربعاء.",
    "وقال مسؤول محلي إن نحو 2400 شخص غادروا منازلهم في الأحياء القريبة من النهر، وإن المدارس فتحت أبوابها لاستقبال "
    "الأسر التي فقدت مساكنها بسبب الفيضان.",
    "ومن المتوقع أن يبدأ منسوب المياه في الانخفاض ببطء اعتبارا من يوم الخميس، غير أن الطرق المحاذية للنهر ستبقى "
    "مغلقة حتى نهاية الأسبوع على الأقل.",
)
ARABIC = f"""<!DOCTYPE html>
<html dir="rtl" lang="ar">
<head>
<meta charset="UTF-8"/>
<title>الفيضان يجبر 2400 شخص على مغادرة منازلهم | أخبار النهر</title>
<meta property="og:url" content="https://nahr.example/news/1234"/>
<script type="application/ld+json">
{{"@context": "https://schema.org", "@graph": [
  {{"@type": "WebSite", "name": "أخبار النهر", "datePublished": "2001-01-01"}},
  {{"@type": ["NewsArticle"], "headline": "الفيضان يجبر 2400 شخص على مغادرة منازلهم",
    "datePublished": "2026-03-04T08:15:00+03:00", "dateModified": "2026-03-04T11:00:00+03:00", "inLanguage": "ar",
    "publisher": {{"@type": "NewsMediaOrganization", "name": "أخبار النهر"}}}}]}}
</script>
</head>
<body><div class="menu"><a href="/">الرئيسية</a></div>
<article><h1>الفيضان يجبر 2400 شخص على مغادرة منازلهم</h1>
{"".join(f"<p>{paragraph}</p>" for paragraph in ARABIC_PARAGRAPHS)}
</article></body></html>
"""

CHINESE_PARAGRAPHS = (
    "本报武汉三月四日电 记者从长江水利委员会获悉，受连日强降雨影响，长江武汉段水位昨夜上涨两米，"
    "达到一九九八年以来的最高值，沿江多个街道被淹，部分公交线路停运。",
    "武汉市防汛指挥部表示，截至今天上午八时，全市已转移安置群众二千四百人，学校和体育馆被临时用作安置点，食品和饮用水供应充足。",
    "气象部门预计，降雨将从星期四开始减弱，水位将缓慢回落，但沿江道路在本周末之前仍将封闭，市民出行请注意安全。",
)
CHINESE = f"""<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta http-equiv="Content-Language" content="zh-CN">
<title>长江水位上涨两米 二千四百人转移</title>
<meta name="publishdate" content="2026-03-04 08:30:00">
</head>
<body>
<div id="content"><h1>长江水位上涨两米 二千四百人转移</h1>
{"".join(f"<p>　　{paragraph}</p>" for paragraph in CHINESE_PARAGRAPHS)}
</div></body></html>
"""


def english(number: int, head: str = "", body: str = "") -> str:
    """A page about a river that no other page is about; `head` and `body` hold what it has more."""
    paragraphs = "".join(
        f"<p>The river {number} rose by {metres} metres on Tuesday, and people in the {street} street of the town had "
        f"to leave their houses before the water came, the mayor said in the morning.</p>"
        for metres, street in ((2, "first"), (3, "second"), (4, "third"))
    )
    return (
        f'<!doctype html><html lang="en"><head><title>Flood {number} in the town</title>{head}</head>'
        f"<body><article><h1>Flood {number} in the town</h1>{paragraphs}{body}</article></body></html>"
    )
