// The search box: shows the stories that hold every word typed. The page is complete without it.
(() => {
  const box = document.querySelector(".search");
  if (!box) return;
  const input = box.querySelector("input");
  const found = document.getElementById("found");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const stories = Array.from(document.querySelectorAll(".story"));
  const texts = new Map();
  const textOf = (story) => {
    if (!texts.has(story)) texts.set(story, fold(story.textContent));
    return texts.get(story);
  };
  const search = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const story of stories) {
      story.hidden = !words.every((word) => textOf(story).includes(word));
      if (!story.hidden) shown += 1;
    }
    found.textContent = words.length ? `${shown} of ${stories.length}` : "";
  };
  box.hidden = false;
  input.addEventListener("input", search);
  search();
})();
