// The numbers behind the pictures: which articles a ring shows and where, and how a score is made up.

/** @import { Article, Pair } from "./model.mjs" */

/**
 * Up to so many of the items, evenly taken, so that every part of the list is among them.
 * @template T
 * @param {T[]} items
 * @param {number} most
 * @returns {T[]}
 */
export const sample = (items, most) =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]);

/**
 * Points on a ring around (50, 50); two are side by side.
 * @template T
 * @param {T[]} items
 * @param {number} radius
 * @returns {Map<T, [number, number]>}
 */
export function ringPoints(items, radius) {
  const start = items.length === 2 ? Math.PI : Math.PI / 2;
  return new Map(
    items.map((item, index) => {
      const angle = (index / items.length) * 2 * Math.PI - start;
      return [item, [50 + radius * Math.cos(angle), 50 + radius * Math.sin(angle)]];
    }),
  );
}

/**
 * Each feature's share of the score, one after the other, from no evidence to the sum: the base first, then those that
 * weigh most.
 * @param {{ feature: string, share: number }[]} shares the base first
 */
export function scoreSteps([base, ...features]) {
  const ordered = [...features].sort((share, next) => Math.abs(next.share) - Math.abs(share.share));
  let sum = 0;
  return [base, ...ordered].map(({ feature, share }) => ({ feature, share, from: sum, to: (sum += share) }));
}

/**
 * What to call the two articles of a pair: by their languages, else by their positions in the story, else by letters.
 * @param {Pair} pair
 * @param {Map<Article, number>} positions
 * @returns {[string, string]}
 */
export function callings({ a, b }, positions) {
  if (a.language !== b.language) return [`the ${a.language.name} article`, `the ${b.language.name} article`];
  return positions.has(a)
    ? [`article ${positions.get(a)}`, `article ${positions.get(b)}`]
    : ["article A", "article B"];
}
