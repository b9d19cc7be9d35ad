// The page comes alive.

const theme = document.getElementById("theme");
const dark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const nameTheme = () => {
  theme.textContent = dark() ? "Light" : "Dark";
};
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = dark() ? "light" : "dark";
  nameTheme();
});
theme.hidden = false;
nameTheme();

for (const hidden of document.querySelectorAll(".scripted")) hidden.hidden = false;
slider.max = String(report.partitions.length - 1);
slider.parentElement.hidden = report.partitions.length < 2;
slider.addEventListener("input", () => showStep(report.partitions[Number(slider.value)]));

fillControls();
controls.hidden = stories.length < 5;
// On a phone the filters would stand between the reader and the stories.
document.getElementById("filters").open = !matchMedia("(max-width: 44rem)").matches;
showStep(shown.step);
// With few stories the first is shown in full: what there is to see is seen at once.
if (shown.step.stories.length <= 10) list.querySelector(".story")?.open();
