// The list of stories: search, filters, order, and a page of it at a time.

const AT_ONCE = 50;
const controls = document.getElementById("controls");
const list = document.getElementById("list");

const orders = {
  size: (one, other) => other.size - one.size || other.languages.length - one.languages.length,
  languages: (one, other) => other.languages.length - one.languages.length || other.size - one.size,
  strongest: (one, other) => other.strength - one.strength,
  weakest: (one, other) => one.weakest - other.weakest,
  newest: (one, other) => (other.days[1] ?? "").localeCompare(one.days[1] ?? ""),
};

const searchTexts = new Map();
let namesByArticle = null;

/** The names that the evidence found in each article. */
function namesOf(article) {
  if (!namesByArticle) {
    namesByArticle = new Map();
    const { texts, links } = evidence();
    for (const [number, link] of Object.entries(links)) {
      for (const end of [pairs[number].a, pairs[number].b]) {
        namesByArticle.set(end, `${namesByArticle.get(end) ?? ""} ${link[5].map((name) => texts[name]).join(" ")}`);
      }
    }
  }
  return namesByArticle.get(article) ?? "";
}

/** All that a search looks in: headlines, ids, sources and shared names. */
function searchText(story) {
  if (!searchTexts.has(story)) {
    const parts = story.members.flatMap((article) => [article.headline, article.id, namesOf(article)]);
    searchTexts.set(story, fold([...parts, ...story.sources].join("\n")));
  }
  return searchTexts.get(story);
}

/** The stories at the threshold shown that pass the filters, in the order chosen. */
function chosenStories() {
  const { search, language, source, relation, size, across, order } = Object.fromEntries(new FormData(controls));
  const words = fold(search).split(/\s+/).filter(Boolean);
  return shown.step.stories
    .map((number) => stories[number])
    .filter(
      (story) =>
        story.size >= Number(size) &&
        (!across || story.languages.length > 1) &&
        (!language || story.languages.some(({ code }) => code === language)) &&
        (!source || story.sources.includes(source)) &&
        (!relation || relationsOf(story).includes(relation)) &&
        words.every((word) => searchText(story).includes(word)),
    )
    .sort(orders[order]);
}

/** Show the first of the chosen stories, with a button for more. */
function showList() {
  const chosen = chosenStories();
  const [, all] = report.sweep.find(([threshold]) => threshold === shown.step.threshold);
  document.getElementById("found").textContent =
    chosen.length === all
      ? counted(all, "story", "stories")
      : `${chosen.length.toLocaleString("en")} of ${counted(all, "story", "stories")}`;
  list.replaceChildren();
  if (!chosen.length)
    list.append(note(all ? "No story passes these filters." : "No two articles tell the same story."));
  showMore(chosen, 0);
}

function showMore(chosen, from) {
  const next = from + AT_ONCE;
  const added = chosen.slice(from, next).map(storyView);
  list.append(...added);
  if (next < chosen.length) {
    const button = el(
      "button",
      {
        type: "button",
        class: "more",
        onclick: () => {
          button.remove();
          showMore(chosen, next);
        },
      },
      `Show ${Math.min(AT_ONCE, chosen.length - next)} more of ${(chosen.length - next).toLocaleString("en")}`,
    );
    list.append(button);
  }
  if (from) added[0]?.querySelector("button").focus();
}

function option(select, value, text) {
  select.append(el("option", { value }, text));
}

/** The choices of the filters are those that the stories have. */
function fillControls() {
  const inStories = new Set(stories.flatMap((story) => story.languages));
  for (const { code, name } of [...inStories].sort((one, other) => one.name.localeCompare(other.name)))
    option(controls.elements.language, code, name);
  const sources = [...new Set(stories.flatMap((story) => story.sources))].sort((one, other) =>
    one.localeCompare(other),
  );
  for (const source of sources) option(controls.elements.source, source, source);
  for (const relation of report.relations.filter((name) => name !== "different"))
    option(controls.elements.relation, relation, relation);
  let waiting = 0;
  controls.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(showList, 60);
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
}
