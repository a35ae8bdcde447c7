"""Which of several answers to one question mean the same, and how far they scatter over meanings.

A model that knows says one thing in several wordings; one that invents says several things. The
method of semantic entropy asks a large model whether two answers entail each other; here rules and
an encoder say so, which is coarser and needs nothing more than ragkit has.

Source: Farquhar, Kossen, Kuhn and Gal 2024, "Detecting hallucinations in large language models
using semantic entropy", Nature 630, Methods: "Semantic entropy" and "Discrete semantic entropy".
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from ragkit.evidence import is_abstention, normalise, parse_citations
from ragkit.evidence.matching import stems_of
from ragkit.evidence.support.naming import names_of
from ragkit.evidence.support.polarity import is_negation
from ragkit.evidence.support.quantities import Date, read_quantities
from ragkit.evidence.support.reading import content_stems, read_words
from ragkit.protocols import Encoder

LEAST_COSINE = 0.8
"""From here on two answers that differ in words mean the same, if their numbers, dates and names
agree. Source: all-MiniLM-L6-v2, sentences of the sample course changed by the rules of
evals/tools/claim_rules.py, up to 40 each: all reworded ones (synonym, passive, contracted, clauses
turned) lie above; of those with the predicate of another sentence 10%, with another noun 72%."""


class Content(NamedTuple):
    """What of an answer has to agree with another one."""

    facts: frozenset[Hashable]
    """Its numbers with their units, its dates and its names, without those of the question."""
    stems: frozenset[str]
    """Its other content words, without those of the question."""
    denies: bool


def semantic_entropy(clusters: Sequence[Hashable]) -> float | None:
    """Return the entropy of answers over their meanings in nats: 0 where all mean the same.

    None of no answers.

    >>> semantic_entropy([0, 0, 0, 0, 0])
    0.0
    >>> round(semantic_entropy([0, 0, 1, 1]) or 0, 4), round(math.log(2), 4)
    (0.6931, 0.6931)
    >>> semantic_entropy([]) is None
    True

    Args:
        clusters: For each answer, which meaning it has.
    """
    total = len(clusters)
    if not total:
        return None
    shares = [count / total for count in Counter(clusters).values()]
    return max(0.0, -sum(share * math.log(share) for share in shares))


def cluster_meanings(question: str, answers: Sequence[str], encoder: Encoder) -> tuple[int, ...]:
    """Return for each answer the number of its meaning, those of the same one bearing the same.

    An answer has the meaning of the first earlier one that it means the same as; numbers count up
    in the order in which meanings come.

    >>> from ragkit.encoders import HashingEncoder
    >>> told = ["It weighs 8 kg [1].", "The cart weighs 8 kg.", "It weighs 9 kg.", "8 kg"]
    >>> cluster_meanings("How much does the cart weigh?", told, HashingEncoder())
    (0, 0, 1, 0)

    Args:
        question: What they answer; its words are in none of them news.
        answers: As a model gave them.
        encoder: Says how close two wordings are that differ.
    """
    texts = [" ".join(one.text for one in parse_citations(answer)) for answer in answers]
    firsts: list[int] = []
    clusters = []
    for at, text in enumerate(texts):
        for number, first in enumerate(firsts):
            if means_the_same(question, texts[first], text, encoder):
                clusters.append(number)
                break
        else:
            clusters.append(len(firsts))
            firsts.append(at)
    return tuple(clusters)


def means_the_same(question: str, one: str, other: str, encoder: Encoder) -> bool:
    """Say whether two answers to a question mean the same.

    They do where they are equal but for case and punctuation; where both abstain or say nothing;
    and where neither has a number, date or name that the other has not, both or neither deny, and
    either the content words are the same or the wordings are close, each looked for with the other.

    >>> from ragkit.encoders import HashingEncoder
    >>> asked, encoder = "Who dug the canal?", HashingEncoder()
    >>> means_the_same(asked, "Mara Venn.", "It was dug by Mara Venn.", encoder)
    True
    >>> means_the_same(asked, "Mara Venn.", "Orla Venn.", encoder)
    False
    >>> means_the_same(asked, "The text does not mention it.", "The documents do not say.", encoder)
    True
    """
    plain = _bare(one), _bare(other)
    if plain[0] == plain[1]:
        return True
    silent = [
        is_abstention(text) or not bare for text, bare in zip((one, other), plain, strict=True)
    ]
    if any(silent):
        return all(silent)
    first, second = read_content(one, question), read_content(other, question)
    if first.facts != second.facts or first.denies != second.denies:
        return False
    if first.stems == second.stems:
        return bool(first.facts or first.stems)
    return _closeness(question, one, other, encoder) >= LEAST_COSINE


def read_content(answer: str, question: str) -> Content:
    """Return what of an answer has to agree with another one.

    >>> content = read_content("It was dug by Mara Venn in 1901, not by hand.", "Who dug it?")
    >>> sorted(map(str, content.facts)), sorted(content.stems), content.denies
    (["('1901', '')", 'mara', 'venn'], ['hand'], True)
    """
    asked = read_quantities(question)
    said = read_quantities(answer)
    known = {(number.value, number.unit) for number in asked.numbers}
    numbers = {(number.value, number.unit) for number in said.numbers} - known
    dates: set[Date] = set(said.dates) - set(asked.dates)
    names = names_of(said.rest) | _first_name(said.rest, question)
    names -= stems_of([question])
    words = read_words(said.rest)
    digits = {value for value, _ in numbers}
    stems = frozenset(content_stems(words)) - stems_of([question]) - names - digits
    denies = any(is_negation(words, at) for at in range(len(words)))
    return Content(frozenset({*numbers, *dates, *names}), stems, denies)


def _first_name(answer: str, question: str) -> frozenset[str]:
    """Return the first word of an answer where it is a name: one of two capitals in a row.

    >>> sorted(_first_name("Mara Venn.", "Who?")), sorted(_first_name("The dig was long.", "Who?"))
    (['mara'], [])
    """
    first, _, rest = answer.strip().partition(" ")
    if first[:1].isupper() and rest[:1].isupper():
        return frozenset(content_stems(read_words(first))) - stems_of([question])
    return frozenset()


def _bare(text: str) -> str:
    return "".join(c for c in normalise(text) if c.isalnum() or c.isspace()).strip()


def _closeness(question: str, one: str, other: str, encoder: Encoder) -> float:
    """Return the lesser of both cosines, each answer once looked for and once found."""
    texts = [f"{question} {one}", f"{question} {other}"]
    looked_for, found = encoder.encode_queries(texts), encoder.encode_passages(texts)
    return float(min(np.dot(looked_for[0], found[1]), np.dot(looked_for[1], found[0])))
