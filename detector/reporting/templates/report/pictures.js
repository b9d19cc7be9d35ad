// Pictures, drawn as SVG: who resembles whom, a share as a bar, and the sweep of the threshold.

const NODES = 24;

/** Up to so many of the articles, evenly taken, so that every part of the story is among them. */
const sample = (list, most) =>
  list.length <= most
    ? list
    : Array.from({ length: most }, (_, place) => list[Math.floor((place * list.length) / most)]);

/** Who resembles whom: articles in a ring, neighbours in one language, a line the thicker the likelier the link. */
function ring(story) {
  const byLanguage = [...story.members].sort((one, other) => one.language.code.localeCompare(other.language.code));
  const drawn = sample(byLanguage, NODES);
  const small = drawn.length > 7;
  const radius = drawn.length === 2 ? 30 : small ? 42 : 36;
  const at = new Map(
    drawn.map((article, place) => {
      const angle = (place / drawn.length) * 2 * Math.PI - (drawn.length === 2 ? Math.PI : Math.PI / 2);
      return [article, [50 + radius * Math.cos(angle), 50 + radius * Math.sin(angle)]];
    }),
  );
  const drawnLinks = linksOf(story).filter((pair) => at.has(pair.a) && at.has(pair.b));
  const lines = drawnLinks.reverse().map((pair) => {
    const [[x1, y1], [x2, y2]] = [at.get(pair.a), at.get(pair.b)];
    const kind = pair.a.language === pair.b.language ? "same" : "across";
    const width = (small ? 1.4 : drawn.length > 2 ? 2.4 : 4) * pair.probability ** 2 + 0.3;
    return svg("line", {
      x1,
      y1,
      x2,
      y2,
      class: kind,
      "stroke-width": width,
      "stroke-opacity": 0.15 + 0.75 * pair.probability ** 3,
    });
  });
  const nodes = drawn.map((article) => {
    const [x, y] = at.get(article);
    const label = svg("text", { x, y, "text-anchor": "middle", dy: "0.34em" }, article.language.code.slice(0, 3));
    return svg("g", {}, svg("circle", { cx: x, cy: y, r: small ? 3.2 : 12 }), small ? null : label);
  });
  const among =
    drawn.length < story.size
      ? `${drawn.length} of its ${story.size} articles`
      : counted(drawn.length, "article", "articles");
  const label = `Who resembles whom: ${among}, ${counted(drawnLinks.length, "link", "links")} between them`;
  return svg("svg", { class: "ring", viewBox: "0 0 100 100", role: "img", "aria-label": label }, lines, nodes);
}

/** A share from 0 to 1 as a bar; the number stands beside it, so it is no image to a screen reader. */
const bar = (share) =>
  svg(
    "svg",
    { class: "bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", width: 100, height: 6 }),
    svg("rect", { class: "filled", width: 100 * Math.max(0, Math.min(1, share)), height: 6 }),
  );

/** One line of a waterfall: from where the score stood before a feature to where it stands after. */
function fall(from, to, least, most) {
  const x = (value) => (100 * (value - least)) / (most - least || 1);
  const [left, right] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
  return svg(
    "svg",
    { class: "fall", viewBox: "0 0 100 12", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: 12 }),
    svg("rect", { class: to < from ? "down" : "up", x: left, y: 2, width: Math.max(right - left, 0.6), height: 8 }),
  );
}

/** A small chart of one number against the threshold, the threshold shown marked. */
function sweepChart(title, values, current) {
  const [width, height, top, bottom, side] = [260, 120, 16, 22, 10];
  const thresholds = report.sweep.map(([threshold]) => threshold);
  const [low, high] = [thresholds[0], thresholds[thresholds.length - 1]];
  const most = Math.max(...values, 1);
  const x = (threshold) => side + ((width - 2 * side) * (threshold - low)) / (high - low || 1);
  const y = (value) => height - bottom - ((height - top - bottom) * value) / most;
  const points = values.map((value, place) => `${x(thresholds[place]).toFixed(1)},${y(value).toFixed(1)}`);
  const here = thresholds.indexOf(current);
  const anchor = x(current) > width / 2 ? "end" : "start";
  const nudge = anchor === "end" ? -7 : 7;
  const picture = svg(
    "svg",
    { class: "sweep", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    svg("line", { class: "axis", x1: side, x2: width - side, y1: height - bottom, y2: height - bottom }),
    svg("polyline", { points: points.join(" ") }),
    values.map((value, place) => svg("circle", { cx: x(thresholds[place]), cy: y(value), r: 1.8 })),
    svg("line", { class: "here", x1: x(current), x2: x(current), y1: top - 8, y2: height - bottom }),
    svg("circle", { class: "here", cx: x(current), cy: y(values[here]), r: 4.5 }),
    svg(
      "text",
      { x: x(current) + nudge, y: top - 2, "text-anchor": anchor, class: "value" },
      values[here].toLocaleString("en"),
    ),
    svg("text", { x: side, y: height - 6, class: "tick" }, percent(low)),
    svg("text", { x: width - side, y: height - 6, "text-anchor": "end", class: "tick" }, percent(high)),
  );
  return el("figure", {}, el("figcaption", {}, title), picture);
}
