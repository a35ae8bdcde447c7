"""Questions by rule: a sentence that says one thing, and the question that it answers.

Each rule turns the sentence around its verb, and asks for a number, a date, a name or a reason. A
rule that does not fit says nothing: a question less is better than one that nobody would ask.
"""

from collections.abc import Callable, Collection, Iterator

from ragkit.evaluation.drafting.grammar import is_simple, points, reads_well, to_middle
from ragkit.evaluation.drafting.questions.asked import Asked
from ragkit.evaluation.drafting.questions.cells import question_of_row
from ragkit.evaluation.drafting.questions.names import (
    ask_by_whom,
    ask_defined,
    ask_holder,
    ask_named,
    ask_person,
    ask_reason,
    ask_thing,
    question_of_entry,
)
from ragkit.evaluation.drafting.questions.numbers import (
    ask_allowed,
    ask_count,
    ask_day,
    ask_divided,
    ask_room,
    ask_size,
    ask_year,
)

__all__ = ["Asked", "question_of_entry", "question_of_row", "questions_of"]


RULES: tuple[Callable[[str], Asked | None], ...] = (
    ask_year,
    ask_day,
    ask_room,
    ask_named,
    ask_holder,
    ask_size,
    ask_divided,
    ask_count,
    ask_allowed,
    ask_by_whom,
    ask_person,
    ask_reason,
    ask_thing,
    ask_defined,
)


def questions_of(sentence: str, words: Collection[str] = ()) -> Iterator[Asked]:
    """Yield the questions that a sentence answers, those that read best first.

    Args:
        sentence: On one line.
        words: Those that the documents hold in lower case: they are no names.

    >>> for asked in questions_of("The council had 40 seats."):
    ...     print(asked.question, asked.answer, asked.presumed, sep=" | ")
    How many seats did the council have? | 40 | Why did the council have {} seats?
    """
    if not is_simple(sentence):
        return
    turned = to_middle(sentence, words)
    for rule in RULES:
        asked = rule(turned)
        if asked and _is_good(asked, sentence):
            presumed = asked.presumed.format("X") if asked.presumed else ""
            yield asked if not presumed or reads_well(presumed) else asked._replace(presumed="")


def _is_good(asked: Asked, sentence: str) -> bool:
    stands = asked.answer.lower() in sentence.lower()
    named = asked.type == "reason" or not points(asked.answer)
    return stands and named and reads_well(asked.question)
