// Building blocks. Every text of an article goes in as a text node: none can become markup.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** Put attributes and children on an element; `on…` attributes are listeners, null and false leave one out. */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === false || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element. */
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element; numbers among the attributes are shortened. */
function svg(tag, attributes, ...children) {
  const short = Object.entries(attributes ?? {}).map(([name, value]) => [
    name,
    typeof value === "number" ? String(Math.round(value * 100) / 100) : value,
  ]);
  return fill(document.createElementNS(SVG, tag), Object.fromEntries(short), children);
}

/** A text of an article, told apart from ours in language and direction. */
const said = (text, language) => el("bdi", { lang: language?.code, dir: "auto" }, text);

/** A data text of no known language, such as a source or an id. */
const data = (text) => el("bdi", { dir: "auto" }, text);

/** Facts side by side, as one line of quiet text. */
const facts = (...parts) =>
  el(
    "p",
    { class: "facts" },
    parts.filter(Boolean).flatMap((part, place) => [place ? " · " : null, el("span", {}, part)]),
  );

/** A remark in quiet text. */
const note = (...parts) => el("p", { class: "note" }, ...parts);

const counted = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** How many more there are, and in which file they stand; null where there are none. */
const more = (left, one, many, file) =>
  left > 0 ? note(`${counted(left, `more ${one} stands`, `more ${many} stand`)} in ${file}.`) : null;

const percent = (share) => `${Math.round(share * 100)}%`;
const two = (value) => value.toFixed(2);

/** A probability as a percentage; short of certain, it never reads 0% or 100%. */
function likelihood(probability) {
  if (probability > 0 && probability < 0.001) return "<0.1%";
  if (probability > 0.999 && probability < 1) return ">99.9%";
  return `${(probability * 100).toFixed(1)}%`;
}

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** A day for a person to read; what is no day keeps its words. */
function day(text) {
  const when = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(+when) ? text : dayFormat.format(when);
}

/** The first and the last of some days. */
const span = ([first, last]) =>
  first === undefined ? "" : first === last ? day(first) : dayFormat.formatRange(new Date(first), new Date(last));

/** Text without capitals and accents, to search in. */
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Words with commas between them. */
const listed = (words) => words.flatMap((word, place) => [place ? ", " : null, data(word)]);

/** The heads of the columns of a table; names that begin with "#" stand over numbers. */
const heads = (...names) =>
  el(
    "thead",
    {},
    el(
      "tr",
      {},
      names.map((name) => el("th", { scope: "col", class: name.startsWith("#") && "number" }, name.replace(/^#/, ""))),
    ),
  );

/** A table that scrolls sideways by itself where it is too wide. */
const scrolling = (label, table) =>
  el("div", { class: "wide", role: "region", tabindex: "0", "aria-label": label }, table);
