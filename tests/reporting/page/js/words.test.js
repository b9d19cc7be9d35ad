// How the page words numbers, days and probabilities.
import assert from "node:assert/strict";
import test from "node:test";

import { Words, capitalized, counted, day, daySpan, folded, percent } from "../../../../detector/reporting/templates/report/words.mjs";
import { phrases } from "./sample.js";

const words = new Words(phrases);

test("a probability short of certain never reads as certain", () => {
  // The same cases as in tests/reporting/test_phrases.py: Python and the page agree.
  const read = [0, 0.0004, 0.5, 0.9996, 1].map((probability) => words.likelihood(probability));
  assert.deepEqual(read, ["0.0%", "<0.1%", "50.0%", ">99.9%", "100.0%"]);
});

test("a probability has a verdict, from the first that it reaches", () => {
  assert.equal(words.verdict(1), "almost certainly the same story");
  assert.equal(words.verdict(0.5), "undecided");
  assert.equal(words.verdict(0), "almost certainly different stories");
});

test("phrases are filled with their values", () => {
  assert.equal(words.contained("A", "B"), "A is contained in B");
  assert.equal(words.more(1, "story", "stories", "stories.csv"), "1 more story in stories.csv.");
  assert.equal(words.more(2000, "story", "stories", "stories.csv"), "2,000 more stories in stories.csv.");
});

test("every relation has a meaning", () => {
  assert.equal(words.relation("different"), "neither one event nor one affair");
});

test("counts and shares", () => {
  assert.equal(counted(1, "story", "stories"), "1 story");
  assert.equal(counted(1234, "story", "stories"), "1,234 stories");
  assert.equal(percent(0.456), "46%");
  assert.equal(capitalized("partial reuse"), "Partial reuse");
  assert.equal(capitalized(""), "");
});

test("a day is written out, and text that is not a day stays as it is", () => {
  assert.equal(day("2026-05-01"), "1 May 2026");
  assert.equal(day("last week"), "last week");
  assert.equal(day("2026-99-99"), "2026-99-99");
});

test("two days are one span", () => {
  assert.match(daySpan("2026-05-01", "2026-05-03"), /^1\s*–\s*3 May 2026$/u);
  assert.equal(daySpan("2026-05-01", "2026-05-01"), "1 May 2026");
  assert.equal(daySpan("", ""), "");
});

test("a search ignores capitals and accents", () => {
  assert.equal(folded("Élections À PARIS"), "elections a paris");
});
