// The data of the page: rows of numbers and texts, as catalogue.py, partition.py and linked.py write them.

const report = JSON.parse(document.getElementById("report-data").textContent);

const languages = report.languages.map(([code, name]) => ({ code, name }));

const articles = report.articles.map(([headline, language, source, date, id, url], number) => ({
  number,
  headline,
  language: languages[language],
  source: report.sources[source] ?? "",
  date,
  id,
  url,
}));

const pairs = report.pairs.map(
  ([a, b, probability, similarity, cosine, ofA, ofB, relation, days, contained], number) => ({
    number,
    a: articles[a],
    b: articles[b],
    probability,
    similarity,
    cosine,
    ofA,
    ofB,
    named: report.relations[relation],
    days,
    contained: [null, articles[a], articles[b]][contained],
  }),
);

const stories = report.stories.map(
  ([members, front, size, strength, weakest, membership, roundups, spoken, sources, sourceCount, days], number) => ({
    number,
    members: members.map((member) => articles[member]),
    front: front.map((member) => articles[member]),
    size,
    strength,
    weakest,
    membership,
    roundups: new Set(roundups),
    languages: spoken.map((language) => languages[language]),
    sources: sources.map((source) => report.sources[source]),
    sourceCount,
    days,
  }),
);

// At which threshold the page shows the stories: one of the steps that were worked out.
const shown = { step: report.partitions.find((step) => step.threshold === report.threshold) };
for (const step of report.partitions) {
  step.place = new Map(step.stories.map((story, place) => [story, place]));
}

/** The relation of a pair at the threshold shown: under it, the two are different stories. */
const relationOf = (pair) => (pair.probability >= shown.step.threshold ? pair.named : "different");

/** The relations that the links of a story have, and how many links there are. */
const relationsOf = (story) => {
  const bits = shown.step.relations[shown.step.place.get(story.number)];
  return report.relations.filter((_, place) => bits & (1 << place));
};
const linkCount = (story) => shown.step.links[shown.step.place.get(story.number)];

let pairsByArticle = null;

/** The pairs inside a story that the page holds, strongest first. */
function linksOf(story) {
  if (!pairsByArticle) {
    pairsByArticle = new Map();
    for (const pair of pairs) {
      if (!pairsByArticle.has(pair.a)) pairsByArticle.set(pair.a, []);
      pairsByArticle.get(pair.a).push(pair);
    }
  }
  const inside = new Set(story.members);
  return story.members
    .flatMap((member) => pairsByArticle.get(member) ?? [])
    .filter((pair) => inside.has(pair.b) && pair.probability >= report.floor)
    .sort((one, other) => other.probability - one.probability || one.number - other.number);
}

let evidenceRead = null;

/** The evidence of all pairs that have any here; it is read when it is first asked for. */
function evidence() {
  evidenceRead ??= JSON.parse(document.getElementById("evidence-data").textContent);
  return evidenceRead;
}

/** The evidence of a pair with its texts, or null where the page does not hold it. */
function evidenceOf(pair) {
  const { texts, links } = evidence();
  if (!(pair.number in links)) return null;
  const [aligned, left, onlyA, onlyB, numbers, names, shares] = links[pair.number];
  const spelled = (list) => list.map((text) => texts[text]);
  const side = ([shownTexts, more]) => ({ texts: spelled(shownTexts), left: more });
  return {
    aligned: aligned.map(([a, b, cosine, marksA, marksB, differsA, differsB]) => ({
      a: { text: texts[a], marks: marksA, differs: spelled(differsA) },
      b: { text: texts[b], marks: marksB, differs: spelled(differsB) },
      cosine,
    })),
    left,
    onlyA: side(onlyA),
    onlyB: side(onlyB),
    numbers: spelled(numbers),
    names: spelled(names),
    shares,
  };
}

/** What cleaning took from an article: reasons and texts, and how many more pieces. */
function droppedOf(article) {
  const { texts, dropped } = evidence();
  const [pieces, left] = dropped[article.number] ?? [[], 0];
  return { pieces: pieces.map(([reason, text]) => ({ reason, text: texts[text] })), left };
}

/** A probability in words. */
const verdict = (probability) => report.verdicts.find(([least]) => probability >= least)[1];
