// Pictures, drawn as SVG: how similar the articles of a story are, a share as a bar, a count against the threshold.
import { counted, percent, thousands } from "./words.mjs";
import { ringPoints, sample } from "./layout.mjs";
import { model } from "./page.mjs";
import { el, svg } from "./dom.mjs";

/** @import { Article, Pair, Story } from "./model.mjs" */

const NODES = 24;

/**
 * The articles of a story in a ring, those in one language together; the thicker a line, the more probable the link.
 * @param {Story} story
 */
export function ring(story) {
  const byLanguage = [...story.members].sort((article, next) =>
    article.language.code.localeCompare(next.language.code),
  );
  const drawn = sample(byLanguage, NODES);
  const small = drawn.length > 7;
  const points = ringPoints(drawn, drawn.length === 2 ? 30 : small ? 42 : 36);
  const thickness = small ? 1.4 : drawn.length > 2 ? 2.4 : 4;
  const links = model.linksOf(story).filter((pair) => points.has(pair.a) && points.has(pair.b));
  const among =
    drawn.length < story.size
      ? `${drawn.length} of its ${story.size} articles`
      : counted(drawn.length, "article", "articles");
  const label = `Links of the story: ${among}, ${counted(links.length, "link", "links")} between them`;
  return svg(
    "svg",
    { class: "ring", viewBox: "0 0 100 100", role: "img", "aria-label": label },
    links.reverse().map((pair) => ringLine(pair, points, thickness)),
    drawn.map((article) => ringNode(article, points, small)),
  );
}

/**
 * @param {Pair} pair
 * @param {Map<Article, [number, number]>} points
 * @param {number} thickness
 */
function ringLine(pair, points, thickness) {
  const [x1, y1] = points.get(pair.a) ?? [];
  const [x2, y2] = points.get(pair.b) ?? [];
  return svg("line", {
    x1,
    y1,
    x2,
    y2,
    class: pair.a.language === pair.b.language ? "same" : "across",
    "stroke-width": thickness * pair.probability ** 2 + 0.3,
    "stroke-opacity": 0.15 + 0.75 * pair.probability ** 3,
  });
}

/**
 * @param {Article} article
 * @param {Map<Article, [number, number]>} points
 * @param {boolean} small
 */
function ringNode(article, points, small) {
  const [x, y] = points.get(article) ?? [];
  const label = svg("text", { x, y, "text-anchor": "middle", dy: "0.34em" }, article.language.code.slice(0, 3));
  return svg("g", {}, svg("circle", { cx: x, cy: y, r: small ? 3.2 : 12 }), small ? null : label);
}

/**
 * A share from 0 to 1 as a bar; hidden from screen readers, as the number is beside it.
 * @param {number} share
 */
export const bar = (share) =>
  svg(
    "svg",
    { class: "bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", width: 100, height: 6 }),
    svg("rect", { class: "filled", width: 100 * Math.max(0, Math.min(1, share)), height: 6 }),
  );

/**
 * One line of a waterfall: from the score before a feature to the score after it.
 * @param {number} from
 * @param {number} to
 * @param {number} least
 * @param {number} most
 */
export function fall(from, to, least, most) {
  /** @param {number} value */
  const x = (value) => (100 * (value - least)) / (most - least || 1);
  const [left, right] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
  return svg(
    "svg",
    { class: "fall", viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: 12 }),
    svg("rect", { class: to < from ? "down" : "up", x: left, y: 2, width: Math.max(right - left, 0.6), height: 8 }),
  );
}

/**
 * A small chart of a count against the threshold, the threshold shown marked.
 * @param {string} title
 * @param {{ threshold: number, value: number }[]} points in rising order
 * @param {number} current
 */
export function thresholdChart(title, points, current) {
  const [width, height, top, bottom, side] = [260, 120, 16, 22, 10];
  const [low, high] = [points[0].threshold, points[points.length - 1].threshold];
  const most = Math.max(...points.map(({ value }) => value), 1);
  const here = points.find(({ threshold }) => threshold === current) ?? points[0];
  /** @param {number} threshold */
  const x = (threshold) => side + ((width - 2 * side) * (threshold - low)) / (high - low || 1);
  /** @param {number} value */
  const y = (value) => height - bottom - ((height - top - bottom) * value) / most;
  const line = points.map(({ threshold, value }) => `${x(threshold).toFixed(1)},${y(value).toFixed(1)}`);
  const anchor = x(current) > width / 2 ? "end" : "start";
  const nudge = anchor === "end" ? -7 : 7;
  const picture = svg(
    "svg",
    { class: "sweep", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svg("line", { class: "axis", x1: side, x2: width - side, y1: height - bottom, y2: height - bottom }),
    svg("polyline", { points: line.join(" ") }),
    points.map(({ threshold, value }) => svg("circle", { cx: x(threshold), cy: y(value), r: 1.8 })),
    svg("line", { class: "here", x1: x(current), x2: x(current), y1: top - 8, y2: height - bottom }),
    svg("circle", { class: "here", cx: x(current), cy: y(here.value), r: 4.5 }),
    svg("text", { x: x(current) + nudge, y: top - 2, "text-anchor": anchor, class: "value" }, thousands(here.value)),
    svg("text", { x: side, y: height - 6, class: "tick" }, percent(low)),
    svg("text", { x: width - side, y: height - 6, "text-anchor": "end", class: "tick" }, percent(high)),
  );
  return el("figure", {}, el("figcaption", {}, title), picture);
}
