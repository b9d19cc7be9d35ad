// A small page made by hand: five articles, two stories, one near miss, at two thresholds.
import { readFileSync } from "node:fs";

const PACKAGE = new URL("../../../../detector/reporting/", import.meta.url);

/** The phrases that Python and the page share. */
export const phrases = JSON.parse(readFileSync(new URL("phrases.json", PACKAGE), "utf-8"));

const articles = [
  { headline: "Élections à Paris", language: 0, source: 0, date: "2026-05-01", id: "fr-1", url: "" },
  { headline: "Vote in Paris", language: 1, source: 1, date: "2026-05-02", id: "en-1", url: "https://example.org" },
  { headline: "Paris votes", language: 1, source: -1, date: "", id: "en-2", url: "" },
  { headline: "Flood", language: 1, source: 1, date: "2026-04-01", id: "en-3", url: "" },
  { headline: "Floods again", language: 1, source: 1, date: "2026-04-09", id: "en-4", url: "" },
];
const pair = { similarity: 0.5, coverage_a: 0.4, coverage_b: 0.3, relation: 1, otherwise: 2, apart: 0, contained: -1 };
const pairs = [
  { ...pair, a: 1, b: 2, probability: 0.8, storyline_probability: 0.8 },
  { ...pair, a: 0, b: 1, probability: 0.9, storyline_probability: 0.9, relation: 0, contained: 1 },
  { ...pair, a: 3, b: 4, probability: 0.6, storyline_probability: 0.65, otherwise: 3 },
  { ...pair, a: 0, b: 2, probability: 0.05, storyline_probability: 0.05 },
  { ...pair, a: 2, b: 3, probability: 0.3, storyline_probability: 0.5, otherwise: 3 },
];
const story = { membership: [], roundups: [], source_count: 1 };
const stories = [
  {
    ...story,
    members: [0, 1, 2],
    heads: [1, 0],
    size: 3,
    strength: 0.7,
    weakest: 0.2,
    roundups: [2],
    languages: [1, 0],
    sources: [0, 1],
    first_day: "2026-05-01",
    last_day: "2026-05-02",
  },
  {
    ...story,
    members: [3, 4],
    heads: [3],
    size: 2,
    strength: 0.9,
    weakest: 0.9,
    languages: [1],
    sources: [1],
    first_day: "2026-04-01",
    last_day: "2026-04-09",
  },
];
const counts = [
  { threshold: 0.5, stories: 2, storylines: 1, across: 1, inside: 5, largest: 3, alone: 0, lead: "5 of them." },
  { threshold: 0.7, stories: 1, storylines: 1, across: 1, inside: 3, largest: 3, alone: 2, lead: "3 of them." },
];
const storyline = { heads: [3, 1], stories: [1, 0], days: ["2026-04-01", "2026-05-01"], size: 2, articles: 5 };
const aligned = [
  { text_a: 0, text_b: 1, cosine: 0.8, marks_a: [{ start: 3, length: 5, kind: 1 }], marks_b: [], differs_a: [2], differs_b: [] },
];
const evidence = [
  {
    aligned,
    aligned_left: 4,
    only_a: { texts: [1], left: 2 },
    only_b: { texts: [], left: 0 },
    numbers: [],
    names: [3],
    shares: [{ feature: "before any evidence", share: -2 }],
  },
];

/** The row of an object, nested objects made rows too; the order of the columns is that of the kind. */
function row(columns, kinds, kind, object) {
  return columns[kind].map((name) => {
    const value = object[name];
    const inner = kinds[name];
    if (!inner) return value;
    return Array.isArray(value) ? value.map((each) => row(columns, kinds, inner, each)) : row(columns, kinds, inner, value);
  });
}

/** The names of the columns of each kind, `arranged` as a test wants them. */
const columnsOf = (kinds, arranged) =>
  Object.fromEntries(Object.entries(kinds).map(([kind, object]) => [kind, arranged(Object.keys(object))]));

/** The tables of the page, as Python writes them; `arranged` orders the columns. */
export function reportTables(arranged = (names) => names) {
  const alone = { article: 3, nearest: 4 };
  const kinds = {
    language: { code: "", name: "" },
    article: articles[0],
    pair: pairs[0],
    story: stories[0],
    storyline,
    threshold: counts[0],
    alone,
  };
  const columns = columnsOf(kinds, arranged);
  const rows = (kind, objects) => objects.map((object) => row(columns, {}, kind, object));
  const languages = [
    { code: "fr", name: "French" },
    { code: "en", name: "English" },
  ];
  return {
    columns,
    languages: rows("language", languages),
    sources: ["Le Matin", "The Evening"],
    relations: ["translation", "same story", "different", "follow-up"],
    apart: ["1 day"],
    articles: rows("article", articles),
    pairs: rows("pair", pairs),
    stories: rows("story", stories),
    phrases,
    threshold: 0.7,
    floor: 0.1,
    thresholds: rows("threshold", counts),
    stories_at: [
      {
        threshold: 0.5,
        stories: [0, 1],
        relations: [[0, 1], [1]],
        links: [2, 1],
        storylines: rows("storyline", [storyline]),
        storylines_in_all: 1,
        alone: [],
        alone_in_all: 0,
        near: [4],
        near_in_all: 1,
      },
      {
        threshold: 0.7,
        stories: [0],
        relations: [[0, 1]],
        links: [2],
        storylines: rows("storyline", [{ ...storyline, stories: [-1, 0], size: 3 }]),
        storylines_in_all: 1,
        alone: rows("alone", [alone, { article: 4, nearest: -1 }]),
        alone_in_all: 2,
        near: [],
        near_in_all: 0,
      },
    ],
  };
}

/** The evidence of the pair with index 1, and what cleaning took from the first article. */
export function evidenceTables(arranged = (names) => names) {
  const piece = { reason: "a byline", text: 2 };
  const kinds = {
    evidence: evidence[0],
    aligned: aligned[0],
    mark: aligned[0].marks_a[0],
    only: evidence[0].only_a,
    share: evidence[0].shares[0],
    dropped: { pieces: [piece], left: 1 },
    piece,
  };
  const columns = columnsOf(kinds, arranged);
  const nested = {
    aligned: "aligned",
    marks_a: "mark",
    marks_b: "mark",
    only_a: "only",
    only_b: "only",
    shares: "share",
    pieces: "piece",
  };
  return {
    columns,
    kinds: ["plain", "shared", "added", "different"],
    texts: ["In Paris on Sunday.", "À Paris.", "Sunday", "Hidalgo"],
    pairs: { 1: row(columns, nested, "evidence", evidence[0]) },
    dropped: { 0: row(columns, nested, "dropped", kinds.dropped) },
  };
}
