// The numbers behind the pictures.
import assert from "node:assert/strict";
import test from "node:test";

import { callings, ringPoints, sample, scoreSteps } from "../../../../detector/reporting/templates/report/layout.mjs";

test("a sample has items from every part of the list", () => {
  assert.deepEqual(sample([1, 2, 3], 3), [1, 2, 3]);
  assert.deepEqual(sample([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5), [0, 2, 4, 6, 8]);
});

test("two items stand side by side, and more begin at the top", () => {
  const [left, right] = ringPoints(["a", "b"], 30).values();
  assert.deepEqual(left.map(Math.round), [20, 50]);
  assert.deepEqual(right.map(Math.round), [80, 50]);
  const [top] = ringPoints(["a", "b", "c"], 30).values();
  assert.deepEqual(top.map(Math.round), [50, 20]);
});

test("a score adds up from its base, the features that weigh most first", () => {
  const shares = [
    { feature: "base", share: -2 },
    { feature: "names", share: 0.5 },
    { feature: "words", share: -1 },
  ];
  assert.deepEqual(scoreSteps(shares), [
    { feature: "base", share: -2, from: 0, to: -2 },
    { feature: "words", share: -1, from: -2, to: -3 },
    { feature: "names", share: 0.5, from: -3, to: -2.5 },
  ]);
});

test("articles are called by language, else by position, else by letter", () => {
  const english = { name: "English" };
  const a = { language: english };
  const b = { language: english };
  const positions = new Map([
    [a, 3],
    [b, 1],
  ]);
  assert.deepEqual(callings({ a, b: { language: { name: "Italian" } } }, positions), ["the English article", "the Italian article"]);
  assert.deepEqual(callings({ a, b }, positions), ["article 3", "article 1"]);
  assert.deepEqual(callings({ a, b }, new Map()), ["article A", "article B"]);
});
