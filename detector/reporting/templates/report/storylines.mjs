// Storylines: the stories of one affair in order of time, in a section of their own and inside each story.
import { counted, daySpan } from "./words.mjs";
import { byId, model } from "./page.mjs";
import { articleText, dataText, el, facts, note } from "./dom.mjs";

/**
 * @import { Story, Storyline, StoryOfLine } from "./model.mjs"
 */

// The event by which the list of stories is asked to open one; its detail is the story.
export const GO_TO_STORY = "go-to-story";

/** Show the storylines of two or more stories; each opens to its stories. */
export function showStorylines() {
  const { storylines, storylines_in_all } = model.shown;
  const left = storylines_in_all - storylines.length;
  byId("lines").replaceChildren(
    el(
      "p",
      { class: "intro" },
      storylines.length
        ? "Stories of one developing affair, such as a decision and what followed from it, in order of time."
        : "No two stories belong to one affair.",
    ),
    ...storylines.map(storylineView),
    ...(left > 0 ? [note(`${counted(left, "more storyline", "more storylines")} in storylines.jsonl.`)] : []),
  );
}

/** @param {Storyline} storyline */
function storylineView(storyline) {
  const days = storyline.stories.map(({ day }) => day).filter(Boolean);
  const body = el("div", { class: "body" });
  const fillBody = () => body.childNodes.length || body.append(storyLinks(storyline, undefined));
  const [first] = storyline.stories;
  return el(
    "details",
    { class: "line", ontoggle: fillBody },
    el(
      "summary",
      {},
      articleText(first.head.headline, first.head.language),
      facts(
        counted(storyline.size, "story", "stories"),
        counted(storyline.articles, "article", "articles"),
        days.length ? daySpan(days[0], days[days.length - 1]) : null,
      ),
    ),
    body,
  );
}

/**
 * What a story says of its storyline; nothing if it is the only story of it.
 * @param {Story} story
 */
export function storylineOfStory(story) {
  const storyline = model.storylineOf(story);
  if (!storyline) return null;
  return el(
    "section",
    { class: "line" },
    el("h4", {}, `Storyline of ${counted(storyline.size, "story", "stories")}`),
    note("Stories of the same affair, in order of time."),
    storyLinks(storyline, story),
  );
}

/**
 * The stories of a storyline; those in the list can be gone to.
 * @param {Storyline} storyline
 * @param {Story | undefined} current
 */
function storyLinks(storyline, current) {
  const left = storyline.size - storyline.stories.length;
  return el(
    "div",
    {},
    el(
      "ol",
      { class: "line" },
      storyline.stories.map((part) => el("li", {}, storyLink(part, current))),
    ),
    left > 0 ? note(`${counted(left, "more story", "more stories")} in storylines.jsonl.`) : null,
  );
}

/** @param {Story} story */
const languagesOf = (story) =>
  story.languages
    .map(({ name }) => name)
    .sort()
    .join(", ");

/**
 * @param {StoryOfLine} part
 * @param {Story | undefined} current
 */
function storyLink({ head, story, day }, current) {
  const headline = articleText(head.headline, head.language);
  const about = facts(
    day ? dataText(daySpan(day, day)) : null,
    story ? languagesOf(story) : head.language.name,
    story ? counted(story.size, "article", "articles") : "1 article",
    story && story === current ? "this story" : null,
  );
  if (!story || story === current) return [headline, about];
  /** @param {Event} event */
  const goTo = (event) => event.target?.dispatchEvent(new CustomEvent(GO_TO_STORY, { bubbles: true, detail: story }));
  return [el("button", { type: "button", class: "plain", onclick: goTo }, headline), about];
}
