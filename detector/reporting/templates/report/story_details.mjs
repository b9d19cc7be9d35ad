// What a story opens to: its articles, how similar they are, its links, and what cleaning removed.
import { counted, day, percent, twoDecimals } from "./words.mjs";
import { model, words } from "./page.mjs";
import { articleText, dataText, el, facts, heads, moreIn, note, scrolling } from "./dom.mjs";
import { badge, pairView } from "./pair.mjs";
import { storylineOfStory } from "./storylines.mjs";

/**
 * @import { Article, Pair, Story } from "./model.mjs"
 * @import { Child } from "./dom.mjs"
 * @import { Positions } from "./pair.mjs"
 * @typedef {(pair: Pair) => void} Choose
 */

const MATRIX = 24;
const LINKS_LISTED = 30;

/**
 * What a story opens to.
 * @param {Story} story
 */
export function storyDetails(story) {
  /** @type {Positions} */
  const positions = new Map(story.members.map((article, index) => [article, index + 1]));
  const links = model.linksOf(story);
  const several = links.length > 1;
  const title = el("h4", { "aria-live": "polite" });
  const body = el("div", {});
  /** @type {Choose} */
  const choose = (pair) => {
    title.replaceChildren(badge(pair.a, positions.get(pair.a)), " and ", badge(pair.b, positions.get(pair.b)));
    body.replaceChildren(pairView(pair, positions));
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (view.querySelectorAll("[data-pair]")))
      button.setAttribute("aria-pressed", String(button.dataset.pair === String(pair.index)));
  };
  const view = el(
    "div",
    {},
    cards(story, positions),
    storylineOfStory(story),
    several ? [...matrix(story, links, positions, choose), linkTable(story, links, positions, choose)] : null,
    el("div", { class: "chosen" }, several ? title : null, body),
    cleaned(story, positions),
  );
  const first = firstShown(links);
  if (first) choose(first);
  return view;
}

/** The link that is shown first: the strongest between two languages with evidence, else with evidence, else of all. @param {Pair[]} links */
function firstShown(links) {
  const explained = links.filter((pair) => model.evidence().has(pair));
  return explained.find((pair) => pair.a.language !== pair.b.language) ?? explained[0] ?? links[0];
}

/**
 * @param {Story} story
 * @param {Positions} positions
 * @returns {Child[]}
 */
function cards(story, positions) {
  return [
    el("h4", { class: "first" }, "Articles"),
    el(
      "ol",
      { class: story.members.length === 2 ? "articles two" : "articles" },
      story.members.map((article, index) =>
        el(
          "li",
          {},
          badge(article, positions.get(article)),
          el("p", { class: "title", lang: article.language.code, dir: "auto" }, article.headline),
          facts(
            article.source ? dataText(article.source) : null,
            article.date ? dataText(day(article.date)) : null,
            `belongs here: ${words.likelihood(story.membership[index])}`,
            article === story.heads[0] ? "representative" : null,
            story.roundups.has(article) ? "roundup" : null,
          ),
          el("p", { class: "id" }, address(article)),
        ),
      ),
    ),
    moreIn(story.size - story.members.length, "article", "articles", "stories.csv"),
  ];
}

/**
 * The id of an article, and its address: a link only if it leads to the web.
 * @param {Article} article
 * @returns {Child[]}
 */
function address(article) {
  const id = dataText(article.id);
  if (!article.url) return [id];
  const url = dataText(article.url);
  const linked = /^https?:\/\//i.test(article.url);
  return [id, " ", linked ? el("a", { href: article.url, rel: "noopener noreferrer nofollow" }, url) : url];
}

/**
 * The similarity of every two articles; a cell chooses the link whose sentences are shown.
 * @param {Story} story
 * @param {Pair[]} links
 * @param {Positions} positions
 * @param {Choose} choose
 * @returns {Child[]}
 */
function matrix(story, links, positions, choose) {
  const rows = story.members.slice(0, MATRIX);
  /** @type {Map<Article, Map<Article, Pair>>} */
  const pairOf = new Map(rows.map((row) => [row, new Map()]));
  for (const pair of links) {
    pairOf.get(pair.a)?.set(pair.b, pair);
    pairOf.get(pair.b)?.set(pair.a, pair);
  }
  /**
   * @param {Article} article
   * @param {string} scope
   */
  const name = (article, scope) =>
    el(
      "th",
      { scope, title: article.language.name },
      el("span", { class: "position" }, String(positions.get(article))),
      " ",
      article.language.code,
    );
  return [
    el("h4", {}, "Similarity of the articles"),
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
              rows.map((column) => cell(row, column, pairOf.get(row)?.get(column), positions, choose)),
            ),
          ),
        ),
      ),
    ),
  ];
}

/**
 * @param {Article} row
 * @param {Article} column
 * @param {Pair | undefined} pair
 * @param {Positions} positions
 * @param {Choose} choose
 */
function cell(row, column, pair, positions, choose) {
  if (row === column) return el("td", { class: "self" });
  if (!pair) return el("td", { class: "none" }, el("span", { "aria-label": "no link" }, "·"));
  const [first, second] = [row, column].map((article) => `${positions.get(article)} ${article.language.name}`);
  const numbers = `similarity ${twoDecimals(pair.similarity)}, probability ${words.likelihood(pair.probability)}`;
  const label = `${first} and ${second}: ${numbers}`;
  return el(
    "td",
    {},
    el(
      "button",
      {
        type: "button",
        class: `heat h${Math.min(9, Math.floor(pair.similarity * 10))}`,
        "data-pair": pair.index,
        "aria-label": label,
        title: label,
        onclick: () => choose(pair),
      },
      twoDecimals(pair.similarity).replace(/^0/, ""),
    ),
  );
}

/**
 * @param {Story} story
 * @param {Pair[]} links
 * @param {Positions} positions
 * @param {Choose} choose
 */
function linkTable(story, links, positions, choose) {
  const total = model.linkCount(story);
  const pairsInside = (story.size * (story.size - 1)) / 2;
  /** @param {Pair} pair */
  const row = (pair) => linkRow(pair, positions, choose);
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
    "Articles",
    "#Same event",
    "#Same affair",
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
          "the others are not probable enough to be listed, or were not compared.",
        )
      : null,
    scrolling("Links of this story", el("table", {}, columns, body)),
    links.length > LINKS_LISTED ? button : null,
    moreIn(total - links.length, "link", "links", "pairs.csv"),
  );
}

/**
 * @param {Pair} pair
 * @param {Positions} positions
 * @param {Choose} choose
 */
const linkRow = (pair, positions, choose) =>
  el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el(
        "button",
        { type: "button", class: "plain", "data-pair": pair.index, onclick: () => choose(pair) },
        badge(pair.a, positions.get(pair.a)),
        " – ",
        badge(pair.b, positions.get(pair.b)),
      ),
    ),
    el("td", { class: "number" }, words.likelihood(pair.probability)),
    el("td", { class: "number" }, words.likelihood(pair.storyline_probability)),
    el("td", { class: "number" }, twoDecimals(pair.similarity)),
    el("td", { class: "number" }, percent(pair.coverage_a)),
    el("td", { class: "number" }, percent(pair.coverage_b)),
    el("td", {}, model.relationOf(pair)),
  );

/**
 * What cleaning removed before anything was compared.
 * @param {Story} story
 * @param {Positions} positions
 */
function cleaned(story, positions) {
  const dropped = story.members
    .map((article) => ({ article, ...model.evidence().droppedFrom(article) }))
    .filter(({ pieces }) => pieces.length);
  if (!dropped.length) return null;
  return el(
    "details",
    { class: "dropped" },
    el("summary", {}, "What cleaning removed"),
    dropped.map(({ article, pieces, left }) => [
      el("h5", {}, badge(article, positions.get(article))),
      el(
        "ul",
        {},
        pieces.map(({ reason, text }) =>
          el("li", {}, el("span", { class: "reason" }, `${reason}: `), articleText(text, article.language)),
        ),
      ),
      left ? note(`${counted(left, "more piece", "more pieces")} of this article.`) : null,
    ]),
  );
}
