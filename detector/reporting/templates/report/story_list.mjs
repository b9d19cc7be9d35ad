// The list of stories: its form, and some stories at a time.
import { counted, thousands } from "./words.mjs";
import { chosenStories, offered } from "./filters.mjs";
import { byId, model, words } from "./page.mjs";
import { el, note } from "./dom.mjs";
import { storyRow } from "./story_row.mjs";

/** @import { Story } from "./model.mjs" */

const AT_ONCE = 50;
const LISTENING_PAUSE = 60;
const controls = /** @type {HTMLFormElement} */ (byId("controls"));
const list = byId("list");

/** Show the first of the chosen stories, with a button for more; returns a function that opens the first of them. */
export function showList() {
  const choices = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(controls)));
  const chosen = chosenStories(model, choices);
  const all = model.shown.counts.stories;
  byId("found").textContent =
    chosen.length === all
      ? counted(all, "story", "stories")
      : `${thousands(chosen.length)} of ${counted(all, "story", "stories")}`;
  list.replaceChildren();
  if (!chosen.length) list.append(note(all ? "No story passes these filters." : words.phrases.no_story));
  const [first] = showMore(chosen, 0);
  return () => first?.open();
}

/**
 * @param {Story[]} chosen
 * @param {number} from
 */
function showMore(chosen, from) {
  const next = from + AT_ONCE;
  const added = chosen.slice(from, next).map(storyRow);
  list.append(...added.map(({ view }) => view));
  if (next < chosen.length) {
    const showNext = () => {
      button.remove();
      const [first] = showMore(chosen, next);
      first.view.querySelector("button")?.focus();
    };
    const button = el(
      "button",
      { type: "button", class: "more", onclick: showNext },
      `Show ${Math.min(AT_ONCE, chosen.length - next)} more of ${thousands(chosen.length - next)}`,
    );
    list.append(button);
  }
  return added;
}

/**
 * @param {string} select the name of a control
 * @param {string} value
 * @param {string} text
 */
function addOption(select, value, text) {
  const control = /** @type {HTMLSelectElement} */ (controls.elements.namedItem(select));
  control.append(el("option", { value }, text));
}

/** Fill the form with what the stories have, and show the list anew when it changes. */
export function startControls() {
  const { languages, sources, relations } = offered(model);
  for (const { code, name } of languages) addOption("language", code, name);
  for (const source of sources) addOption("source", source, source);
  for (const relation of relations) addOption("relation", relation, relation);
  let waiting = 0;
  controls.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(showList, LISTENING_PAUSE);
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.hidden = model.stories.length < 5;
}
