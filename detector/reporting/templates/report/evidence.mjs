// The evidence of the pairs on the page, and what cleaning removed from its articles.
import { named } from "./rows.mjs";

/**
 * @import { Article, Pair } from "./model.mjs"
 * @import { AlignedRow, DroppedRow, EvidenceRow, EvidenceTables } from "./rows.mjs"
 * @import { List, MarkRow, OnlyRow, PieceRow, ShareRow } from "./rows.mjs"
 *
 * @typedef {{ start: number, length: number, kind: string }} Mark
 * @typedef {{ text: string, marks: Mark[], differs: string[] }} Sentence
 * @typedef {{ texts: string[], left: number }} OnlyIn
 *
 * @typedef {object} Evidence
 * @property {{ a: Sentence, b: Sentence, cosine: number }[]} aligned
 * @property {number} aligned_left
 * @property {OnlyIn} only_a
 * @property {OnlyIn} only_b
 * @property {string[]} numbers
 * @property {string[]} names
 * @property {ShareRow[]} shares
 */

export class PageEvidence {
  /** @param {EvidenceTables} tables */
  constructor(tables) {
    this.tables = tables;
  }

  /**
   * Whether the page holds the evidence of a pair.
   * @param {Pair} pair
   */
  has(pair) {
    return pair.index in this.tables.pairs;
  }

  /**
   * The evidence of a pair with its texts, or null if the page does not hold it.
   * @param {Pair} pair
   * @returns {Evidence | null}
   */
  of(pair) {
    return this.has(pair) ? withTexts(this.row(pair), this.tables) : null;
  }

  /**
   * The names that both articles of a pair have; none if the page does not hold its evidence.
   * @param {Pair} pair
   */
  namesOf(pair) {
    return this.has(pair) ? this.row(pair).names.map((name) => this.tables.texts[name]) : [];
  }

  /**
   * What cleaning removed from an article: reasons and texts, and how many more pieces.
   * @param {Article} article
   */
  droppedFrom(article) {
    const { columns, texts, dropped } = this.tables;
    const row = dropped[article.index];
    if (!row) return { pieces: [], left: 0 };
    /** @type {DroppedRow} */
    const { pieces, left } = named(columns.dropped, row);
    /** @type {PieceRow[]} */
    const rows = pieces.map((piece) => named(columns.piece, piece));
    return { pieces: rows.map(({ reason, text }) => ({ reason, text: texts[text] })), left };
  }

  /**
   * @param {Pair} pair
   * @returns {EvidenceRow}
   */
  row(pair) {
    return named(this.tables.columns.evidence, this.tables.pairs[pair.index]);
  }
}

/**
 * @param {EvidenceRow} row
 * @param {EvidenceTables} tables
 * @returns {Evidence}
 */
function withTexts(row, { columns, kinds, texts }) {
  /** @param {number[]} indexes */
  const spelled = (indexes) => indexes.map((index) => texts[index]);
  /** @param {List} only */
  const onlyIn = (only) => {
    /** @type {OnlyRow} */
    const side = named(columns.only, only);
    return { texts: spelled(side.texts), left: side.left };
  };
  /** @param {List} mark */
  const markOf = (mark) => {
    /** @type {MarkRow} */
    const { start, length, kind } = named(columns.mark, mark);
    return { start, length, kind: kinds[kind] };
  };
  /** @param {List} aligned */
  const alignedOf = (aligned) => {
    /** @type {AlignedRow} */
    const pair = named(columns.aligned, aligned);
    return {
      a: { text: texts[pair.text_a], marks: pair.marks_a.map(markOf), differs: spelled(pair.differs_a) },
      b: { text: texts[pair.text_b], marks: pair.marks_b.map(markOf), differs: spelled(pair.differs_b) },
      cosine: pair.cosine,
    };
  };
  return {
    aligned: row.aligned.map(alignedOf),
    aligned_left: row.aligned_left,
    only_a: onlyIn(row.only_a),
    only_b: onlyIn(row.only_b),
    numbers: spelled(row.numbers),
    names: spelled(row.names),
    shares: row.shares.map((share) => named(columns.share, share)),
  };
}
