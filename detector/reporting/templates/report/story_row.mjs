// A story of the list: its line, which opens to its details.
import { counted, daySpan } from "./words.mjs";
import { inOneStory } from "./model.mjs";
import { model, words } from "./page.mjs";
import { articleText, el, facts, listed } from "./dom.mjs";
import { bar, ring } from "./pictures.mjs";
import { storyDetails } from "./story_details.mjs";

/** @import { Article, Story } from "./model.mjs" */

const LANGUAGES_NAMED = 6;
const SOURCES_NAMED = 4;

/**
 * The line of a story, and a function that opens it. Its details are made when it is first opened.
 * @param {Story} story
 * @returns {{ view: HTMLElement, open: () => void }}
 */
export function storyRow(story) {
  const id = `story-${story.index}`;
  const [representative] = story.heads;
  const body = el("div", { class: "body", id, hidden: true });
  const button = el(
    "button",
    {
      type: "button",
      "aria-expanded": "false",
      "aria-controls": id,
      lang: representative.language.code,
      dir: "auto",
    },
    representative.headline,
  );
  const toggle = () => {
    const opening = body.hidden;
    if (opening && !body.childNodes.length) body.append(storyDetails(story));
    body.hidden = !opening;
    button.setAttribute("aria-expanded", String(opening));
    view.classList.toggle("open", opening);
  };
  /** @param {Event} event */
  const clicked = (event) => {
    // A reader who selects text in the line does not mean to open it.
    if (event.target === button || !String(document.getSelection())) toggle();
  };
  const view = el(
    "article",
    { class: "story" },
    el(
      "header",
      { onclick: clicked },
      el("div", { class: "headlines" }, kicker(story), el("h3", {}, button), otherHeadlines(story), storyFacts(story)),
      el("div", { class: "look" }, ring(story), strength(story)),
    ),
    body,
  );
  return { view, open: () => body.hidden && toggle() };
}

/** @param {Story} story */
function kicker(story) {
  const relations = model.relationsOf(story).filter(inOneStory);
  const names = story.languages.map((language) => language.name).sort();
  const left = names.length - LANGUAGES_NAMED;
  const languages =
    left > 1 ? `${names.slice(0, LANGUAGES_NAMED).join(", ")} and ${left} more languages` : names.join(", ");
  return el(
    "p",
    { class: "kicker" },
    languages,
    relations.length ? el("span", { class: "relations" }, ` · ${relations.join(", ")}`) : null,
  );
}

/** @param {Story} story */
function otherHeadlines(story) {
  const others = story.heads.slice(1);
  if (!others.length) return null;
  const left = story.languages.length - story.heads.length;
  return el(
    "ul",
    { class: "also" },
    others.map((article) => el("li", {}, headlineWithLanguage(article))),
    left > 0 ? el("li", { class: "more" }, `and in ${counted(left, "more language", "more languages")}`) : null,
  );
}

/** @param {Article} article */
const headlineWithLanguage = (article) => [
  el("span", { class: "language" }, article.language.name),
  articleText(article.headline, article.language),
];

/** @param {Story} story */
function storyFacts(story) {
  const sources = listed(story.sources.slice(0, SOURCES_NAMED));
  const left = story.source_count - Math.min(SOURCES_NAMED, story.sources.length);
  const storyline = model.storylineOf(story);
  return facts(
    counted(story.size, "article", "articles"),
    storyline ? `storyline of ${counted(storyline.size, "story", "stories")}` : null,
    daySpan(story.first_day, story.last_day),
    sources.length ? [...sources, left > 0 ? ` and ${left} more` : null] : null,
  );
}

/** @param {Story} story */
const strength = (story) =>
  el(
    "dl",
    { class: "strength" },
    el(
      "div",
      {},
      el("dt", {}, story.size === 2 ? "probability" : "mean probability"),
      el("dd", {}, words.likelihood(story.strength), bar(story.strength)),
    ),
    story.size === 2
      ? null
      : el("div", { class: "weakest" }, el("dt", {}, "weakest link"), el("dd", {}, words.likelihood(story.weakest))),
  );
