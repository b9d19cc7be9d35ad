// The articles, pairs and stories of the page, made from its tables, and the threshold at which it shows them.
import { PageEvidence } from "./evidence.mjs";
import { named } from "./rows.mjs";

/**
 * @import { AloneRow, ArticleRow, EvidenceTables, LanguageRow } from "./rows.mjs"
 * @import { PairRow, ReportTables, StorylineRow, StoryRow, ThresholdRow } from "./rows.mjs"
 */

/**
 * @typedef {LanguageRow} Language
 * @typedef {Omit<ArticleRow, "language" | "source"> & { index: number, language: Language, source: string }} Article
 *
 * @typedef {object} Pair
 * @property {number} index
 * @property {Article} a
 * @property {Article} b
 * @property {number} probability of one event
 * @property {number} storyline_probability of one affair
 * @property {number} similarity
 * @property {number} coverage_a
 * @property {number} coverage_b
 * @property {string} relation as if both articles were one story
 * @property {string} otherwise as if they were not; `relationOf` gives the one to show
 * @property {string} apart
 * @property {Article | undefined} contained the article that the other one contains
 *
 * @typedef {object} Story
 * @property {number} index
 * @property {Article[]} members
 * @property {Article[]} heads
 * @property {number} size
 * @property {number} strength
 * @property {number} weakest
 * @property {number[]} membership
 * @property {Set<Article>} roundups
 * @property {Language[]} languages
 * @property {string[]} sources
 * @property {number} source_count
 * @property {string} first_day
 * @property {string} last_day
 *
 * A story of a storyline: its representative article, and the story if the page lists it.
 * @typedef {{ head: Article, story: Story | undefined, day: string }} StoryOfLine
 * @typedef {{ stories: StoryOfLine[], size: number, articles: number }} Storyline
 *
 * What the page shows at one threshold.
 * @typedef {object} Step
 * @property {number} threshold
 * @property {ThresholdRow} counts
 * @property {Story[]} stories
 * @property {Map<Story, { relations: string[], links: number }>} links
 * @property {Storyline[]} storylines
 * @property {number} storylines_in_all
 * @property {Map<Story, Storyline>} lineOf
 * @property {{ article: Article, nearest: Pair | undefined }[]} alone
 * @property {number} alone_in_all
 * @property {Pair[]} near
 * @property {number} near_in_all
 */

const OF_TWO_STORIES = new Set(["follow-up", "same form", "different"]);

/**
 * Whether a relation is one of articles in the same story.
 * @param {string} relation
 */
export const inOneStory = (relation) => !OF_TWO_STORIES.has(relation);

export class Model {
  /**
   * @param {ReportTables} tables
   * @param {() => EvidenceTables} readEvidence called once, when evidence is first needed
   */
  constructor(tables, readEvidence) {
    const { columns } = tables;
    /** @type {Language[]} */
    const languages = tables.languages.map((row) => named(columns.language, row));
    this.floor = tables.floor;
    this.relations = tables.relations;
    this.ownThreshold = tables.threshold;
    /** @type {ThresholdRow[]} */
    this.thresholds = tables.thresholds.map((row) => named(columns.threshold, row));
    this.articles = tables.articles.map((row, index) => articleOf(named(columns.article, row), index, languages, tables));
    this.pairs = tables.pairs.map((row, index) => pairOf(named(columns.pair, row), index, this.articles, tables));
    this.stories = tables.stories.map((row, index) =>
      storyOf(named(columns.story, row), index, this.articles, languages, tables),
    );
    this.steps = tables.stories_at.map((at) => stepOf(at, this, columns));
    this.shown = this.steps.find((step) => step.threshold === tables.threshold) ?? this.steps[0];
    this.readEvidence = readEvidence;
    /** @type {PageEvidence | null} */
    this.pageEvidence = null;
    /** @type {Map<Article, Pair[]> | null} */
    this.pairsByArticle = null;
    /** @type {Map<Article, string[]> | null} */
    this.namesByArticle = null;
  }

  /**
   * The relation of a pair at the threshold shown.
   * @param {Pair} pair
   */
  relationOf(pair) {
    return pair.probability >= this.shown.threshold ? pair.relation : pair.otherwise;
  }

  /**
   * The relations that the links of a story have at the threshold shown.
   * @param {Story} story
   */
  relationsOf(story) {
    return this.shown.links.get(story)?.relations ?? [];
  }

  /**
   * The storyline that a story is in at the threshold shown, unless it is the only story of it.
   * @param {Story} story
   */
  storylineOf(story) {
    return this.shown.lineOf.get(story);
  }

  /**
   * How many links a story has at the threshold shown.
   * @param {Story} story
   */
  linkCount(story) {
    return this.shown.links.get(story)?.links ?? 0;
  }

  /**
   * The links of a story that the page holds, strongest first.
   * @param {Story} story
   */
  linksOf(story) {
    this.pairsByArticle ??= grouped(this.pairs, (pair) => pair.a);
    const byArticle = this.pairsByArticle;
    const members = new Set(story.members);
    return story.members
      .flatMap((member) => byArticle.get(member) ?? [])
      .filter((pair) => members.has(pair.b) && pair.storyline_probability >= this.floor)
      .sort((pair, next) => next.probability - pair.probability || pair.index - next.index);
  }

  /** The evidence of the page, which is read when it is first needed. */
  evidence() {
    this.pageEvidence ??= new PageEvidence(this.readEvidence());
    return this.pageEvidence;
  }

  /**
   * The names that the article shares with others.
   * @param {Article} article
   */
  namesOf(article) {
    this.namesByArticle ??= namesByArticle(this.evidence(), this.pairs);
    return this.namesByArticle.get(article) ?? [];
  }
}

/**
 * @param {ArticleRow} row
 * @param {number} index
 * @param {Language[]} languages
 * @param {ReportTables} tables
 * @returns {Article}
 */
function articleOf(row, index, languages, tables) {
  return { ...row, index, language: languages[row.language], source: tables.sources[row.source] ?? "" };
}

/**
 * @param {PairRow} row
 * @param {number} index
 * @param {Article[]} articles
 * @param {ReportTables} tables
 * @returns {Pair}
 */
function pairOf(row, index, articles, tables) {
  return {
    ...row,
    index,
    a: articles[row.a],
    b: articles[row.b],
    relation: tables.relations[row.relation],
    otherwise: tables.relations[row.otherwise],
    apart: tables.apart[row.apart],
    contained: articles[row.contained],
  };
}

/**
 * @param {StoryRow} row
 * @param {number} index
 * @param {Article[]} articles
 * @param {Language[]} languages
 * @param {ReportTables} tables
 * @returns {Story}
 */
function storyOf(row, index, articles, languages, tables) {
  return {
    ...row,
    index,
    members: row.members.map((member) => articles[member]),
    heads: row.heads.map((head) => articles[head]),
    roundups: new Set(row.roundups.map((roundup) => articles[roundup])),
    languages: row.languages.map((language) => languages[language]),
    sources: row.sources.map((source) => tables.sources[source]),
  };
}

/**
 * @param {import("./rows.mjs").StoriesAtThreshold} at
 * @param {Model} model
 * @param {Record<string, string[]>} columns
 * @returns {Step}
 */
function stepOf(at, model, columns) {
  const counts = model.thresholds.find(({ threshold }) => threshold === at.threshold);
  if (!counts) throw new Error(`no counts for the threshold ${at.threshold}`);
  /** @type {AloneRow[]} */
  const alone = at.alone.map((row) => named(columns.alone, row));
  const stories = at.stories.map((story) => model.stories[story]);
  const storylines = at.storylines.map((row) => storylineOfRow(named(columns.storyline, row), model));
  return {
    threshold: at.threshold,
    counts,
    stories,
    links: new Map(
      stories.map((story, index) => [
        story,
        { relations: at.relations[index].map((relation) => model.relations[relation]), links: at.links[index] },
      ]),
    ),
    storylines,
    storylines_in_all: at.storylines_in_all,
    lineOf: new Map(
      storylines.flatMap((line) => line.stories.flatMap(({ story }) => (story ? [[story, line]] : []))),
    ),
    alone: alone.map(({ article, nearest }) => ({ article: model.articles[article], nearest: model.pairs[nearest] })),
    alone_in_all: at.alone_in_all,
    near: at.near.map((pair) => model.pairs[pair]),
    near_in_all: at.near_in_all,
  };
}

/**
 * @param {StorylineRow} row
 * @param {Model} model
 * @returns {Storyline}
 */
function storylineOfRow({ heads, stories, days, size, articles }, model) {
  const parts = heads.map((head, index) => ({
    head: model.articles[head],
    story: model.stories[stories[index]],
    day: days[index],
  }));
  return { stories: parts, size, articles };
}

/**
 * The names that the evidence shows for each article.
 * @param {PageEvidence} evidence
 * @param {Pair[]} pairs
 * @returns {Map<Article, string[]>}
 */
function namesByArticle(evidence, pairs) {
  const names = new Map();
  for (const pair of pairs) {
    const shared = evidence.namesOf(pair);
    for (const article of [pair.a, pair.b]) names.set(article, [...(names.get(article) ?? []), ...shared]);
  }
  return names;
}

/**
 * @template Item, Key
 * @param {Item[]} items
 * @param {(item: Item) => Key} keyOf
 * @returns {Map<Key, Item[]>}
 */
function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
