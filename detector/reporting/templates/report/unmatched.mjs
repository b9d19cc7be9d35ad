// What is outside the stories: pairs whose articles are in different stories, and articles in none.
import { day } from "./words.mjs";
import { byId, model, words } from "./page.mjs";
import { articleText, dataText, el, heads, moreIn, scrolling } from "./dom.mjs";
import { bar } from "./pictures.mjs";
import { pairView } from "./pair.mjs";

/** @import { Article, Pair } from "./model.mjs" */

/** Show the most probable pairs whose articles are in different stories; each opens to its evidence. */
export function showNearMisses() {
  const { near, near_in_all, threshold } = model.shown;
  const over = near.some((pair) => pair.probability >= threshold);
  const left = moreIn(near_in_all - near.length, "pair", "pairs", "pairs.csv");
  byId("near").replaceChildren(
    el(
      "p",
      { class: "intro" },
      near.length
        ? "The most probable pairs whose articles are in different stories."
        : "No pair of articles in different stories is probable enough to be listed.",
      over
        ? " Those at or above the threshold were kept apart because the articles around them do not fit together."
        : null,
    ),
    ...near.map(nearMiss),
    ...(left ? [left] : []),
  );
}

/** @param {Pair} pair */
function nearMiss(pair) {
  const body = el("div", { class: "body" });
  const fillBody = () => body.childNodes.length || body.append(pairView(pair, new Map()));
  return el(
    "details",
    { class: "near", ontoggle: fillBody },
    el(
      "summary",
      {},
      pairTitle(pair.a),
      pairTitle(pair.b),
      el("span", { class: "chance" }, words.likelihood(pair.probability), bar(pair.probability), relationName(pair)),
    ),
    body,
  );
}

/** @param {Pair} pair */
function relationName(pair) {
  const relation = model.relationOf(pair);
  return relation === "different" ? null : el("span", { class: "quiet" }, relation);
}

/** @param {Article} article */
const pairTitle = (article) =>
  el(
    "span",
    { class: "end" },
    el("span", { class: "language" }, article.language.name),
    articleText(article.headline, article.language),
  );

/** Show the articles in no story, each with the article nearest to it. */
export function showAlone() {
  const { alone, alone_in_all } = model.shown;
  const section = byId("alone");
  if (!alone.length) {
    section.replaceChildren(el("p", { class: "intro" }, "Every article matches another."));
    return;
  }
  const rows = alone.map(({ article, nearest }) => aloneRow(article, nearest));
  section.replaceChildren(
    scrolling(
      byId("alone-heading").textContent ?? "",
      el(
        "table",
        { class: "titles" },
        heads("Article", "Language", "Date", "Nearest article", "#Probability"),
        el("tbody", {}, rows),
      ),
    ),
    moreIn(alone_in_all - alone.length, "article", "articles", "stories.csv") ?? "",
  );
}

/**
 * @param {Article} article
 * @param {Pair | undefined} nearest
 */
const aloneRow = (article, nearest) =>
  el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      articleText(article.headline, article.language),
      el("span", { class: "id" }, dataText(article.id)),
    ),
    el("td", {}, article.language.name),
    el("td", {}, dataText(day(article.date))),
    nearest ? nearestCell(nearest.a === article ? nearest.b : nearest.a) : el("td", { class: "quiet" }, "none"),
    el("td", { class: "number" }, nearest ? words.likelihood(nearest.probability) : ""),
  );

/** @param {Article} article */
const nearestCell = (article) =>
  el(
    "td",
    {},
    articleText(article.headline, article.language),
    el("span", { class: "quiet" }, ` (${article.language.name})`),
  );
