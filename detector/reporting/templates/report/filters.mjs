// Which stories the list shows, and in which order.
import { folded } from "./words.mjs";
import { inOneStory } from "./model.mjs";

/**
 * @import { Model, Story } from "./model.mjs"
 *
 * What the reader chose, as the form holds it; an empty text chooses all.
 * @typedef {object} Choices
 * @property {string} [search]
 * @property {string} [language] a code
 * @property {string} [source]
 * @property {string} [relation]
 * @property {string} [size] the least number of articles
 * @property {string} [across] not empty: only stories in several languages
 * @property {string} [order]
 */

/** @type {Record<string, (story: Story, next: Story) => number>} */
const orders = {
  size: (story, next) => next.size - story.size || next.languages.length - story.languages.length,
  languages: (story, next) => next.languages.length - story.languages.length || next.size - story.size,
  strongest: (story, next) => next.strength - story.strength,
  weakest: (story, next) => story.weakest - next.weakest,
  newest: (story, next) => next.last_day.localeCompare(story.last_day),
};

/** @type {WeakMap<Story, string>} */
const searchTexts = new WeakMap();

/**
 * All that a search looks in: headlines, ids, shared names and sources.
 * @param {Model} model
 * @param {Story} story
 */
function searchText(model, story) {
  let text = searchTexts.get(story);
  if (text === undefined) {
    const parts = story.members.flatMap((article) => [article.headline, article.id, ...model.namesOf(article)]);
    text = folded([...parts, ...story.sources].join("\n"));
    searchTexts.set(story, text);
  }
  return text;
}

/**
 * The stories at the threshold shown that pass the filters, in the order chosen.
 * @param {Model} model
 * @param {Choices} choices
 * @returns {Story[]}
 */
export function chosenStories(model, choices) {
  const { search = "", language, source, relation, size = "", across, order = "" } = choices;
  const wanted = folded(search).split(/\s+/).filter(Boolean);
  return model.shown.stories
    .filter(
      (story) =>
        story.size >= Number(size) &&
        (!across || story.languages.length > 1) &&
        (!language || story.languages.some(({ code }) => code === language)) &&
        (!source || story.sources.includes(source)) &&
        (!relation || model.relationsOf(story).includes(relation)) &&
        wanted.every((word) => searchText(model, story).includes(word)),
    )
    .sort(orders[order] ?? orders.size);
}

/**
 * What the filters offer: the languages and sources of the stories, in alphabetical order, and the relations.
 * @param {Model} model
 */
export function offered(model) {
  const languages = [...new Set(model.stories.flatMap((story) => story.languages))];
  const sources = [...new Set(model.stories.flatMap((story) => story.sources))];
  return {
    languages: languages.sort((language, next) => language.name.localeCompare(next.name)),
    sources: sources.sort((source, next) => source.localeCompare(next)),
    relations: model.relations.filter(inOneStory),
  };
}
