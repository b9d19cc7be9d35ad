// The rows of the page's data, as page/rows.py writes them: lists, with the names of their columns kept once.

/**
 * A position in a table; -1 is none.
 * @typedef {number} Index
 *
 * @typedef {object} LanguageRow
 * @property {string} code
 * @property {string} name
 *
 * @typedef {object} ArticleRow
 * @property {string} headline
 * @property {Index} language
 * @property {Index} source
 * @property {string} date
 * @property {string} id
 * @property {string} url
 *
 * @typedef {object} PairRow
 * @property {Index} a
 * @property {Index} b
 * @property {number} probability
 * @property {number} storyline_probability
 * @property {number} similarity
 * @property {number} coverage_a
 * @property {number} coverage_b
 * @property {Index} relation
 * @property {Index} otherwise
 * @property {Index} apart
 * @property {Index} contained
 *
 * @typedef {object} StoryRow
 * @property {Index[]} members
 * @property {Index[]} heads
 * @property {number} size
 * @property {number} strength
 * @property {number} weakest
 * @property {number[]} membership
 * @property {Index[]} roundups
 * @property {Index[]} languages
 * @property {Index[]} sources
 * @property {number} source_count
 * @property {string} first_day
 * @property {string} last_day
 *
 * @typedef {object} StorylineRow
 * @property {Index[]} heads
 * @property {Index[]} stories
 * @property {string[]} days
 * @property {number} size
 * @property {number} articles
 *
 * @typedef {object} ThresholdRow
 * @property {number} threshold
 * @property {number} stories
 * @property {number} storylines
 * @property {number} across
 * @property {number} inside
 * @property {number} largest
 * @property {number} alone
 * @property {string} lead
 *
 * @typedef {object} AloneRow
 * @property {Index} article
 * @property {Index} nearest
 *
 * @typedef {object} EvidenceRow
 * @property {List[]} aligned
 * @property {number} aligned_left
 * @property {List} only_a
 * @property {List} only_b
 * @property {Index[]} numbers
 * @property {Index[]} names
 * @property {List[]} shares
 *
 * @typedef {object} AlignedRow
 * @property {Index} text_a
 * @property {Index} text_b
 * @property {number} cosine
 * @property {List[]} marks_a
 * @property {List[]} marks_b
 * @property {Index[]} differs_a
 * @property {Index[]} differs_b
 *
 * @typedef {object} MarkRow
 * @property {number} start
 * @property {number} length
 * @property {Index} kind
 *
 * @typedef {object} OnlyRow
 * @property {Index[]} texts
 * @property {number} left
 *
 * @typedef {object} ShareRow
 * @property {string} feature
 * @property {number} share
 *
 * @typedef {object} DroppedRow
 * @property {List[]} pieces
 * @property {number} left
 *
 * @typedef {object} PieceRow
 * @property {string} reason
 * @property {Index} text
 */

/**
 * The values of a row in the order of its columns; `named` makes an object of it.
 * @typedef {unknown[]} List
 *
 * What the page shows at one threshold; indexes as in StoriesAtThreshold of page/stories_at_threshold.py.
 * @typedef {object} StoriesAtThreshold
 * @property {number} threshold
 * @property {Index[]} stories
 * @property {Index[][]} relations
 * @property {number[]} links
 * @property {List[]} storylines
 * @property {number} storylines_in_all
 * @property {List[]} alone
 * @property {number} alone_in_all
 * @property {Index[]} near
 * @property {number} near_in_all
 *
 * @typedef {object} ReportTables
 * @property {Record<string, string[]>} columns
 * @property {List[]} languages
 * @property {string[]} sources
 * @property {string[]} relations
 * @property {string[]} apart
 * @property {List[]} articles
 * @property {List[]} pairs
 * @property {List[]} stories
 * @property {import("./words.mjs").Phrases} phrases
 * @property {number} threshold
 * @property {number} floor
 * @property {List[]} thresholds
 * @property {StoriesAtThreshold[]} stories_at
 *
 * @typedef {object} EvidenceTables
 * @property {Record<string, string[]>} columns
 * @property {string[]} kinds
 * @property {string[]} texts
 * @property {Record<string, List>} pairs
 * @property {Record<string, List>} dropped
 */

/**
 * A row as an object with the names of its columns.
 * @template T
 * @param {string[]} columns
 * @param {List} row
 * @returns {T}
 */
export function named(columns, row) {
  return /** @type {T} */ (Object.fromEntries(columns.map((name, index) => [name, row[index]])));
}
