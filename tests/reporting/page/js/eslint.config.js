// How the page's script and its tests are linted. Started from the top folder: `npm run lint` does that.
import js from "@eslint/js";

const BROWSER = ["document", "window", "matchMedia", "clearTimeout", "CustomEvent", "FormData"];

export default [
  { ignores: ["**/node_modules/**"] },
  js.configs.recommended,
  {
    files: ["**/*.mjs", "**/*.js"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 10],
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 60],
      "no-implicit-globals": "error",
      "no-var": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["detector/reporting/templates/report/*.mjs"],
    languageOptions: { globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])) },
  },
  {
    files: ["tests/**/*.js"],
    languageOptions: { globals: { URL: "readonly" } },
  },
];
