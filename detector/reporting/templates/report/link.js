// One pair of articles: what is said of it, the sentences that answer each other, and what each tells alone.

const RELATIONS = {
  translation: "one says in its language what the other says in its own",
  copy: "one has the wording of the other",
  "partial reuse": "one holds part of the other",
  "same story": "told in words of their own",
  different: "under the threshold",
};

// So many sentences of one side only are told before the sentences that answer each other.
const FEW = 6;

/** The number of an article inside its story, and its language. */
const badge = (article, place) =>
  el(
    "span",
    { class: "who" },
    place ? el("span", { class: "place" }, String(place)) : null,
    " ",
    article.language.name,
  );

/** How to tell two articles apart in words: by language, else by number or letter. */
function callings(pair, places) {
  if (pair.a.language !== pair.b.language) return [`the ${pair.a.language.name}`, `the ${pair.b.language.name}`];
  const names = places.has(pair.a) ? [places.get(pair.a), places.get(pair.b)] : ["A", "B"];
  return names.map((name) => `article ${name}`);
}

/** A pair in full; `places` numbers the articles of its story. */
function linkView(pair, places) {
  const found = evidenceOf(pair);
  const [a, b] = callings(pair, places);
  return el(
    "div",
    { class: "link" },
    el(
      "p",
      { class: "verdict" },
      el("strong", {}, `${verdict(pair.probability)[0].toUpperCase()}${verdict(pair.probability).slice(1)}`),
      ` (${likelihood(pair.probability)}). `,
      relationSentence(pair, a, b),
    ),
    figures(pair, a, b),
    found ? evidenceView(pair, found, places, a, b) : notHere(pair),
  );
}

function relationSentence(pair, a, b) {
  const relation = relationOf(pair);
  if (pair.contained && relation === "partial reuse") {
    const [part, whole] = pair.contained === pair.a ? [a, b] : [b, a];
    return `Partial reuse: ${part} is contained in ${whole}.`;
  }
  return `${relation[0].toUpperCase()}${relation.slice(1)}: ${RELATIONS[relation]}.`;
}

function figures(pair, a, b) {
  const figure = (name, value, share) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value, share === null ? null : bar(share)));
  const apart =
    pair.days === null
      ? "not known"
      : pair.days < 1
        ? "less than a day"
        : counted(Math.round(pair.days), "day", "days");
  return el(
    "dl",
    { class: "figures" },
    figure("Probability", likelihood(pair.probability), pair.probability),
    figure("Similarity", two(pair.similarity), pair.similarity),
    figure(`Coverage of ${a}`, percent(pair.ofA), pair.ofA),
    figure(`Coverage of ${b}`, percent(pair.ofB), pair.ofB),
    figure("Time between", apart, null),
  );
}

const notHere = (pair) =>
  note(
    "The sentences of this pair are not on this page. They are shown by ",
    el("code", {}, "detector compare"),
    " on the two articles, ",
    data(pair.a.id),
    " and ",
    data(pair.b.id),
    ".",
  );

function evidenceView(pair, found, places, a, b) {
  const sides = el("div", { class: "sides" }, onlyIn(found.onlyA, pair.a, a), onlyIn(found.onlyB, pair.b, b));
  const few = found.onlyA.texts.length + found.onlyB.texts.length <= FEW;
  return [
    few ? sides : null,
    alignment(pair, found, places, a, b),
    few ? null : sides,
    found.names.length || found.numbers.length ? shared(found) : null,
    waterfall(pair, found.shares),
  ];
}

function shared(found) {
  const entry = (name, words) => (words.length ? el("div", {}, el("dt", {}, name), el("dd", {}, listed(words))) : null);
  return el("dl", { class: "shared" }, entry("Shared names", found.names), entry("Shared numbers", found.numbers));
}

function alignment(pair, found, places, a, b) {
  if (!found.aligned.length) return note("No sentence of one answers a sentence of the other.");
  const marks = found.aligned.flatMap((row) => [...row.a.marks, ...row.b.marks]);
  const kinds = new Set(marks.filter((_, place) => place % 3 === 2));
  return [
    el("h5", {}, "Sentences that answer each other"),
    el(
      "p",
      { class: "key", "aria-hidden": "true" },
      [1, 2, 3].filter((kind) => kinds.has(kind)).map((kind) => [MARKS[kind](KEY[kind]), " "]),
    ),
    el(
      "div",
      { class: "columns", "aria-hidden": "true" },
      badge(pair.a, places.get(pair.a)),
      badge(pair.b, places.get(pair.b)),
      el("span", {}, "cosine"),
    ),
    el(
      "ol",
      { class: "aligned" },
      found.aligned.map((row) =>
        el(
          "li",
          {},
          sentence(row.a, pair.a, a),
          sentence(row.b, pair.b, b),
          el("span", { class: "cosine" }, el("span", { class: "unseen" }, "cosine "), two(row.cosine)),
        ),
      ),
    ),
    more(found.left, "pair of sentences", "pairs of sentences", "stories.jsonl"),
  ];
}

function sentence(side, article, called) {
  return el(
    "div",
    {},
    el(
      "p",
      { lang: article.language.code, dir: "auto" },
      el("span", { class: "unseen", lang: "en" }, `${called}: `),
      marked(side),
    ),
    side.differs.length ? el("p", { class: "differs" }, "Only here: ", listed(side.differs)) : null,
  );
}

const KEY = { 1: "in both", 2: "only here", 3: "differs" };
const MARKS = {
  1: (text) => el("mark", {}, text),
  2: (text) => el("span", { class: "added" }, text),
  3: (text) => el("span", { class: "differing" }, text),
};

/** A sentence with what is shared, or stands on this side only, marked; marks are start, length, kind, start, … */
function marked({ text, marks }) {
  const parts = [];
  let end = 0;
  for (let place = 0; place < marks.length; place += 3) {
    const [start, length, kind] = marks.slice(place, place + 3);
    const inside = text.slice(start, start + length);
    parts.push(text.slice(end, start), MARKS[kind](inside));
    end = start + length;
  }
  return [...parts, text.slice(end)];
}

function onlyIn(side, article, called) {
  return el(
    "section",
    {},
    el("h5", {}, `Only ${called} tells`),
    side.texts.length
      ? el(
          "ul",
          { lang: article.language.code },
          side.texts.map((text) => el("li", { dir: "auto" }, text)),
        )
      : note("Nothing that has no counterpart."),
    more(side.left, "sentence", "sentences", "stories.jsonl"),
  );
}

/** Each feature's share of the score, one after the other, from no evidence to the sum. */
function waterfall(pair, shares) {
  if (!shares.length) return null;
  const [base, ...features] = shares;
  features.sort((one, other) => Math.abs(other[1]) - Math.abs(one[1]));
  let sum = 0;
  const rows = [base, ...features].map(([name, share]) => ({ name, share, from: sum, to: (sum += share) }));
  const least = Math.min(0, ...rows.map((row) => row.to));
  const most = Math.max(0, ...rows.map((row) => row.to));
  const signed = (value) => `${value < 0 ? "−" : "+"}${two(Math.abs(value))}`;
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
    el("summary", {}, "How the score comes about"),
    el(
      "table",
      {},
      el(
        "caption",
        {},
        "Share of each feature in the score, in log odds. Above zero speaks for one story, below against.",
      ),
      heads("Evidence", "#Share", "Score so far"),
      el(
        "tbody",
        {},
        rows
          .filter((row) => row.share || row.from === 0)
          .map((row) => line(row.name, signed(row.share), fall(row.from, row.to, least, most))),
        line("sum", signed(sum), `that is, a probability of ${likelihood(pair.probability)}`, "sum"),
      ),
    ),
  );
}
