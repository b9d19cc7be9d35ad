// Building blocks. Every text of an article goes in as a text node: none can become markup.
import { words } from "./page.mjs";

/**
 * @import { Language } from "./model.mjs"
 *
 * @typedef {Node | string | null | undefined | false} Child
 * @typedef {Child | Child[] | Child[][]} Children up to two levels of lists
 * @typedef {Record<string, unknown>} Attributes
 */

const SVG = "http://www.w3.org/2000/svg";

/** @param {unknown} value */
const isNothing = (value) => value === null || value === undefined || value === false;

/**
 * Put attributes and children on an element; `on…` attributes are listeners, null and false leave one out.
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {Children[]} children
 * @returns {E}
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (isNothing(value)) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.flat(3).filter((child) => !isNothing(child))));
  return element;
}

/**
 * An HTML element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {Children[]} children
 */
export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/**
 * An SVG element; numbers among the attributes are shortened.
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {Children[]} children
 */
export function svg(tag, attributes, ...children) {
  const short = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === "number" ? String(Math.round(value * 100) / 100) : value,
  ]);
  return fill(document.createElementNS(SVG, tag), Object.fromEntries(short), children);
}

/**
 * A text of an article, with its language and direction.
 * @param {string} text
 * @param {Language} language
 */
export const articleText = (text, language) => el("bdi", { lang: language.code, dir: "auto" }, text);

/**
 * A text of unknown language, such as a source or an id.
 * @param {string} text
 */
export const dataText = (text) => el("bdi", { dir: "auto" }, text);

/**
 * Facts side by side, as one line of quiet text.
 * @param {(Child | Child[])[]} parts
 */
export const facts = (...parts) =>
  el(
    "p",
    { class: "facts" },
    parts.filter(Boolean).map((part, index) => [index ? " · " : null, el("span", {}, part)]),
  );

/**
 * A remark in quiet text.
 * @param {Children[]} parts
 */
export const note = (...parts) => el("p", { class: "note" }, ...parts);

/**
 * How many more there are, and in which file; null if there are none.
 * @param {number} left
 * @param {string} singular
 * @param {string} plural
 * @param {string} file
 */
export const moreIn = (left, singular, plural, file) =>
  left > 0 ? note(words.more(left, singular, plural, file)) : null;

/**
 * Words with commas between them.
 * @param {string[]} texts
 * @returns {Child[]}
 */
export const listed = (texts) => texts.flatMap((text, index) => [index ? ", " : null, dataText(text)]);

/**
 * The heads of the columns of a table; those of numbers begin with "#".
 * @param {string[]} names
 */
export const heads = (...names) =>
  el(
    "thead",
    {},
    el(
      "tr",
      {},
      names.map((name) => el("th", { scope: "col", class: name.startsWith("#") && "number" }, name.replace(/^#/, ""))),
    ),
  );

/**
 * A table that scrolls sideways by itself if it is too wide.
 * @param {string} label
 * @param {HTMLTableElement} table
 */
export const scrolling = (label, table) =>
  el("div", { class: "wide", role: "region", tabindex: "0", "aria-label": label }, table);
