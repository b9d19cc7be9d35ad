// The data of this page.
import { Model } from "./model.mjs";
import { Words } from "./words.mjs";

/** @import { ReportTables } from "./rows.mjs" */

/**
 * The element with an id of ours, which the template always writes.
 * @param {string} id
 * @returns {HTMLElement}
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id */
const readJson = (id) => JSON.parse(byId(id).textContent ?? "");

/** @type {ReportTables} */
const tables = readJson("report-data");

export const model = new Model(tables, () => readJson("evidence-data"));
export const words = new Words(tables.phrases);
