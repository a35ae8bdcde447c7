"""Which kind of hallucination an answer is, if it is one.

An assertion that the passages back but that does not answer is none: it is wrong, and says so.
"""

from collections.abc import Sequence
from typing import Literal

from ragkit.evaluation.records import Reading, Sample
from ragkit.evaluation.scoring.grounding import Grounded
from ragkit.evaluation.scoring.texts import contains
from ragkit.evaluation.scoring.verdicts import Judged
from ragkit.evidence.support.naming import names_of
from ragkit.evidence.support.quantities import read_quantities
from ragkit.words import content_words, stem

Hallucination = Literal[
    "premise-accepted", "leakage", "contradiction", "fabrication", "wrong-citation", ""
]
"""premise-accepted: says a false premise, or to it something that no passage says. leakage: gives
the world's answer. contradiction: says something else where the gold has the value. fabrication:
says what no passage says. wrong-citation: backed, but not by what it cites."""


def name_hallucination(
    sample: Sample, judged: Judged, reading: Reading, grounded: Sequence[Grounded]
) -> Hallucination:
    """Return the kind of hallucination of an answer; empty where it is none.

    Args:
        sample: What was asked.
        judged: What the answer comes to.
        reading: The answer.
        grounded: Its factual sentences, with what backs them.
    """
    if judged.verdict == "abstained":
        return ""
    if judged.reason == "world-answer":
        return "leakage"
    loose = [one for one in grounded if not one.backed_by]
    if judged.reason == "premise-accepted":
        repeats = bool(sample.premise) and contains(reading.text, sample.premise)
        return "premise-accepted" if loose or repeats or not grounded else ""
    if judged.verdict == "wrong" and (loose or not grounded):
        said = " ".join(one.sentence.text for one in loose) or reading.text
        return "contradiction" if _contradicts(sample, said) else "fabrication"
    if any(one.conflicts for one in loose):
        return "fabrication"
    return "wrong-citation" if any(one.cites_wrongly for one in grounded) else ""


def _contradicts(sample: Sample, text: str) -> bool:
    """Say whether a text gives a value of the gold's type where the gold has another.

    >>> sample = Sample("a", "a", "answerable", "What does it weigh?", answers=("19 kg",))
    >>> _contradicts(sample, "It weighs 23 kg."), _contradicts(sample, "It is heavy.")
    (True, False)
    """
    held = " ".join((*sample.answers, *(place.quote for place in sample.gold)))
    if not held:
        return False
    asked = read_quantities(" ".join(sample.answers) or held)
    if asked.numbers or asked.dates:
        said, there = read_quantities(text), read_quantities(f"{held} {sample.question}")
        values = {number.value for number in there.numbers}
        other = any(number.value not in values for number in said.numbers)
        return other or bool(set(said.dates) - set(there.dates))
    known = {stem(word) for word in content_words(f"{held} {sample.question}".lower())}
    return bool(names_of(text) - known)
