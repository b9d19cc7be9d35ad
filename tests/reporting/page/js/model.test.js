// What the page's script makes of the tables that Python writes.
import assert from "node:assert/strict";
import test from "node:test";

import { Model } from "../../../../detector/reporting/templates/report/model.mjs";
import { evidenceTables, reportTables } from "./sample.js";

const makeModel = (arranged) => new Model(reportTables(arranged), () => evidenceTables(arranged));
const ids = (articles) => articles.map(({ id }) => id);

test("rows refer to each other", () => {
  const { articles, pairs, stories } = makeModel();
  assert.equal(articles[0].language.name, "French");
  assert.equal(articles[0].source, "Le Matin");
  assert.equal(articles[2].source, "");
  assert.deepEqual(ids([pairs[1].a, pairs[1].b, pairs[1].contained]), ["fr-1", "en-1", "en-1"]);
  assert.equal(pairs[0].contained, undefined);
  assert.equal(pairs[0].apart, "1 day");
  assert.deepEqual(ids(stories[0].members), ["fr-1", "en-1", "en-2"]);
  assert.deepEqual(ids(stories[0].heads), ["en-1", "fr-1"]);
  assert.ok(stories[0].roundups.has(articles[2]));
  assert.deepEqual(stories[0].sources, ["Le Matin", "The Evening"]);
});

test("columns are read by name, whatever their order", () => {
  const usual = makeModel();
  const reversed = makeModel((names) => [...names].reverse());
  assert.deepEqual(reversed.articles, usual.articles);
  assert.deepEqual(reversed.pairs, usual.pairs);
  assert.deepEqual(reversed.stories, usual.stories);
  assert.deepEqual(reversed.steps, usual.steps);
  assert.deepEqual(reversed.evidence().of(reversed.pairs[1]), usual.evidence().of(usual.pairs[1]));
  assert.deepEqual(reversed.evidence().droppedFrom(reversed.articles[0]), { pieces: [{ reason: "a byline", text: "Sunday" }], left: 1 });
});

test("the page starts at the threshold of the run", () => {
  const model = makeModel();
  assert.equal(model.shown.threshold, 0.7);
  assert.equal(model.shown.counts.lead, "3 of them.");
  assert.deepEqual(ids(model.shown.alone.map(({ article }) => article)), ["en-3", "en-4"]);
  assert.equal(model.shown.alone[0].nearest, model.pairs[4]);
  assert.equal(model.shown.alone[1].nearest, undefined);
});

test("a pair under the threshold shown is what it would be in two stories", () => {
  const model = makeModel();
  assert.equal(model.relationOf(model.pairs[2]), "follow-up");
  assert.equal(model.relationOf(model.pairs[3]), "different");
  model.shown = model.steps[0];
  assert.equal(model.relationOf(model.pairs[2]), "same story");
});

test("a story has its relations and links at the threshold shown", () => {
  const model = makeModel();
  assert.deepEqual(model.relationsOf(model.stories[0]), ["translation", "same story"]);
  assert.equal(model.linkCount(model.stories[0]), 2);
  assert.equal(model.linkCount(model.stories[1]), 0);
  model.shown = model.steps[0];
  assert.equal(model.linkCount(model.stories[1]), 1);
});

test("a story has its storyline at the threshold shown, with the stories that the page lists", () => {
  const model = makeModel();
  const line = model.storylineOf(model.stories[0]);
  assert.deepEqual(ids(line.stories.map(({ head }) => head)), ["en-3", "en-1"]);
  assert.deepEqual(
    line.stories.map(({ story }) => story),
    [undefined, model.stories[0]],
  );
  assert.equal(line.size, 3);
  assert.equal(model.storylineOf(model.stories[1]), undefined);
  model.shown = model.steps[0];
  assert.equal(model.storylineOf(model.stories[1]), model.shown.storylines[0]);
});

test("the links of a story are the pairs inside it from the floor on, strongest first", () => {
  const model = makeModel();
  assert.deepEqual(
    model.linksOf(model.stories[0]).map(({ probability }) => probability),
    [0.9, 0.8],
  );
});

test("evidence is read once, and not before it is needed", () => {
  let reads = 0;
  const model = new Model(reportTables(), () => {
    reads += 1;
    return evidenceTables();
  });
  assert.equal(reads, 0);
  model.namesOf(model.articles[0]);
  model.evidence().of(model.pairs[1]);
  assert.equal(reads, 1);
});

test("the evidence of a pair has its texts and marks", () => {
  const model = makeModel();
  const evidence = model.evidence().of(model.pairs[1]);
  assert.deepEqual(evidence.aligned[0].a, {
    text: "In Paris on Sunday.",
    marks: [{ start: 3, length: 5, kind: "shared" }],
    differs: ["Sunday"],
  });
  assert.equal(evidence.aligned_left, 4);
  assert.deepEqual(evidence.only_a, { texts: ["À Paris."], left: 2 });
  assert.deepEqual(evidence.shares, [{ feature: "before any evidence", share: -2 }]);
});

test("pairs and articles that the page knows nothing more of", () => {
  const model = makeModel();
  assert.equal(model.evidence().of(model.pairs[0]), null);
  assert.equal(model.evidence().has(model.pairs[0]), false);
  assert.deepEqual(model.evidence().droppedFrom(model.articles[1]), { pieces: [], left: 0 });
});

test("an article has the names that it shares with any other", () => {
  const model = makeModel();
  assert.deepEqual(model.namesOf(model.articles[1]), ["Hidalgo"]);
  assert.deepEqual(model.namesOf(model.articles[3]), []);
});
