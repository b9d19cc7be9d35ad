// The threshold: how the picture changes with it, and the pairs and articles that it leaves apart.

const slider = document.getElementById("slider");

/** Show the stories of another step; each was worked out by the same clustering as the report's own. */
function showStep(step) {
  shown.step = step;
  const own = step.threshold === report.threshold;
  const [, count, across, inside] = report.sweep.find(([threshold]) => threshold === step.threshold);
  const total = inside + step.alone_in_all;
  for (const [name, value] of Object.entries({ stories: count, across, alone: total - inside })) {
    document.querySelector(`[data-count="${name}"]`).textContent = value.toLocaleString("en");
  }
  document.getElementById("lead").textContent = leadSentence(inside, count, across, total - inside);
  document.getElementById("threshold").textContent =
    `${percent(step.threshold)}${own ? ", as it was run" : `; it was run with ${percent(report.threshold)}`}`;
  slider.value = String(report.partitions.indexOf(step));
  slider.setAttribute("aria-valuetext", percent(step.threshold));
  document.body.classList.toggle("elsewhere", !own);
  showSweep();
  showList();
  showNear();
  showAlone();
}

/** What there is, in a sentence; worded as in report.html.jinja. */
function leadSentence(inside, count, across, alone) {
  if (!count) return "No two of them tell the same story.";
  const told =
    across === count
      ? `${count === 1 ? "" : "all "}told across languages`
      : `${across.toLocaleString("en")} of them told across languages`;
  const share = `${inside.toLocaleString("en")} of them share ${counted(count, "story", "stories")}`;
  return `${share}, ${told}; ${alone.toLocaleString("en")} ${alone === 1 ? "stands" : "stand"} alone.`;
}

function showSweep() {
  const current = shown.step.threshold;
  const series = [
    ["Stories of two or more", 1],
    ["Articles in them", 3],
    ["Largest story, articles", 4],
  ];
  document.getElementById("charts").replaceChildren(
    ...series.map(([title, column]) =>
      sweepChart(
        title,
        report.sweep.map((row) => row[column]),
        current,
      ),
    ),
  );
  document.getElementById("steps").replaceChildren(
    ...report.sweep.map(([threshold, count, across, inside, largest]) =>
      el(
        "tr",
        { "aria-current": threshold === current ? "true" : null },
        el("th", { scope: "row", class: "number" }, percent(threshold)),
        [count, across, inside, largest].map((value) => el("td", { class: "number" }, value.toLocaleString("en"))),
      ),
    ),
  );
}

const pairTitle = (article) =>
  el(
    "span",
    { class: "end" },
    el("span", { class: "tongue" }, article.language.name),
    said(article.headline, article.language),
  );

/** The most probable pairs that stand in different stories; each opens to its evidence. */
function showNear() {
  const near = shown.step.near.map((number) => pairs[number]);
  const item = (pair) => {
    const body = el("div", { class: "body" });
    const fillBody = () => body.childNodes.length || body.append(linkView(pair, new Map()));
    return el(
      "details",
      { class: "near", ontoggle: fillBody },
      el(
        "summary",
        {},
        pairTitle(pair.a),
        pairTitle(pair.b),
        el("span", { class: "chance" }, likelihood(pair.probability), bar(pair.probability)),
      ),
      body,
    );
  };
  const over = near.some((pair) => pair.probability >= shown.step.threshold);
  const left = shown.step.near_in_all - near.length;
  document
    .getElementById("near")
    .replaceChildren(
      ...[
        el(
          "p",
          { class: "intro" },
          near.length
            ? "The most probable pairs whose articles stand in different stories."
            : "No two articles in different stories come near each other.",
          over
            ? " Those at or above the threshold were kept apart because the articles around them do not fit together."
            : null,
        ),
        ...near.map(item),
        more(left, "pair", "pairs", "pairs.csv"),
      ].filter(Boolean),
    );
}

/** The articles that joined nothing, each with the one nearest to it. */
function showAlone() {
  const rows = shown.step.alone.map(([number, nearest]) => {
    const article = articles[number];
    const pair = pairs[nearest];
    const other = pair && (pair.a === article ? pair.b : pair.a);
    return el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        said(article.headline, article.language),
        el("span", { class: "id" }, data(article.id)),
      ),
      el("td", {}, article.language.name),
      el("td", {}, data(day(article.date))),
      pair
        ? el(
            "td",
            {},
            said(other.headline, other.language),
            el("span", { class: "quiet" }, ` (${other.language.name})`),
          )
        : el("td", { class: "quiet" }, "none near"),
      el("td", { class: "number" }, pair ? likelihood(pair.probability) : ""),
    );
  });
  const place = document.getElementById("alone");
  if (!rows.length)
    return place.replaceChildren(el("p", { class: "intro" }, "Every article is part of a story of two or more."));
  const left = shown.step.alone_in_all - rows.length;
  return place.replaceChildren(
    scrolling(
      "Articles that stand alone",
      el(
        "table",
        { class: "titles" },
        heads("Article", "Language", "Date", "Nearest article", "#Probability"),
        el("tbody", {}, rows),
      ),
    ),
    more(left, "article", "articles", "stories.csv") ?? "",
  );
}
