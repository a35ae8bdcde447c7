"""Does a text give an accepted answer, rather than hold its words by luck?

A text gives an answer where a sentence among its first hundred words holds it, in whatever spelling
of numbers and dates, does not deny it, and offers no others beside it. What else it says is judged
elsewhere.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from ragkit.chunking import split_sentences
from ragkit.evaluation.scoring.texts import contains, plain
from ragkit.evidence import normalise
from ragkit.evidence.support.naming import names_of
from ragkit.evidence.support.polarity import is_negation
from ragkit.evidence.support.quantities import (
    NUMBER_WORDS,
    UNITS,
    Quantity,
    backs_dates,
    read_quantities,
)
from ragkit.evidence.support.reading import read_words
from ragkit.words import STOP_WORDS, content_words, stem, words_of

Finding = Literal["held", "absent", "denied", "alternatives", "listing", "late", "unit"]
"""held: the text gives the answer. denied: it says that it is not so. alternatives: it gives
another beside it ("Cambridge or Oxford"). listing: one of many. late: after `MOST_WORDS` words.
unit: the number stands there with another unit. absent: none of these."""

MOST_WORDS = 100
"""Words within which an answer has to stand: who lists everything answers nothing."""
MOST_OTHERS = 3
"""Numbers or names beside the answer in its sentence that no gold place holds; more are a list."""
COVERED = 0.6
"""Least share of a gold place's content words that stand in a text that gives its answer."""
SHORT_WORDS = 5
"""An accepted answer of more words is a statement, compared by its content words."""

_OR = frozenset("or oder ou или veya".split())
_HEDGES = STOP_WORDS | frozenset("about perhaps maybe possibly around approximately circa".split())
_CAPITAL_SLASH = re.compile(r"(?<=[A-Za-z]{3})\s*/\s*(?=[A-Z][a-z]{2})")
_NEAR_WORDS = 4
_MEASURES = UNITS | {
    alias: unit
    for unit, aliases in {
        "inch": "inch inches",
        "foot": "foot feet ft",
        "yard": "yard yards",
        "mile": "mile miles",
        "mg": "mg milligram milligrams",
        "g": "g gram grams gramme grammes",
        "kg": "kilogramme kilogrammes",
        "tonne": "tonne tonnes",
        "ton": "ton tons",
        "pound": "pound pounds",
        "ounce": "ounce ounces",
        "ml": "ml millilitre millilitres milliliter milliliters",
        "l": "l litre litres liter liters",
        "gallon": "gallon gallons",
        "century": "century centuries",
        "hectare": "hectare hectares ha",
        "acre": "acre acres",
        "w": "watt watts",
        "kw": "kw kilowatt kilowatts",
        "volt": "volt volts",
        "ampere": "ampere amperes",
        "newton": "newton newtons",
        "kn": "kn kilonewton kilonewtons",
        "degree": "degree degrees",
        "times": "times",
    }.items()
    for alias in aliases.split()
}
"""Which unit a word names, in lower case."""


def check_answer(text: str, answers: Sequence[str], *, gold: Iterable[str] = ()) -> Finding:
    """Return whether a text gives one of some accepted answers, and why not where it does not.

    >>> check_answer("He studied in Cambridge.", ["Cambridge"])
    'held'
    >>> check_answer("It was Cambridge or Oxford.", ["Cambridge"])
    'alternatives'
    >>> check_answer("It was not Cambridge.", ["Cambridge"])
    'denied'
    >>> check_answer("It lasted 18 years.", ["eighteen years"])
    'held'
    >>> check_answer("It weighs 3.6 kg.", ["3.6 grams", "3.6"])
    'unit'

    Args:
        text: What is shown.
        answers: Short forms, any of which is right; a longer one is compared by its content words.
        gold: Quotes of the places that answer: what they hold is no other answer.
    """
    quotes = tuple(gold)
    found: list[Finding] = []
    seen = 0
    for sentence in [part.text for part in split_sentences(text)] or [text]:
        late = seen >= MOST_WORDS
        seen += len(sentence.split())
        finding = _check_sentence(sentence, answers, quotes)
        if finding == "held" and not late:
            return "held"
        found.append("late" if finding == "held" else finding)
    start = " ".join(text.split()[:MOST_WORDS])
    if set(found) == {"absent"} and any(contains(start, answer) for answer in answers):
        return "held"  # it goes over the end of what was taken for a sentence
    return next((finding for finding in found if finding != "absent"), "absent")


def _check_sentence(sentence: str, answers: Sequence[str], gold: Sequence[str]) -> Finding:
    """Return how one sentence holds an answer."""
    held = [answer for answer in answers if gives(sentence, answer)]
    if not held:
        return "absent"
    held = [answer for answer in held if not _has_other_unit(sentence, answer, answers)]
    if not held:
        return "unit"
    literal = _longest([answer for answer in held if contains(sentence, answer)])
    kept = [answer for answer in literal if not is_denied(sentence, answer)]
    if literal and not kept and not any(is_denied(g, a) for g in gold for a in answers):
        return "denied"
    known = " ".join((*gold, *answers))
    if kept and all(_has_alternative(sentence, answer, known) for answer in kept):
        return "alternatives"
    return "listing" if _lists(sentence, held, known) else "held"


def _longest(answers: Sequence[str]) -> list[str]:
    """Return the answers that no other one holds.

    >>> _longest(["beech wood", "beech", "ash"])
    ['beech wood', 'ash']
    """
    return [
        answer
        for answer in answers
        if not any(contains(other, answer) and plain(other) != plain(answer) for other in answers)
    ]


def gives(sentence: str, answer: str) -> bool:
    """Say whether a sentence holds an answer: its words, its date, or its number with its unit.

    >>> gives("On October 3, 1898 it opened.", "3 October 1898"), gives("8400 years", "8,400 years")
    (True, True)
    >>> gives("The water is six metres deep.", "6 metres"), gives("6 minutes", "6 metres")
    (True, False)
    """
    if contains(sentence, answer):
        return True
    if len(answer.split()) > SHORT_WORDS:
        return covers([answer], [sentence])
    wanted = read_quantities(answer)
    if not wanted.dates and not wanted.numbers:
        return False
    held = read_quantities(sentence)
    if not _telling(wanted.rest) <= {stem(word) for word in words_of(sentence)}:
        return False
    return backs_dates(held, wanted) and all(
        any(_is_same(own, number) for own in held.numbers) for number in wanted.numbers
    )


def gives_any(text: str, answers: Sequence[str]) -> bool:
    """Say whether a text gives one of some answers, and does not deny it.

    >>> gives_any("It is not 9 May.", ["9 May"]), gives_any("On May 9.", ["Friday", "9 May"])
    (False, True)
    """
    return any(gives(text, answer) and not is_denied(text, answer) for answer in answers)


def _telling(text: str) -> set[str]:
    """Return the stems of the words that are neither numbers nor units."""
    words = {word for word in content_words(text) if word[0].isalpha()}
    return {stem(word) for word in words - _MEASURES.keys() - NUMBER_WORDS.keys()}


def _is_same(held: Quantity, wanted: Quantity) -> bool:
    return (held.value, held.unit) == (wanted.value, wanted.unit) and set(wanted.after) <= set(
        held.after
    )


def _has_other_unit(sentence: str, answer: str, answers: Sequence[str]) -> bool:
    """Say whether a bare number stands in a sentence only with a unit that no answer gives it.

    >>> _has_other_unit("It weighs 3.6 kg.", "3.6", ["3.6 grams"])
    True
    >>> _has_other_unit("It weighs 3.6 g.", "3.6", ["3.6 grams"])
    False
    """
    number = plain(answer)
    if not re.fullmatch(r"\d+(?:\.\d+)?", number):
        return False
    allowed = {unit for other in answers for unit in _units_after(number, other) if unit}
    found = _units_after(number, sentence)
    return bool(allowed and found) and all(unit and unit not in allowed for unit in found)


def _units_after(number: str, text: str) -> list[str]:
    """Return the unit at each place where a number stands in a text, "" where it has none.

    >>> _units_after("5", "5 litres are 5 l, and 5% of 5")
    ['l', 'l', '%', '']
    """
    words = plain(text).replace("%", " %").split()
    after = [words[at + 1 : at + 2] for at, word in enumerate(words) if word == number]
    return [_MEASURES.get(word[0], "") if word else "" for word in after]


def is_denied(sentence: str, answer: str) -> bool:
    """Say whether an answer stands in a sentence only after a negation in its clause.

    >>> is_denied("The weight is not 19 kg but 20 kg.", "19 kg"), is_denied("No, 19 kg.", "19 kg")
    (True, False)
    """
    words = read_words(sentence)
    wanted = [word.text.replace(",", "") for word in read_words(answer)]
    if not wanted:
        return False
    texts = [word.text.replace(",", "") for word in words]
    size = len(wanted)
    places = [at for at in range(len(texts) - size + 1) if texts[at : at + size] == wanted]
    return bool(places) and all(
        any(
            is_negation(words, before) and words[before].clause == words[at].clause
            for before in range(max(0, at - _NEAR_WORDS), at)
        )
        for at in places
    )


def _has_alternative(sentence: str, answer: str, known: str) -> bool:
    """Say whether "or" joins an answer with something that is not known to be right."""
    words = plain(_CAPITAL_SLASH.sub(" or ", sentence)).split()
    wanted = plain(answer).split()
    right = {stem(word) for word in plain(known).split()}
    size = len(wanted)
    places = [at for at in range(len(words) - size + 1) if words[at : at + size] == wanted]
    return bool(places) and all(
        _is_other(_after_or(words[at + size : at + size + _NEAR_WORDS]), right)
        or _is_other(_after_or(words[max(0, at - _NEAR_WORDS) : at][::-1]), right)
        for at in places
    )


def _after_or(words: Sequence[str]) -> str:
    """Return the first telling word after "or", where that comes before any other telling word."""
    telling = [word for word in words if word in _OR or word not in _HEDGES]
    if len(telling) > 1 and telling[0] in _MEASURES:
        telling = telling[1:]
    return telling[1] if len(telling) > 1 and telling[0] in _OR else ""


def _is_other(word: str, right: set[str]) -> bool:
    return bool(word) and stem(word) not in right


def _lists(sentence: str, answers: Sequence[str], known: str) -> bool:
    """Say whether an answer is one of many numbers or names that are not known to be right."""
    numeric = any(character.isdigit() for character in answers[0])
    if numeric:
        held = {number.value for number in read_quantities(known).numbers}
        others = {number.value for number in read_quantities(sentence).numbers} - held
    else:
        others = set(names_of(sentence)) - {stem(word) for word in content_words(normalise(known))}
    return len(others) > MOST_OTHERS


def covers(wanted: Iterable[str], shown: Iterable[str]) -> bool:
    """Say whether a text holds most content words of one of some statements.

    >>> covers(["The mask removes padding."], ["Padding is removed by a mask."])
    True
    >>> covers(["The mask removes padding."], ["The mask is a list."])
    False
    """
    held = set().union(*map(_stems_of, shown))
    stems = (_stems_of(text) for text in wanted)
    return any(words and len(words & held) >= COVERED * len(words) for words in stems)


def _stems_of(text: str) -> set[str]:
    return {stem(word) for word in content_words(normalise(text))}
