// Numbers, days and probabilities in words. The phrases come from phrases.json, which Python reads too.

/**
 * @typedef {object} Phrases
 * @property {{ least: number, words: string }[]} verdicts
 * @property {{ low: number, below_low: string, high: number, above_high: string }} likelihood
 * @property {Record<string, string>} relations
 * @property {string} contained
 * @property {string} more
 * @property {string} no_story
 */

/** @param {number} value */
export const thousands = (value) => value.toLocaleString("en");

/**
 * A count with its noun.
 * @param {number} count
 * @param {string} singular
 * @param {string} plural
 */
export const counted = (count, singular, plural) => `${thousands(count)} ${count === 1 ? singular : plural}`;

/** @param {number} share */
export const percent = (share) => `${Math.round(share * 100)}%`;

/** @param {number} value */
export const twoDecimals = (value) => value.toFixed(2);

/** @param {string} text */
export const capitalized = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/**
 * Text without capitals and accents, to search in.
 * @param {string} text
 */
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/**
 * A day for a person to read; text that is not a day stays as it is.
 * @param {string} text
 */
export function day(text) {
  const when = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(+when) ? text : dayFormat.format(when);
}

/**
 * The first and the last of some days, which are empty without dates.
 * @param {string} first
 * @param {string} last
 */
export function daySpan(first, last) {
  return first === last ? day(first) : dayFormat.formatRange(new Date(first), new Date(last));
}

/**
 * A phrase with its values in place of the names in braces.
 * @param {string} phrase
 * @param {Record<string, string>} values
 */
const filled = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** What the page words by the phrases that it shares with the other files of a report. */
export class Words {
  /** @param {Phrases} phrases */
  constructor(phrases) {
    this.phrases = phrases;
  }

  /**
   * A probability as a percentage; only 0 reads "0.0%" and only 1 reads "100.0%".
   * @param {number} probability
   */
  likelihood(probability) {
    const { low, below_low, high, above_high } = this.phrases.likelihood;
    if (probability > 0 && probability < low) return below_low;
    if (probability > high && probability < 1) return above_high;
    return `${(probability * 100).toFixed(1)}%`;
  }

  /**
   * A probability in words.
   * @param {number} probability
   */
  verdict(probability) {
    const { verdicts } = this.phrases;
    return (verdicts.find(({ least }) => probability >= least) ?? verdicts[verdicts.length - 1]).words;
  }

  /**
   * What a relation means.
   * @param {string} relation
   */
  relation(relation) {
    return this.phrases.relations[relation];
  }

  /**
   * Which article the other contains.
   * @param {string} part
   * @param {string} container
   */
  contained(part, container) {
    return filled(this.phrases.contained, { part, container });
  }

  /**
   * How many more there are, and in which file.
   * @param {number} left
   * @param {string} singular
   * @param {string} plural
   * @param {string} file
   */
  more(left, singular, plural, file) {
    return filled(this.phrases.more, { more: counted(left, `more ${singular}`, `more ${plural}`), file });
  }
}
