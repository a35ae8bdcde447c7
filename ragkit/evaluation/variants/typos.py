"""Mistyped letters in the question: "typos".

Never in a number, a name or a term that the sample keeps, and never so that another word of the
question's language is likely to come about.
"""

import random
import re
from collections.abc import Callable, Collection
from dataclasses import replace

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Case, Change, Variant
from ragkit.evaluation.variants.passages import hold
from ragkit.evaluation.variants.seeding import generator_for
from ragkit.words import STOP_WORDS, words_of

RATES = (10, 2, 5)
"""Slips for a hundred letters.

Source: slips of single letters as in Zhu et al. 2023, "PromptBench", attacks at the level of
characters; at one letter in ten a reader still sees at once what is meant."""

_LEAST_LETTERS = 4
_SHORT_LETTERS = 5
"""Short words turn into other words too easily ("mill" and "milk", "not" and "now"): with fewer
letters than the first they are left alone; up to the second no letter is lost or replaced."""
_OTHER_WORDS = frozenset(
    """angel angle barn bran calm clam casual causal clot colt coral dairy dessert diary dinner dose
    form forms gird grid hopping latter loose marital martial perfect planning prefect quiet quite
    sacred salve scared scarred serve sever silver slave sliver split spilt spot stared starred stop
    tired trail trails trial trials tried united unites untied unties""".split()
)
"""Words that a swap or a doubled letter makes of other words."""
_WORDS = STOP_WORDS | _OTHER_WORDS
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_TRIES = 6
_MOST_SLIPS = 2
"""In one word."""


def typo_variants() -> tuple[Variant, ...]:
    """Return a variant for each rate."""
    return tuple(
        Variant(f"typos/{rate}", "typos", f"{rate}% of the letters", _mistype(rate))
        for rate in RATES
    )


def _mistype(rate: int) -> Change:
    def change(case: Case) -> Case:
        shown = " ".join(hit.chunk.text for hit in case.pool)
        question = mistype(
            case.question,
            rate=rate / 100,
            keep=case.sample.keep,
            avoid=frozenset(words_of(shown)),
            generator=generator_for(case.sample.id, "typos"),
        )
        if question == case.question:
            raise InapplicableError(
                f"{case.sample.id} has no letter that may be mistyped",
                hint="a longer question has: write one, or leave out the axis: --axes",
            )
        return replace(hold(case), question=question)

    return change


def mistype(
    text: str,
    *,
    rate: float,
    keep: Collection[str] = (),
    avoid: Collection[str] = frozenset(),
    generator: random.Random,
) -> str:
    """Return a text with some of its letters mistyped as fingers do it.

    The first letter of a word stays, and no word is mistyped twice before each was once. With the
    same chance, what is mistyped at a low rate is mistyped at a higher one, too.

    >>> text = "Which pigment makes skell moss glow in 1988?"
    >>> chance = generator_for("sci-glow", "typos")
    >>> mistype(text, rate=0.1, keep=["skell moss", "1988"], generator=chance)
    'Whcih pihment makes skell moss gloww in 1988?'

    Args:
        text: A question.
        rate: Slips for each letter of the text, at least one where it is above 0, and at most two
            in a word.
        keep: What no typo may touch, besides numbers and capitalised words; the first word is
            touched only where it is a common one, such as "What".
        avoid: Words that no typo may lead to, lower case.
        generator: Decides where and how.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    touchable = [span for span in words if _may_touch(text, span, keep)]
    if not touchable or rate <= 0:
        return text
    letters = sum(character.isalpha() for character in text)
    wanted = min(max(1, round(rate * letters)), _MOST_SLIPS * len(touchable))
    generator.shuffle(touchable)
    changed: dict[tuple[int, int], str] = {span: text[slice(*span)] for span in touchable}
    for number in range(wanted):
        span = touchable[number % len(touchable)]
        changed[span] = _mistype_word(changed[span], avoid, generator)
    for span in sorted(changed, reverse=True):
        text = text[: span[0]] + changed[span] + text[span[1] :]
    return text


def _may_touch(text: str, span: tuple[int, int], keep: Collection[str]) -> bool:
    word = text[slice(*span)]
    if len(word) < _LEAST_LETTERS or not word.isalpha():
        return False
    if any(start < span[1] and span[0] < end for start, end in _kept(text, keep)):
        return False
    if word[0].islower():
        return word == word.lower()
    is_first = not any(character.isalnum() for character in text[: span[0]])
    return is_first and word[1:].islower() and word.lower() in STOP_WORDS


def _kept(text: str, keep: Collection[str]) -> list[tuple[int, int]]:
    return [
        match.span()
        for kept in keep
        if kept
        for match in re.finditer(re.escape(kept), text, re.IGNORECASE)
    ]


def _mistype_word(word: str, avoid: Collection[str], generator: random.Random) -> str:
    """Return the word with one letter mistyped; as it is where every try gives another word."""
    for _ in range(_TRIES):
        at = generator.randrange(1, len(word))
        slip = generator.choice(_SLIPS if len(word) > _SHORT_LETTERS else _SLIPS[:2])
        mistyped = slip(word, at, generator)
        plain = mistyped.lower()
        if mistyped != word and plain not in avoid and plain not in _WORDS:
            return mistyped
    return word


def _swap(word: str, at: int, _generator: random.Random) -> str:
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at else word


def _drop(word: str, at: int, _generator: random.Random) -> str:
    return word[:at] + word[at + 1 :]


def _double(word: str, at: int, _generator: random.Random) -> str:
    return word[: at + 1] + word[at:]


def _hit_neighbour(word: str, at: int, generator: random.Random) -> str:
    near = neighbours(word[at])
    return word[:at] + generator.choice(near) + word[at + 1 :] if near else word


_SLIPS: tuple[Callable[[str, int, random.Random], str], ...] = (
    _swap,
    _double,
    _drop,
    _hit_neighbour,
)


def neighbours(letter: str) -> str:
    """Return the letters beside a letter on its row of a QWERTY keyboard; "" for what has none.

    >>> neighbours("s"), neighbours("q"), neighbours("ß")
    ('ad', 'w', '')
    """
    for row in _ROWS:
        at = row.find(letter)
        if at >= 0:
            return row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return ""
