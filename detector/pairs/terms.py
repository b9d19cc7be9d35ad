"""The terms of an article: its words, numbers and names, in forms that can be compared across languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from detector.pairs.countries import countries_in
from detector.pairs.names import names_in
from detector.pairs.numbers import date_forms, numbers_and_rest
from detector.pairs.words import TOKEN, word_forms


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each word, number and name occurs, by its comparable form; and a spelling of each name as written."""

    words: Counter[str]
    numbers: Counter[str]
    names: Counter[str]
    spelling: dict[str, str]


def extract_terms(sentences: Sequence[str], language: str) -> Terms:
    """The terms of the sentences together, all in one language; countries are names, dates are numbers."""
    terms = Terms(Counter(), Counter(), Counter(), {})
    for sentence in sentences:
        numbers, rest = numbers_and_rest(sentence, language)
        for forms in numbers:
            terms.numbers.update(forms)
        terms.numbers.update(date_forms(sentence, language))
        tokens = TOKEN.findall(rest)
        terms.words.update(chain.from_iterable(map(word_forms, tokens)))
        for name, spelling in (*names_in(tokens), *countries_in(sentence, tokens, language)):
            terms.names[name] += 1
            terms.spelling.setdefault(name, spelling)
    return terms
