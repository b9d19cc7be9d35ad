// The threshold: what the page shows at it, and how the counts change with it.
import { percent, thousands } from "./words.mjs";
import { byId, model } from "./page.mjs";
import { el } from "./dom.mjs";
import { thresholdChart } from "./pictures.mjs";
import { showList } from "./story_list.mjs";
import { showStorylines } from "./storylines.mjs";
import { showAlone, showNearMisses } from "./unmatched.mjs";

/**
 * @import { Step } from "./model.mjs"
 * @import { ThresholdRow } from "./rows.mjs"
 */

const slider = /** @type {HTMLInputElement} */ (byId("slider"));

/** @type {[string, (counts: ThresholdRow) => number][]} */
const SERIES = [
  ["Stories", (counts) => counts.stories],
  ["Articles in stories", (counts) => counts.inside],
  ["Articles in the largest story", (counts) => counts.largest],
];

/**
 * Show the stories at another threshold, clustered just as those at the report's own; returns what `showList` does.
 * @param {Step} step
 */
export function showStep(step) {
  model.shown = step;
  showCounts(step);
  showSweep(step.threshold);
  const openFirst = showList();
  showStorylines();
  showNearMisses();
  showAlone();
  return openFirst;
}

/** @param {Step} step */
function showCounts({ threshold, counts }) {
  const own = threshold === model.ownThreshold;
  const { stories, storylines, across, alone } = counts;
  for (const [name, count] of Object.entries({ stories, storylines, across, alone })) {
    const shown = document.querySelector(`[data-count="${name}"]`);
    if (shown) shown.textContent = thousands(count);
  }
  byId("lead").textContent = counts.lead;
  byId("threshold").textContent =
    `${percent(threshold)}${own ? ", as in the run" : `; the run used ${percent(model.ownThreshold)}`}`;
  slider.value = String(model.steps.indexOf(model.shown));
  slider.setAttribute("aria-valuetext", percent(threshold));
  document.body.classList.toggle("elsewhere", !own);
}

/** @param {number} current */
function showSweep(current) {
  byId("charts").replaceChildren(
    ...SERIES.map(([title, valueOf]) =>
      thresholdChart(
        title,
        model.thresholds.map((counts) => ({ threshold: counts.threshold, value: valueOf(counts) })),
        current,
      ),
    ),
  );
  byId("steps").replaceChildren(
    ...model.thresholds.map(({ threshold, stories, across, inside, largest }) =>
      el(
        "tr",
        { "aria-current": threshold === current ? "true" : null },
        el("th", { scope: "row", class: "number" }, percent(threshold)),
        [stories, across, inside, largest].map((count) => el("td", { class: "number" }, thousands(count))),
      ),
    ),
  );
}

/** Let the reader move the threshold, if there are several. */
export function startSlider() {
  slider.max = String(model.steps.length - 1);
  if (slider.parentElement) slider.parentElement.hidden = model.steps.length < 2;
  slider.addEventListener("input", () => showStep(model.steps[Number(slider.value)]));
}
