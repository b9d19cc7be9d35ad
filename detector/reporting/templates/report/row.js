// A story of the list: its line, which opens to what story.js makes.

const TONGUES = 6;

/** The line of a story; it fills itself when it is first opened. */
function storyView(story) {
  const id = `story-${story.number}`;
  const [speaker, ...others] = story.front;
  const body = el("div", { class: "body", id, hidden: true });
  const button = el(
    "button",
    { type: "button", "aria-expanded": "false", "aria-controls": id, lang: speaker.language.code, dir: "auto" },
    speaker.headline,
  );
  const view = el(
    "article",
    { class: "story" },
    el(
      "header",
      { onclick: (event) => toggle(event) },
      el(
        "div",
        { class: "told" },
        kicker(story),
        el("h3", {}, button),
        others.length
          ? el(
              "ul",
              { class: "also" },
              others.map((article) =>
                el(
                  "li",
                  {},
                  el("span", { class: "tongue" }, article.language.name),
                  said(article.headline, article.language),
                ),
              ),
              moreTongues(story),
            )
          : null,
        storyFacts(story),
      ),
      el("div", { class: "look" }, ring(story), strength(story)),
    ),
    body,
  );
  const toggle = (event) => {
    if (event && event.target !== button && String(document.getSelection())) return;
    const opening = body.hidden;
    if (opening && !body.childNodes.length) body.append(...opened(story));
    body.hidden = !opening;
    button.setAttribute("aria-expanded", String(opening));
    view.classList.toggle("open", opening);
  };
  view.open = () => body.hidden && toggle();
  return view;
}

function kicker(story) {
  const relations = relationsOf(story).filter((relation) => relation !== "different");
  const names = story.languages.map((language) => language.name).sort();
  const left = names.length - TONGUES;
  const tongues = left > 1 ? `${names.slice(0, TONGUES).join(", ")} and ${left} more languages` : names.join(", ");
  return el(
    "p",
    { class: "kicker" },
    tongues,
    relations.length ? el("span", { class: "relations" }, ` · ${relations.join(", ")}`) : null,
  );
}

function moreTongues(story) {
  const left = story.languages.length - story.front.length;
  return left > 0 ? el("li", { class: "more" }, `and in ${counted(left, "more language", "more languages")}`) : null;
}

function storyFacts(story) {
  const sources = listed(story.sources.slice(0, 4));
  const left = story.sourceCount - Math.min(4, story.sources.length);
  return facts(
    counted(story.size, "article", "articles"),
    span(story.days),
    sources.length ? [sources, left > 0 ? ` and ${left} more` : null] : null,
  );
}

const strength = (story) =>
  el(
    "dl",
    { class: "strength" },
    el(
      "div",
      {},
      el("dt", {}, story.size === 2 ? "same story" : "same story, mean"),
      el("dd", {}, likelihood(story.strength), bar(story.strength)),
    ),
    story.size === 2
      ? null
      : el("div", { class: "weakest" }, el("dt", {}, "weakest link"), el("dd", {}, likelihood(story.weakest))),
  );
