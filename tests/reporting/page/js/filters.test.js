// Which stories a search and the filters leave, and in which order.
import assert from "node:assert/strict";
import test from "node:test";

import { chosenStories, offered } from "../../../../detector/reporting/templates/report/filters.mjs";
import { Model } from "../../../../detector/reporting/templates/report/model.mjs";
import { evidenceTables, reportTables } from "./sample.js";

const VOTE = "en-1";
const FLOOD = "en-3";

/** The first headline's article of each story that is left, at the lower threshold, which has two stories. */
function left(choices) {
  const model = new Model(reportTables(), () => evidenceTables());
  model.shown = model.steps[0];
  return chosenStories(model, choices).map((story) => story.heads[0].id);
}

test("without choices every story is shown, the largest first", () => {
  assert.deepEqual(left({}), [VOTE, FLOOD]);
});

for (const [search, expected] of [
  ["elections", [VOTE]],
  ["ÉLECTIONS vote", [VOTE]],
  ["hidalgo", [VOTE]],
  ["evening", [VOTE, FLOOD]],
  ["en-4", [FLOOD]],
  ["elections flood", []],
  ["  ", [VOTE, FLOOD]],
]) {
  test(`a search for "${search}" looks in headlines, ids, shared names and sources`, () => {
    assert.deepEqual(left({ search }), expected);
  });
}

for (const [choices, expected] of [
  [{ language: "fr" }, [VOTE]],
  [{ language: "en" }, [VOTE, FLOOD]],
  [{ source: "Le Matin" }, [VOTE]],
  [{ relation: "translation" }, [VOTE]],
  [{ relation: "copy" }, []],
  [{ size: "3" }, [VOTE]],
  [{ across: "1" }, [VOTE]],
]) {
  test(`the filter ${JSON.stringify(choices)}`, () => {
    assert.deepEqual(left(choices), expected);
  });
}

for (const [order, expected] of [
  ["size", [VOTE, FLOOD]],
  ["languages", [VOTE, FLOOD]],
  ["strongest", [FLOOD, VOTE]],
  ["weakest", [VOTE, FLOOD]],
  ["newest", [VOTE, FLOOD]],
  ["no such order", [VOTE, FLOOD]],
]) {
  test(`the order "${order}"`, () => {
    assert.deepEqual(left({ order }), expected);
  });
}

test("only the stories at the threshold shown are chosen", () => {
  const model = new Model(reportTables(), () => evidenceTables());
  assert.equal(chosenStories(model, {}).length, 1);
});

test("the filters offer what the stories have, in alphabetical order", () => {
  const { languages, sources, relations } = offered(new Model(reportTables(), () => evidenceTables()));
  assert.deepEqual(
    languages.map(({ name }) => name),
    ["English", "French"],
  );
  assert.deepEqual(sources, ["Le Matin", "The Evening"]);
  assert.deepEqual(relations, ["translation", "same story"]);
});
