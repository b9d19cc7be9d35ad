// What stands under the line of a story that was opened.

const MATRIX = 24;
const LINKS_LISTED = 30;

/** What stands under the line of a story. */
function opened(story) {
  const places = new Map(story.members.map((article, place) => [article, place + 1]));
  const links = linksOf(story);
  const known = evidence().links;
  const first =
    links.find((pair) => pair.number in known && pair.a.language !== pair.b.language) ??
    links.find((pair) => pair.number in known) ??
    links[0];
  const several = links.length > 1;
  const title = el("h4", { "aria-live": "polite" });
  const body = el("div", {});
  const choose = (pair) => {
    title.replaceChildren(badge(pair.a, places.get(pair.a)), " and ", badge(pair.b, places.get(pair.b)));
    body.replaceChildren(linkView(pair, places));
    for (const button of view.querySelectorAll("[data-pair]"))
      button.setAttribute("aria-pressed", String(button.dataset.pair === String(pair.number)));
  };
  const view = el(
    "div",
    {},
    cards(story, places),
    several ? [matrix(story, links, places, choose), linkTable(story, links, places, choose)] : null,
    el("div", { class: "chosen" }, several ? title : null, body),
    cleaned(story, places),
  );
  if (first) choose(first);
  return [view];
}

function cards(story, places) {
  const left = story.size - story.members.length;
  return [
    el("h4", { class: "first" }, "Articles"),
    el(
      "ol",
      { class: story.members.length === 2 ? "articles two" : "articles" },
      story.members.map((article, place) =>
        el(
          "li",
          {},
          badge(article, places.get(article)),
          el("p", { class: "title", lang: article.language.code, dir: "auto" }, article.headline),
          facts(
            article.source ? data(article.source) : null,
            article.date ? data(day(article.date)) : null,
            `belongs here: ${likelihood(story.membership[place])}`,
            article === story.front[0] ? "representative" : null,
            story.roundups.has(article.number) ? "roundup" : null,
          ),
          el("p", { class: "id" }, address(article)),
        ),
      ),
    ),
    more(left, "article", "articles", "stories.csv"),
  ];
}

/** The id of an article, and its address: a link only where it leads to the web. */
function address(article) {
  const linked = /^https?:\/\//i.test(article.url);
  const url = article.url
    ? [
        " ",
        linked
          ? el("a", { href: article.url, rel: "noopener noreferrer nofollow" }, data(article.url))
          : data(article.url),
      ]
    : null;
  return [data(article.id), url];
}

/** The similarity of every two articles; a cell chooses the link whose sentences are shown. */
function matrix(story, links, places, choose) {
  const rows = story.members.slice(0, MATRIX);
  const found = new Map(
    links.flatMap((pair) => [
      [`${pair.a.number} ${pair.b.number}`, pair],
      [`${pair.b.number} ${pair.a.number}`, pair],
    ]),
  );
  const cell = (row, column) => {
    if (row === column) return el("td", { class: "self" });
    const pair = found.get(`${row.number} ${column.number}`);
    if (!pair) return el("td", { class: "none" }, el("span", { "aria-label": "no link" }, "·"));
    const [one, other] = [row, column].map((article) => `${places.get(article)} ${article.language.name}`);
    const numbers = `similarity ${two(pair.similarity)}, probability ${likelihood(pair.probability)}`;
    const label = `${one} and ${other}: ${numbers}`;
    return el(
      "td",
      {},
      el(
        "button",
        {
          type: "button",
          class: `heat h${Math.min(9, Math.floor(pair.similarity * 10))}`,
          "data-pair": pair.number,
          "aria-label": label,
          title: label,
          onclick: () => choose(pair),
        },
        two(pair.similarity).replace(/^0/, ""),
      ),
    );
  };
  const name = (article, scope) =>
    el(
      "th",
      { scope, title: article.language.name },
      el("span", { class: "place" }, String(places.get(article))),
      " ",
      article.language.code,
    );
  return [
    el("h4", {}, "Who resembles whom"),
    note(
      "Similarity from 0 to 1. Choose a cell to see the sentences behind it.",
      rows.length < story.size ? ` The first ${rows.length} articles are shown.` : null,
    ),
    scrolling(
      "Similarity of every two articles",
      el(
        "table",
        { class: "matrix" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("td", {}),
            rows.map((article) => name(article, "col")),
          ),
        ),
        el(
          "tbody",
          {},
          rows.map((row) =>
            el(
              "tr",
              {},
              name(row, "row"),
              rows.map((column) => cell(row, column)),
            ),
          ),
        ),
      ),
    ),
  ];
}

function linkTable(story, links, places, choose) {
  const total = linkCount(story);
  const pairsInside = (story.size * (story.size - 1)) / 2;
  const row = (pair) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el(
          "button",
          { type: "button", class: "plain", "data-pair": pair.number, onclick: () => choose(pair) },
          badge(pair.a, places.get(pair.a)),
          " – ",
          badge(pair.b, places.get(pair.b)),
        ),
      ),
      el("td", { class: "number" }, likelihood(pair.probability)),
      el("td", { class: "number" }, two(pair.similarity)),
      el("td", { class: "number" }, percent(pair.ofA)),
      el("td", { class: "number" }, percent(pair.ofB)),
      el("td", {}, relationOf(pair)),
    );
  const body = el("tbody", {}, links.slice(0, LINKS_LISTED).map(row));
  const showAll = () => {
    body.append(...links.slice(LINKS_LISTED).map(row));
    button.remove();
  };
  const button = el(
    "button",
    { type: "button", class: "more", onclick: showAll },
    `Show ${links.length - LINKS_LISTED} more`,
  );
  const columns = heads(
    "Between",
    "#Probability",
    "#Similarity",
    "#Coverage of the first",
    "#of the second",
    "Relation",
  );
  return el(
    "details",
    { class: "links" },
    el("summary", {}, `All ${counted(total, "link", "links")} with their numbers`),
    total < pairsInside
      ? note(
          `${total} of ${counted(pairsInside, "pair", "pairs")} inside this story `,
          `${total === 1 ? "is a link" : "are links"}; `,
          "the rest lie under the reporting floor or were no candidates.",
        )
      : null,
    scrolling("Links of this story", el("table", {}, columns, body)),
    links.length > LINKS_LISTED ? button : null,
    more(total - links.length, "link", "links", "pairs.csv"),
  );
}

/** What cleaning took away before anything was compared. */
function cleaned(story, places) {
  const found = story.members
    .map((article) => [article, droppedOf(article)])
    .filter(([, dropped]) => dropped.pieces.length);
  if (!found.length) return null;
  return el(
    "details",
    { class: "dropped" },
    el("summary", {}, "What cleaning took away"),
    found.map(([article, { pieces, left }]) => [
      el("h5", {}, badge(article, places.get(article))),
      el(
        "ul",
        {},
        pieces.map(({ reason, text }) =>
          el("li", {}, el("span", { class: "reason" }, `${reason}: `), said(text, article.language)),
        ),
      ),
      left ? note(`${counted(left, "more piece", "more pieces")} of this article.`) : null,
    ]),
  );
}
