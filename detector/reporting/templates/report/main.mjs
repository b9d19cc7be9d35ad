// Starts the page.
import { byId, model } from "./page.mjs";
import { startControls } from "./story_list.mjs";
import { showStep, startSlider } from "./threshold.mjs";

const theme = byId("theme");
const isDark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const nameTheme = () => {
  theme.textContent = isDark() ? "Light" : "Dark";
};
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
theme.hidden = false;
nameTheme();

for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".scripted")))
  section.hidden = false;
startSlider();
startControls();
// On a phone the filters would come between the reader and the stories.
/** @type {HTMLDetailsElement} */ (byId("filters")).open = !matchMedia("(max-width: 44rem)").matches;
const openFirst = showStep(model.shown);
// With few stories, the first is shown with its details, so that a reader sees at once what there is.
if (model.shown.stories.length <= 10) openFirst();
