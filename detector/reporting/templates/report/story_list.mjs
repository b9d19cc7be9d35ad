// The list of stories: its form, and some stories at a time.
import { counted, thousands } from "./words.mjs";
import { chosenStories, offered } from "./filters.mjs";
import { byId, model, words } from "./page.mjs";
import { el, note } from "./dom.mjs";
import { storyRow } from "./story_row.mjs";
import { GO_TO_STORY } from "./storylines.mjs";

/** @import { Story } from "./model.mjs" */

const AT_ONCE = 50;
const LISTENING_PAUSE = 60;
const controls = /** @type {HTMLFormElement} */ (byId("controls"));
const list = byId("list");

/**
 * The lines of the stories that are in the list now, and what shows more of them.
 * @type {Map<Story, ReturnType<typeof storyRow>>}
 */
const rowOf = new Map();
/** @type {(() => void) | null} */
let showNextRows = null;

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
  rowOf.clear();
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
  const added = chosen.slice(from, next).map((story) => {
    const row = storyRow(story);
    rowOf.set(story, row);
    return row;
  });
  list.append(...added.map(({ view }) => view));
  showNextRows = null;
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
    showNextRows = showNext;
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

/**
 * Open a story and go to it; if the filters hide it, they are cleared.
 * @param {Story} story
 */
function goToStory(story) {
  const reach = () => {
    while (!rowOf.has(story) && showNextRows) showNextRows();
    return rowOf.get(story);
  };
  let row = reach();
  if (!row) {
    controls.reset();
    showList();
    row = reach();
  }
  row?.open();
  row?.view.scrollIntoView();
  row?.view.querySelector("button")?.focus({ preventScroll: true });
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
  document.addEventListener(GO_TO_STORY, (event) => goToStory(/** @type {CustomEvent} */ (event).detail));
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.hidden = model.stories.length < 5;
}
