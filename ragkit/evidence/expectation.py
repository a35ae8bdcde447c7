"""What form an answer will have, told from the question: a number of something, a time, a name.

A passage on the right subject without anything of that form often lacks just the detail asked for.
It reads a question by its first words and a text by its surface; it knows no grammar.
"""

import re
from collections.abc import Mapping
from itertools import dropwhile, islice, takewhile
from typing import Literal, NamedTuple

from ragkit.words import (
    LEAST_PREFIX_LETTERS,
    STOP_WORDS,
    content_words,
    drop_possessive,
    stem,
    words_of,
)

AnswerForm = Literal[
    "count", "amount", "length", "time", "person", "place", "reason", "meaning", "other"
]

_AMOUNTS = (
    "percentage|percent|proportion|share|fraction|amount|rate|ratio|size|score|value|price"
    "|cost|population|probability|temperature|accuracy|dimension"
)
_TIMES = "year|month|day|date|century|decade|time|week|weekday|deadline"
_QUESTIONS: Mapping[AnswerForm, str] = {
    "count": r"\bhow many\b|\bnumber of\b",
    "length": r"\bhow (?:long|old|tall|wide|deep|far|fast|often|big|large|small)\b",
    "amount": r"\bhow (?:much|high|low|likely)\b|\b(?:what|which)(?: (?:is|was|are|were))?"
    rf"(?: the)?(?: \w+){{0,2}}? (?:{_AMOUNTS})\b",
    "time": rf"\bwhen\b|\b(?:what|which)(?: \w+)? (?:{_TIMES})s?\b|\bhow soon\b|\bdeadline\b",
    "person": r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:person|author|researcher)s?\b",
    "place": r"\bwhere\b|\b(?:what|which) (?:room|city|country|place|town|building|state)\b",
    "reason": r"\bwhy\b|\bwhat (?:is|was|are|were) the (?:reason|cause)s?\b|\bhow come\b",
}
_PATTERNS = {form: re.compile(words, re.IGNORECASE) for form, words in _QUESTIONS.items()}

_MEANING = re.compile(
    r"^\W*(?:what(?: is|'s|’s| are)|define|explain|describe|how (?:do|does))\s+(?:an?\s+)?"
    r"(?P<subject>[\w'’-]+(?:[ -][\w'’-]+){0,3}?)(?P<verb> work| mean)?\W*$",
    re.IGNORECASE,
)
"""A question about one thing as a whole: "What is a graph neural network?"."""
_NUMBER_WORDS = frozenset(
    """zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    hundred hundreds thousand thousands million millions billion billions dozen half third quarter
    twice""".split()
)
_UNITS = (
    r"(?:s|ms|sec\w*|min\w*|h|hours?|days?|nights?|weeks?|months?|years?|decades?|centur\w+"
    r"|semesters?|terms?|m|km|cm|mm|met(?:er|re)s?|kilomet\w+|miles?|feet|foot|ft|inch\w*|acres?"
    r"|hectares?|square|pages?|words?|tokens?|characters?|letters?|lines?|steps?|epochs?|times"
    r"|percent|%|gb|mb|kb|kg|tons?|tonnes?|bits?|bytes?|parameters?|slides?|minutes?|people"
    r"|students?|years?-old|°\w?|degrees?|mph|km/h|per\b)"
)
_MEASURED = re.compile(
    rf"(?:\d|\b(?:{'|'.join(sorted(_NUMBER_WORDS))})\b)[\d.,]*[\s-]?(?:\w+[\s-])?{_UNITS}\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1\d|20)\d\d(?:s\b|\b)|\b\d{1,2}[:.]\d\d\b|\b(?:centur|decade)"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|week \d+|weeks?|noon|midnight|BC|AD|BCE|CE"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
    r"|\b(?:before|after|during|until|when|once|every|while)\b"
)
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][\w'’.-]*")
_PLACE = re.compile(
    r"\b(?:in|at|on|near|from|to|within|under|via|behind|between|into) (?:the |a )?\w"
)
_REASON = re.compile(
    r"\b(?:because|since|so that|so|therefore|hence|thus|due to|owing|as a result|in order"
    r"|reasons?|caus\w+|led to|leads? to|otherwise|would|to avoid|prevent\w*|allow\w*|means"
    r"|result\w*|too|which is why|consequence)\b",
    re.IGNORECASE,
)


_SIGNS: Mapping[AnswerForm, re.Pattern[str]] = {
    "length": _MEASURED,
    "time": _TIME,
    "place": _PLACE,
    "reason": _REASON,
}
_ASKS = re.compile(
    r"\b(?:how many|number of|what|which|how much|how high|how low)\b", re.IGNORECASE
)
_BEFORE_NOUN = frozenset("is are was were of the a an these those other more".split())
"""What may stand between "what" or "how many" and the noun; a verb says that none follows."""
_GENERIC = frozenset(
    "percentage percent proportion share fraction amount score value size number figure".split()
)
"""What a number is called only by those who ask for it."""
_MOST_MEASURED = 3
"""Words that name what is counted or measured; further ones belong to the verb."""
_YEAR = re.compile(r"1[89]\d\d|20\d\d")
"""A year is a number of nothing; far more often it belongs to a citation."""
_REACH = 5
"""Words between a number and what it counts."""


class Expectation(NamedTuple):
    """The form of the answer, and what it would be a number of."""

    form: AnswerForm
    measured: tuple[str, ...] = ()
    """What is to be explained, or what a number is asked of: "attention" and "heads" in "How many
    attention heads has it?"."""
    known: frozenset[str] = frozenset()
    """Words of the question, which are no answer to it."""


def expect_answer(question: str) -> Expectation:
    """Return what form the answer to a question will have.

    >>> expect_answer("How many layers does BERT have?").form
    'count'
    >>> [expect_answer(q).form for q in ("Who wrote it?", "When is it due?", "What is a mask?")]
    ['person', 'time', 'meaning']
    """
    known = frozenset(words_of(question))
    subject = _subject(question)
    if subject:
        return Expectation("meaning", subject, known)
    found = [
        (match.start(), form)
        for form, pattern in _PATTERNS.items()
        if (match := pattern.search(question))
    ]
    form = min(found)[1] if found else "other"
    measured = _measured(question) if form in ("count", "amount") else ()
    return Expectation(form, measured, known)


def _subject(question: str) -> tuple[str, ...]:
    """Return the words of what is to be explained, if a question asks for nothing else.

    >>> _subject("What is a graph neural network?"), _subject("How does HNSW work?")
    (('graph', 'neural', 'network'), ('hnsw',))
    >>> _subject("What is the capital of Australia?")
    ()
    """
    match = _MEANING.match(question)
    if not match or (question.strip().lower().startswith("how") and not match["verb"]):
        return ()
    words = words_of(match["subject"])
    possessed = any(drop_possessive(word) != word for word in words)
    return () if possessed or STOP_WORDS.intersection(words) else words


def _measured(question: str) -> tuple[str, ...]:
    """Return the words that name what is counted or measured, up to the verb.

    >>> _measured("How many attention heads are there?")
    ('attention', 'heads')
    >>> _measured("What is the dropout rate of BERT?"), _measured("How much does it count?")
    (('dropout', 'rate'), ())
    """
    start = _ASKS.search(question)
    words = words_of(question[start.end() :]) if start else ()
    named = takewhile(
        lambda word: word not in STOP_WORDS, dropwhile(lambda word: word in _BEFORE_NOUN, words)
    )
    return tuple(word for word in islice(named, _MOST_MEASURED) if word not in _GENERIC)


def meets(text: str, expected: Expectation, *, context: str = "") -> bool:
    """Say whether a text holds anything of the expected form that the question does not.

    Args:
        text: Where the answer would stand.
        expected: What the question asks for.
        context: The heading that the text stands under.

    >>> expected = expect_answer("How many layers does PaLM 540B have?")
    >>> meets("PaLM 540B rises to 74.4% on GSM8K.", expected)
    False
    >>> meets("Model: PaLM 540B; Layers: 118", expected)
    True
    """
    if expected.form in ("count", "amount"):
        return _holds_number(text, expected, context)
    if expected.form == "person":
        return _holds_new_name(text, expected)
    if expected.form == "meaning":
        held = {stem(word) for word in words_of(f"{context} {text}")}
        return held.issuperset(stem(word) for word in expected.measured)
    pattern = _SIGNS.get(expected.form)
    return pattern is None or bool(pattern.search(text))


def _is_new_number(word: str, expected: Expectation) -> bool:
    number = (word[0].isdigit() and not _YEAR.fullmatch(word)) or word in _NUMBER_WORDS
    return number and word not in expected.known


def _holds_number(text: str, expected: Expectation, context: str) -> bool:
    """Say whether a number stands near what it would be a number of."""
    words = words_of(text)
    numbers = [at for at, word in enumerate(words) if _is_new_number(word, expected)]
    if not expected.measured or any(_is_measured(word, expected) for word in words_of(context)):
        return bool(numbers)
    places = [at for at, word in enumerate(words) if _is_measured(word, expected)]
    return any(abs(place - number) <= _REACH for place in places for number in numbers)


def _is_measured(word: str, expected: Expectation) -> bool:
    """Say whether a word is a form of one that is measured, or a longer one: exam, examination."""
    return any(
        stem(word) == stem(wanted)
        or (len(wanted) >= LEAST_PREFIX_LETTERS and word.startswith(wanted))
        for wanted in expected.measured
    )


def _holds_new_name(text: str, expected: Expectation) -> bool:
    names = (name.lower() for name in _NAME.findall(text))
    return any(name not in expected.known and name not in STOP_WORDS for name in names)


def count_new_words(text: str, question: str) -> int:
    """Return how many content words a text adds to the question's.

    >>> count_new_words("The exam counts 35% of the grade.", "How much does the exam count?")
    2
    """
    asked = {stem(word) for word in words_of(question)}
    return len({stem(word) for word in content_words(text)} - asked)
