// One pair of articles: how probable it is, the aligned sentences, and what only one of the two reports.
import { capitalized, percent, twoDecimals } from "./words.mjs";
import { callings } from "./layout.mjs";
import { model, words } from "./page.mjs";
import { dataText, el, listed, moreIn, note } from "./dom.mjs";
import { bar } from "./pictures.mjs";
import { waterfall } from "./waterfall.mjs";

/**
 * @import { Evidence, OnlyIn, Sentence } from "./evidence.mjs"
 * @import { Article, Pair } from "./model.mjs"
 * @import { Child } from "./dom.mjs"
 *
 * The position of each article in its story, from 1 on; empty outside a story.
 * @typedef {Map<Article, number>} Positions
 */

// Up to so many sentences of one side only are shown before the aligned sentences, more after them.
const FEW = 6;

/**
 * How each kind of mark looks, and what it means.
 * @type {Record<string, { meaning: string, mark: (text: string) => HTMLElement }>}
 */
const MARKS = {
  shared: { meaning: "in both", mark: (text) => el("mark", {}, text) },
  added: { meaning: "only here", mark: (text) => el("span", { class: "added" }, text) },
  different: { meaning: "differs", mark: (text) => el("span", { class: "differing" }, text) },
};

/**
 * The position of an article inside its story, and its language.
 * @param {Article} article
 * @param {number | undefined} position
 */
export const badge = (article, position) =>
  el(
    "span",
    { class: "who" },
    position ? el("span", { class: "position" }, String(position)) : null,
    " ",
    article.language.name,
  );

/**
 * A pair with all that the page knows of it.
 * @param {Pair} pair
 * @param {Positions} positions
 */
export function pairView(pair, positions) {
  const evidence = model.evidence().of(pair);
  const [a, b] = callings(pair, positions);
  return el(
    "div",
    { class: "link" },
    el(
      "p",
      { class: "verdict" },
      el("strong", {}, capitalized(words.verdict(pair.probability))),
      ` (${words.likelihood(pair.probability)}). `,
      relationSentence(pair, a, b),
    ),
    figures(pair, a, b),
    evidence ? evidenceView(pair, evidence, positions, a, b) : notHere(pair),
  );
}

/**
 * @param {Pair} pair
 * @param {string} a
 * @param {string} b
 */
function relationSentence(pair, a, b) {
  const relation = model.relationOf(pair);
  const meaning =
    pair.contained && relation === "partial reuse"
      ? pair.contained === pair.a
        ? words.contained(a, b)
        : words.contained(b, a)
      : words.relation(relation);
  return `${capitalized(relation)}: ${meaning}.`;
}

/**
 * @param {Pair} pair
 * @param {string} a
 * @param {string} b
 */
function figures(pair, a, b) {
  /**
   * @param {string} name
   * @param {string} value
   * @param {number | null} share
   */
  const figure = (name, value, share) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value, share === null ? null : bar(share)));
  return el(
    "dl",
    { class: "figures" },
    figure("Same event", words.likelihood(pair.probability), pair.probability),
    figure("Same affair", words.likelihood(pair.storyline_probability), pair.storyline_probability),
    figure("Similarity", twoDecimals(pair.similarity), pair.similarity),
    figure(`Coverage of ${a}`, percent(pair.coverage_a), pair.coverage_a),
    figure(`Coverage of ${b}`, percent(pair.coverage_b), pair.coverage_b),
    figure("Time between", pair.apart, null),
  );
}

/** @param {Pair} pair */
const notHere = (pair) =>
  note(
    "The sentences of this pair are not on this page. To see them, run ",
    el("code", {}, "detector compare"),
    " on the two articles, ",
    dataText(pair.a.id),
    " and ",
    dataText(pair.b.id),
    ".",
  );

/**
 * @param {Pair} pair
 * @param {Evidence} evidence
 * @param {Positions} positions
 * @param {string} a
 * @param {string} b
 * @returns {Child[]}
 */
function evidenceView(pair, evidence, positions, a, b) {
  const sides = el("div", { class: "sides" }, onlyIn(evidence.only_a, pair.a, a), onlyIn(evidence.only_b, pair.b, b));
  const few = evidence.only_a.texts.length + evidence.only_b.texts.length <= FEW;
  return [
    few ? sides : null,
    ...alignment(pair, evidence, positions, a, b),
    few ? null : sides,
    evidence.names.length || evidence.numbers.length ? shared(evidence) : null,
    waterfall(pair, evidence.shares),
  ];
}

/** @param {Evidence} evidence */
function shared(evidence) {
  /**
   * @param {string} name
   * @param {string[]} texts
   */
  const entry = (name, texts) => (texts.length ? el("div", {}, el("dt", {}, name), el("dd", {}, listed(texts))) : null);
  return el(
    "dl",
    { class: "shared" },
    entry("Shared names", evidence.names),
    entry("Shared numbers", evidence.numbers),
  );
}

/**
 * @param {Pair} pair
 * @param {Evidence} evidence
 * @param {Positions} positions
 * @param {string} a
 * @param {string} b
 * @returns {Child[]}
 */
function alignment(pair, evidence, positions, a, b) {
  if (!evidence.aligned.length) return [note("No sentence of one article matches a sentence of the other.")];
  const kinds = new Set(evidence.aligned.flatMap((row) => [...row.a.marks, ...row.b.marks]).map(({ kind }) => kind));
  return [
    el("h5", {}, "Aligned sentences"),
    el(
      "p",
      { class: "key", "aria-hidden": "true" },
      Object.entries(MARKS)
        .filter(([kind]) => kinds.has(kind))
        .map(([, { meaning, mark }]) => [mark(meaning), " "]),
    ),
    el(
      "div",
      { class: "columns", "aria-hidden": "true" },
      badge(pair.a, positions.get(pair.a)),
      badge(pair.b, positions.get(pair.b)),
      el("span", {}, "cosine"),
    ),
    el(
      "ol",
      { class: "aligned" },
      evidence.aligned.map((row) =>
        el(
          "li",
          {},
          sentence(row.a, pair.a, a),
          sentence(row.b, pair.b, b),
          el("span", { class: "cosine" }, el("span", { class: "unseen" }, "cosine "), twoDecimals(row.cosine)),
        ),
      ),
    ),
    moreIn(evidence.aligned_left, "pair of sentences", "pairs of sentences", "stories.jsonl"),
  ];
}

/**
 * @param {Sentence} side
 * @param {Article} article
 * @param {string} calling
 */
function sentence(side, article, calling) {
  return el(
    "div",
    {},
    el(
      "p",
      { lang: article.language.code, dir: "auto" },
      el("span", { class: "unseen", lang: "en" }, `${calling}: `),
      marked(side),
    ),
    side.differs.length ? el("p", { class: "differs" }, "Only here: ", listed(side.differs)) : null,
  );
}

/**
 * A sentence with what is shared, added or different marked.
 * @param {Sentence} sentence
 * @returns {Child[]}
 */
function marked({ text, marks }) {
  /** @type {Child[]} */
  const parts = [];
  let end = 0;
  for (const { start, length, kind } of marks) {
    parts.push(text.slice(end, start), MARKS[kind].mark(text.slice(start, start + length)));
    end = start + length;
  }
  return [...parts, text.slice(end)];
}

/**
 * @param {OnlyIn} side
 * @param {Article} article
 * @param {string} calling
 */
function onlyIn(side, article, calling) {
  return el(
    "section",
    {},
    el("h5", {}, `Only in ${calling}`),
    side.texts.length
      ? el(
          "ul",
          { lang: article.language.code },
          side.texts.map((text) => el("li", { dir: "auto" }, text)),
        )
      : note("Every sentence matches one of the other article."),
    moreIn(side.left, "sentence", "sentences", "stories.jsonl"),
  );
}
