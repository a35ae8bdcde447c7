"""Questions that the documents do not answer, with the words that would have to stand there.

A detail is asked for only where no document holds any of its words, so the rule is strict: what is
left reads like a question of a student who has not found what she looked for.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ragkit.evaluation.checking import Shelf
from ragkit.evaluation.drafting.grammar import reads_well


class Missing(NamedTuple):
    """A question without an answer."""

    question: str
    absent: tuple[str, ...]


_OF_PEOPLE = (
    ("In which year was {} born?", ("born", "birth", "birthday")),
    ("Where did {} study?", ("studied", "alma mater", "doctorate", "PhD")),
    ("Which prize did {} win?", ("prize", "award", "medal")),
    ("How many children did {} have?", ("children", "daughter", "son", "sons")),
)
_OF_TERMS = (
    ("Who coined the term {}?", ("coined", "coinage", "named by")),
    ("From which language does the word {} come?", ("Greek", "Latin", "etymology", "loanword")),
    ("In which year was the term {} first used?", ("first used", "coined", "etymology")),
)
_OF_COURSES = (
    ("How much does the course cost?", ("fee", "fees", "tuition", "costs money", "price")),
    ("Which bus goes to the lecture hall?", ("bus", "tram", "bus stop")),
    ("Where can students park their bicycles?", ("bicycle", "bicycles", "bike", "parking")),
    ("Is there a scholarship for the best project?", ("scholarship", "scholarships", "grant")),
    ("May a student bring a dog to the lectures?", ("dog", "dogs", "pets")),
    ("How long is the waiting list for the course?", ("waiting list", "waitlist", "waiting")),
    ("What may be eaten during the exam?", ("eat", "eaten", "food", "snacks")),
)
_COURSE_WORDS = tuple("exam examination lecture lectures syllabus homework assignment lab".split())
"""Two of these make documents those of a course."""
_FAR = (
    ("Who composed The Magic Flute?", ("Mozart", "Magic Flute", "opera")),
    ("How long does an egg boil until it is soft?", ("egg", "eggs", "boil")),
    ("Which river flows through Vienna?", ("Vienna", "Danube")),
    ("How many strings does a violin have?", ("violin", "violins")),
    ("How often should a cactus be watered?", ("cactus", "cacti")),
    ("Which country won the first football World Cup?", ("football", "World Cup", "Uruguay")),
    ("What is the penalty for parking on a pavement?", ("pavement", "parking")),
    ("Which vitamin do oranges hold most of?", ("vitamin", "vitamins", "oranges")),
)


def near_questions(shelf: Shelf, people: Iterable[str], terms: Iterable[str]) -> Iterator[Missing]:
    """Yield questions about what the documents speak of, for details that they leave out.

    Args:
        shelf: The documents.
        people: Names of persons in them.
        terms: Their terms.
    """
    lists = [_filled(_OF_PEOPLE, people), _filled(_OF_TERMS, terms)]
    known = [word for word in _COURSE_WORDS if next(shelf.holding((word,)), None)]
    if len(known) > 1:
        lists.append([Missing(question, absent) for question, absent in _OF_COURSES])
    yield from _in_turns([_absent_ones(shelf, one) for one in lists])


def far_questions(shelf: Shelf) -> Iterator[Missing]:
    """Yield questions about other subjects."""
    yield from _absent_ones(shelf, [Missing(*one) for one in _FAR])


def _filled(
    templates: Iterable[tuple[str, tuple[str, ...]]], names: Iterable[str]
) -> list[Missing]:
    """Return each name in one question, another template after each."""
    shapes = list(templates)
    return [
        Missing(shapes[at % len(shapes)][0].format(name), shapes[at % len(shapes)][1])
        for at, name in enumerate(names)
    ]


def _absent_ones(shelf: Shelf, questions: Iterable[Missing]) -> list[Missing]:
    found = [one for one in questions if reads_well(one.question)]
    groups = {one.absent for one in found}
    absent = {words for words in groups if next(shelf.holding(words), None) is None}
    return [one for one in found if one.absent in absent]


def _in_turns(lists: list[list[Missing]]) -> Iterator[Missing]:
    for at in range(max(map(len, lists), default=0)):
        yield from (one[at] for one in lists if at < len(one))
