"""Facts as samples: answerable ones, those that take something false for granted, absent ones."""

import hashlib
import random
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, zip_longest

from ragkit.errors import UsageError, unknown_name
from ragkit.evaluation.checking import Shelf
from ragkit.evaluation.drafting.absences import Missing, far_questions, near_questions
from ragkit.evaluation.drafting.facts import Fact, facts_of, said_about
from ragkit.evaluation.drafting.swaps import swap_answer
from ragkit.evaluation.records import Kind, Sample, Twin

SHARES: dict[Kind, float] = {
    "answerable": 0.55,
    "false-premise": 0.15,
    "unanswerable-near": 0.2,
    "unanswerable-far": 0.1,
}
"""Kinds that can be drafted, and their shares of what is asked for."""
_WITH_GOLD = ("answerable", "false-premise")


def draft_samples(
    shelf: Shelf, *, n: int, kinds: Sequence[str] = (), seed: int = 0, known: Collection[str] = ()
) -> tuple[Sample, ...]:
    """Return up to so many drafts, drawn evenly over the documents.

    Args:
        shelf: The documents.
        n: How many.
        kinds: Only these; all that can be drafted by default.
        seed: Of the draw.
        known: Questions that there are already.

    Raises:
        UsageError: A kind cannot be drafted, or no sentence reads as an answer.
    """
    for kind in kinds:
        if kind not in SHARES:
            raise unknown_name("kind to draft", kind, SHARES)
    wanted = [kind for kind in SHARES if kind in (kinds or SHARES)]
    facts = _drawn(list(facts_of(shelf)), seed)
    found: dict[Kind, list[Sample]] = {
        "answerable": [_answerable(fact, shelf) for fact in facts],
        "false-premise": [one for fact in facts if (one := _false_premise(fact, shelf))],
        "unanswerable-near": [_missing(one, "unanswerable-near") for one in _near(shelf, facts)],
        "unanswerable-far": [_missing(one, "unanswerable-far") for one in far_questions(shelf)],
    }
    fresh = {kind: [s for s in found[kind] if s.question not in known] for kind in wanted}
    chosen = _share_out(fresh, n)
    if not chosen:
        raise UsageError(
            "no sentence of the documents makes a question by rule that is not there already",
            hint="rules know plain English sentences; write questions by hand: one JSON object a "
            "line with question and answers",
        )
    return tuple(chosen)


def _share_out(found: dict[Kind, list[Sample]], n: int) -> list[Sample]:
    """Return the shares of each kind; what one lacks is filled up by those that have gold.

    Nothing is made up for the lack of plain sentences by asking ever more that is not there.
    """
    total = sum(SHARES[kind] for kind in found)
    counts = {kind: min(len(found[kind]), round(n * SHARES[kind] / total)) for kind in found}
    filling = {kind: found[kind] for kind in found if kind in _WITH_GOLD or len(found) == 1}
    for kind, samples in filling.items():
        counts[kind] += max(0, min(len(samples) - counts[kind], n - sum(counts.values())))
    return list(chain.from_iterable(found[kind][: counts[kind]] for kind in found))[:n]


def _drawn(facts: Sequence[Fact], seed: int) -> list[Fact]:
    """Return the facts in an order that takes one of each document in turn."""
    numbers = random.Random(seed)  # noqa: S311 - nothing is secret here
    by_document: dict[str, list[Fact]] = {}
    for fact in facts:
        by_document.setdefault(fact.gold.document, []).append(fact)
    for group in by_document.values():
        numbers.shuffle(group)
    turns = zip_longest(*by_document.values())
    return [fact for turn in turns for fact in turn if fact is not None]


def _answerable(fact: Fact, shelf: Shelf) -> Sample:
    asked, gold = fact.asked, fact.gold
    twin = None
    swapped = swap_answer(asked.answer, text=said_about(fact, shelf), seed=gold.quote)
    if swapped and gold.quote.count(asked.answer) == 1:
        other = gold.quote.replace(asked.answer, swapped)
        twin = Twin(gold.quote, other, (asked.answer, swapped))
    return Sample(
        id=_id_of("a", asked.question),
        base_id=_base_of(fact),
        kind="answerable",
        question=asked.question,
        answers=(asked.answer,),
        reference=fact.sentence,
        gold=(gold,),
        type=asked.type,
        group=gold.document.partition("/")[0] if "/" in gold.document else "",
        twin=twin,
        draft=True,
    )


def _false_premise(fact: Fact, shelf: Shelf) -> Sample | None:
    """Return the question for the reason of something that is not so."""
    asked = fact.asked
    if not asked.presumed:
        return None
    text = said_about(fact, shelf)
    swapped = swap_answer(asked.answer, text=text, seed=f"{fact.gold.quote}|premise")
    if not swapped:
        return None
    question = asked.presumed.format(swapped)
    return Sample(
        id=_id_of("p", question),
        base_id=_base_of(fact),
        kind="false-premise",
        question=question,
        reference=fact.sentence,
        gold=(fact.gold,),
        premise=swapped,
        correction=(asked.answer,),
        draft=True,
    )


def _near(shelf: Shelf, facts: Sequence[Fact]) -> Iterator[Missing]:
    names = [fact.asked.answer for fact in facts if fact.asked.type == "name"]
    people = [
        name for name in names if re.fullmatch(r"(?:(?:Dr|Prof)\. )?[^\W\d]+ ?[^\W\d]+", name)
    ]
    terms = [fact.asked.answer for fact in facts if fact.asked.type == "term"]
    terms = [term for term in terms if not re.fullmatch(r"[A-Z][a-z]+", term)]
    yield from near_questions(shelf, _once(people), _once(terms))


def _missing(one: Missing, kind: Kind) -> Sample:
    name = _id_of("n" if kind == "unanswerable-near" else "f", one.question)
    return Sample(
        id=name, base_id=name, kind=kind, question=one.question, absent=one.absent, draft=True
    )


def _base_of(fact: Fact) -> str:
    return _id_of("b", f"{fact.gold.document}|{fact.gold.quote}")


def _once(names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _id_of(letter: str, text: str) -> str:
    return f"{letter}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
