"""A question to its noun phrases: what it is about, as far as word classes tell.

It parses nothing: runs of words that are neither function words nor verbs, joined by "of".
"""

import re
from dataclasses import dataclass
from functools import cached_property

from ragkit.chat.lexicon import (
    ASKING,
    AUXILIARIES,
    BE,
    CONNECTIVES,
    DEMONSTRATIVES,
    DETERMINERS,
    FUNCTION_WORDS,
    PREDICATES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIONAL,
    TITLES,
    VERBS,
)
from ragkit.chat.tokens import Token, tokens_of

_BEFORE_VERBS = PRONOUNS | DEMONSTRATIVES | {"who", "which", "what", "that", "i", "you", "we"}
_SPEAKERS = frozenset(("i", "you", "we", "they", "he", "she"))
_SINGULAR_ENDINGS = ("ss", "us", "is", "ics")


@dataclass(frozen=True)
class Phrase:
    """A noun phrase of a question: "the downsides of dropout"."""

    text: str
    start: int
    end: int
    asked: bool = False
    """Whether it is what is asked for: the "dropout rate" of "What dropout rate did it use?"."""
    preposition: str = ""
    """The one before it."""
    inner: "Phrase | None" = None
    """What follows its "of" or "between"."""

    @property
    def words(self) -> tuple[str, ...]:
        """Its words in lower case."""
        return tuple(token.word for token in tokens_of(self.text))

    @cached_property
    def outer_text(self) -> str:
        """It without what follows its "of": "the downsides"."""
        if self.inner is None:
            return self.text
        return re.sub(r"\s+(?:of|between)\s*$", "", self.text[: self.inner.start - self.start])

    @property
    def head(self) -> str:
        """Its main word in lower case: "downsides"."""
        words = [token.word for token in tokens_of(self.outer_text)]
        return words[-1] if words else ""

    @property
    def is_relational(self) -> bool:
        """Whether it says little without its "of"."""
        return self.head in RELATIONAL

    @property
    def is_plural(self) -> bool:
        """Whether "they" rather than "it" stands for it."""
        if self.inner is None and re.search(r"\s(?:and|or)\s", self.text):
            return True
        word = self.head
        return word.endswith("s") and not word.endswith(_SINGULAR_ENDINGS) and len(word) > 3

    @property
    def is_name(self) -> bool:
        """Whether it is written like a name: with capitals or digits, or a title."""
        return any(
            any(c.isupper() or c.isdigit() for c in token.text)
            for token in tokens_of(self.text)
            if token.word not in DETERMINERS
        )

    @property
    def is_person(self) -> bool:
        """Whether it begins with a title."""
        return next(iter(self.words), "") in TITLES


def phrases_of(question: str) -> tuple[Phrase, ...]:
    """Return the noun phrases of a question, in order.

    >>> [phrase.text for phrase in phrases_of("What dropout rate did the Transformer use?")]
    ['dropout rate', 'the Transformer']
    >>> [phrase.text for phrase in phrases_of("What are the downsides of dropout at test time?")]
    ['the downsides of dropout', 'test time']
    """
    tokens = tokens_of(question)
    runs = [run for run in _runs_of(tokens) if run]
    found = [_phrase_of(run, tokens, question) for run in runs]
    return tuple(_joined(found, question))


def subject_of(question: str) -> Phrase | None:
    """Return the noun phrase that a question is about; None where it has none.

    >>> subject_of("Who invented the Transformer?").text
    'the Transformer'
    """
    phrases = phrases_of(question)
    told = [phrase for phrase in phrases if not phrase.asked]
    free = [phrase for phrase in told if not phrase.preposition]
    return next(iter((*free, *told, *phrases)), None)


def matter_of(question: str) -> str:
    """Return what a question is about in the form that "About ...:" takes; empty for nothing.

    >>> matter_of("What dropout rate did the original Transformer use?")
    'the dropout rate of the original Transformer'
    """
    subject = subject_of(question)
    if subject is None:
        return ""
    asked = next((phrase for phrase in phrases_of(question) if phrase.asked), None)
    if asked is None or asked == subject:
        return subject.text
    link = "in" if subject.preposition in ("in", "to", "on") else "of"
    return f"the {asked.text} {link} {subject.text}"


def _runs_of(tokens: tuple[Token, ...]) -> list[list[int]]:
    """Return runs of token numbers that may be noun phrases, without their determiners."""
    runs: list[list[int]] = [[]]
    after_do = False  # a verb is still to come
    for at, token in enumerate(tokens):
        after_do = after_do or token.word in AUXILIARIES - BE
        if _is_verb(tokens, at, in_run=bool(runs[-1]), after_do=after_do):
            after_do = False
            runs.append([])
        elif _is_no_noun(token) or _is_predicate(tokens, at, runs[-1]) or _is_degree(tokens, at):
            runs.append([])
        else:
            runs[-1].append(at)
    for run in runs:
        at_end = bool(run) and not any(t.text.isalnum() for t in tokens[run[-1] + 1 :])
        if after_do and at_end and len(run) > 1 and not _is_after_preposition(tokens, run[0]):
            run.pop()  # "does byte-pair encoding [converge]?"
    _drop_leading_verb(tokens, runs)
    return runs


def _drop_leading_verb(tokens: tuple[Token, ...], runs: list[list[int]]) -> None:
    """Take the verb away from "Who [invented] dropout?"."""
    first = next((run for run in runs if run), [])
    if first[:1] == [1] and tokens[0].word == "who" and tokens[1].text[0].islower():
        first.pop(0)


def _is_verb(tokens: tuple[Token, ...], at: int, *, in_run: bool, after_do: bool) -> bool:
    """Say whether a word that may be a noun, too, is a verb where it stands."""
    before = tokens[at - 1].word if at else ""
    if (
        (before == "to" and tokens[at].text.islower())  # "used to [train]"
        or (before in ("be", "been", "being") and tokens[at].word.endswith("ed"))
        or (before in _SPEAKERS and not _is_no_noun(tokens[at]))  # "How do I [renew] it?"
    ):
        return True
    if tokens[at].word not in VERBS or _is_determined(tokens, at):
        return False
    if in_run:
        return True
    if not at:  # "Explain attention" is an instruction, "change detection" has no capital
        return tokens[at].text[0].isupper()
    # "What is [transfer learning]?", but "Who [teaches] it?" and "does it [need] a GPU?"
    return before in _BEFORE_VERBS or (after_do and before not in PREPOSITIONS | BE | CONNECTIVES)


def _is_no_noun(token: Token) -> bool:
    word = token.word
    is_acronym = token.text.isupper() and len(token.text) > 1
    if word in ("many", "much"):
        return True
    if not is_acronym and (word in FUNCTION_WORDS or word in PRONOUNS):
        return True
    return not any(c.isalnum() for c in token.text)


def _is_degree(tokens: tuple[Token, ...], at: int) -> bool:
    """Say whether a word is the "long" of "How long is it?"."""
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return at > 0 and tokens[at - 1].word == "how" and following in AUXILIARIES


def _is_determined(tokens: tuple[Token, ...], at: int) -> bool:
    return at > 0 and tokens[at - 1].word in DETERMINERS


def _is_after_preposition(tokens: tuple[Token, ...], at: int) -> bool:
    before = at - 2 if _is_determined(tokens, at) else at - 1
    return before >= 0 and tokens[before].word in PREPOSITIONS


def _is_predicate(tokens: tuple[Token, ...], at: int, run: list[int]) -> bool:
    """Say whether a word is said of the run before it: "the homework [due]", "dropout [used]"."""
    word = tokens[at].word
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    ends = not following or not following[0].isalnum() or following in FUNCTION_WORDS
    if not run:  # "GPUs were [used] to train", not "What is [supervised learning]?"
        said = word.endswith("ed") or word in PREDICATES
        return said and ends and at > 0 and tokens[at - 1].word in BE | ASKING
    return word in PREDICATES or (word.endswith("ed") and ends)


def _phrase_of(run: list[int], tokens: tuple[Token, ...], question: str) -> Phrase:
    first = run[0] - 1 if _is_determined(tokens, run[0]) else run[0]
    before = tokens[first - 1].word if first else ""
    earlier = tokens[first - 2].word if first > 1 else ""
    start, end = tokens[first].start, tokens[run[-1]].end
    how_many = before in ("many", "much") and earlier == "how"
    asked = how_many or before in ("what", "which", "whose")
    # "What causes overfitting?" has no other verb, "What rate did it use?" has one.
    asked = asked and any(token.word in AUXILIARIES for token in tokens[run[-1] + 1 :])
    preposition = before if before in PREPOSITIONS else ""
    return Phrase(question[start:end], start, end, asked, preposition)


def _joined(found: list[Phrase], question: str) -> list[Phrase]:
    """Join "X and Y" after "between" or "of", then "A of X"."""
    joined: list[Phrase] = []
    for phrase in found:
        last = joined[-1] if joined else None
        between = question[last.end : phrase.start].strip().lower() if last else ""
        if last and between in ("and", "or") and last.preposition:
            joined[-1] = _span(last, phrase, question, inner=None)
        else:
            joined.append(phrase)
    whole: list[Phrase] = []
    for phrase in joined:
        last = whole[-1] if whole else None
        between = question[last.end : phrase.start].strip().lower() if last else ""
        if last and between in ("of", "between"):
            whole[-1] = _span(last, phrase, question, inner=phrase)
        else:
            whole.append(phrase)
    return whole


def _span(first: Phrase, last: Phrase, question: str, *, inner: Phrase | None) -> Phrase:
    text = question[first.start : last.end]
    return Phrase(text, first.start, last.end, first.asked, first.preposition, inner)
