// How a score is made up, as a table with a waterfall.
import { twoDecimals } from "./words.mjs";
import { scoreSteps } from "./layout.mjs";
import { words } from "./page.mjs";
import { el, heads } from "./dom.mjs";
import { fall } from "./pictures.mjs";

/**
 * @import { Pair } from "./model.mjs"
 * @import { Children } from "./dom.mjs"
 * @import { ShareRow } from "./rows.mjs"
 */

/**
 * Each feature's share of the score, one after the other, from no evidence to the sum.
 * @param {Pair} pair
 * @param {ShareRow[]} shares
 */
export function waterfall(pair, shares) {
  if (!shares.length) return null;
  const steps = scoreSteps(shares);
  const least = Math.min(0, ...steps.map((step) => step.to));
  const most = Math.max(0, ...steps.map((step) => step.to));
  /** @param {number} value */
  const signed = (value) => `${value < 0 ? "−" : "+"}${twoDecimals(Math.abs(value))}`;
  /**
   * @param {string} name
   * @param {string} value
   * @param {Children} picture
   * @param {string} [kind]
   */
  const line = (name, value, picture, kind) =>
    el(
      "tr",
      { class: kind },
      el("th", { scope: "row" }, name),
      el("td", { class: "number" }, value),
      el("td", {}, picture),
    );
  return el(
    "details",
    { class: "score" },
    el("summary", {}, "How the score is computed"),
    el(
      "table",
      {},
      el(
        "caption",
        {},
        "Share of each feature in the score, in log odds. Values above zero are evidence for one story, values below zero against it.",
      ),
      heads("Evidence", "#Share", "Score so far"),
      el(
        "tbody",
        {},
        steps
          .filter((step) => step.share || step.from === 0)
          .map((step) => line(step.feature, signed(step.share), fall(step.from, step.to, least, most))),
        line(
          "sum",
          signed(steps[steps.length - 1].to),
          `that is, a probability of ${words.likelihood(pair.probability)}`,
          "sum",
        ),
      ),
    ),
  );
}
