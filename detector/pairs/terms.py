"""The terms of an article: its words, numbers and names, in forms that can be compared across languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from detector.pairs.countries import countries_in
from detector.pairs.names import names_in
from detector.pairs.numbers import date_forms, numbers_and_rest
from detector.pairs.words import TOKEN, word_forms

# Languages in which every noun begins with a capital.
CAPITAL_NOUNS = frozenset({"de", "gsw", "lb", "nds"})


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each word, number and name occurs, by its comparable form; and a spelling of each name as written."""

    words: Counter[str]
    numbers: Counter[str]
    names: Counter[str]
    spelling: dict[str, str]


@dataclass(frozen=True, slots=True)
class SentenceTerms:
    """What is found in one sentence, in the order of the sentence.

    numbers: the comparable forms of each number, as `numbers_and_rest` gives them. dates: as `date_forms` gives them.
    tokens: the words. names, countries: the comparable form and the spelling of each.
    """

    numbers: list[tuple[str, ...]]
    dates: list[str]
    tokens: list[str]
    names: list[tuple[str, str]]
    countries: list[tuple[str, str]]

    @classmethod
    def of(cls, sentence: str, language: str) -> SentenceTerms:
        """The terms of a sentence."""
        numbers, rest = numbers_and_rest(sentence, language)
        tokens = TOKEN.findall(rest)
        return cls(
            numbers,
            list(date_forms(sentence, language)),
            tokens,
            list(names_in(tokens)),
            list(countries_in(sentence, tokens, language)),
        )

    def proper_names(self, language: str) -> list[tuple[str, str]]:
        """Those of the names that a capital shows to be names: none in languages that write every noun with one.

        The first word has a capital whatever it is; some scripts have none.
        """
        if language in CAPITAL_NOUNS:
            return []
        first = bool(self.names and self.names[0][1] == self.tokens[0])
        return [(form, token) for form, token in self.names[first:] if token[0].isupper()]


def extract_terms(sentences: Sequence[str], language: str) -> Terms:
    """The terms of the sentences together, all in one language; countries are names, dates are numbers."""
    return joined_terms(SentenceTerms.of(sentence, language) for sentence in sentences)


def joined_terms(sentences: Iterable[SentenceTerms]) -> Terms:
    """The terms of the sentences of one article together; countries are names, dates are numbers."""
    terms = Terms(Counter(), Counter(), Counter(), {})
    for sentence in sentences:
        terms.numbers.update(chain.from_iterable(sentence.numbers))
        terms.numbers.update(sentence.dates)
        terms.words.update(chain.from_iterable(map(word_forms, sentence.tokens)))
        for name, spelling in chain(sentence.names, sentence.countries):
            terms.names[name] += 1
            terms.spelling.setdefault(name, spelling)
    return terms
