"""Questions with passages and what answers them, to fit a reader on and to measure it.

From sets in SQuAD 2.0 form and passages that were written for training. Each question is put to its
own passage; many also to another passage of the same article, one that shares words with it and
does not hold the answer. The articles on which `score_squad.py` measures, and some files of the
written passages, are kept to measure on.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from score_squad import is_fitted
from training_items import LONGEST_ANSWER, Chooser, definitions, with_paragraph, written

Row = dict[str, Any]
MEASURED_FILES = ("arts", "retold", "trade")
"""Of the written passages; the weights of sufficiency are fitted on the first and the last."""
LANGUAGES = ("de", "es", "ro", "tr")
"""Some questions in others than English, so that it is not surer of these than it may be."""
OF_A_LANGUAGE = 150
OF_POLICIES = 1200
LONGEST_PASSAGE = 260
"""In words."""
PUT_TO_ANOTHER = 0.6
"""Share of the answerable questions that are also put to another passage."""
_SINGLE = ("policyqa", "covid-qa", "hf-course")
"""Sets in which another passage may answer, too."""
_MOST_PLACES = 8


class Example(NamedTuple):
    """A question put to a passage."""

    collection: str
    kind: str
    """"answerable"; "other" where the passage is another one; else why nothing answers."""
    question: str
    heading: str
    passage: str
    answers: tuple[tuple[int, int], ...]
    """Where accepted answers stand, in characters; empty where none does."""
    group: str
    """Its article or document."""


def read_examples(
    folder: Path, written_in: Path, courses: Sequence[Path], *, seed: int
) -> tuple[list[Example], list[Example]]:
    """Return what to fit on and what to measure on, both in an order that mixes them.

    Args:
        folder: With squad2, xquad.LL, nq-oracle, qed, policyqa and covid-qa as gzip JSONL.
        written_in: With passages that were written for training.
        courses: Folders of notes whose definitions are asked for.
        seed: Of what is drawn.
    """
    numbers = random.Random(seed)
    fitted, measured = [], []
    for example in _own_passages(folder, written_in, courses, numbers):
        (measured if _is_measured(example) else fitted).append(example)
    for examples in (fitted, measured):
        examples += list(_put_to_others(examples, numbers))
        numbers.shuffle(examples)
    return fitted, measured


def _is_measured(example: Example) -> bool:
    if example.collection == "squad2":
        return not is_fitted(example.group)
    return example.collection == "written" and example.group.partition(":")[0] in MEASURED_FILES


def _own_passages(
    folder: Path, written_in: Path, courses: Sequence[Path], numbers: random.Random
) -> Iterator[Example]:
    chooser = Chooser(folder, numbers)
    squad = chooser.read("squad2")
    asked = {row["question"].casefold() for row in squad}
    yield from _examples("squad2", squad)
    english = list(chooser.may_be_trained_on())
    yield from _examples("xquad", _not_asked(english, asked))
    allowed = {row["id"] for row in english}
    for language in LANGUAGES:
        rows = [row for row in chooser.read(f"xquad.{language}") if row["id"] in allowed]
        drawn = numbers.sample(rows, min(OF_A_LANGUAGE, len(rows)))
        yield from _examples(f"xquad.{language}", drawn)
    for name in ("nq-oracle", "qed"):
        yield from _examples(name, _not_asked(_short(chooser.read(name)), asked))
    policies = [row for row in chooser.read("policyqa") if len(_words(row["answers"][0])) > 1]
    drawn = numbers.sample(policies, min(OF_POLICIES, len(policies)))
    yield from _examples("policyqa", _short(drawn), titled=False)
    papers = filter(None, map(with_paragraph, chooser.read("covid-qa")))
    yield from _examples("covid-qa", _short(papers), titled=False)
    for notes in courses:
        yield from _examples(notes.name, definitions(notes), titled=False)
    for row in written(written_in):
        title = numbers.choice(["", str(row["title"]).replace("-", " ")])
        file = str(row["id"]).partition(":")[0]
        named = row | {"title": title, "group": f"{file}:{row['title']}"}
        yield from _examples("written", [named])


def _not_asked(rows: Iterable[Row], asked: set[str]) -> Iterator[Row]:
    """Yield the rows whose question did not come before, in any set."""
    for row in rows:
        if row["question"].casefold() not in asked:
            asked.add(row["question"].casefold())
            yield row


def _short(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        if (
            len(_words(row["context"])) <= LONGEST_PASSAGE
            and len(_words(row["answers"][0])) <= LONGEST_ANSWER
        ):
            yield row


def _words(text: str) -> list[str]:
    return text.split()


def _examples(name: str, rows: Iterable[Row], *, titled: bool = True) -> Iterator[Example]:
    for row in rows:
        answerable = row.get("answerable", True)
        answers = places_of(row["answers"], row["context"]) if answerable else ()
        if answerable and not answers:
            continue
        title = str(row.get("title") or "")
        yield Example(
            name,
            "answerable" if answerable else str(row.get("none", "near")),
            row["question"],
            title.replace("_", " ") if titled else "",
            row["context"],
            answers,
            str(row.get("group") or title or row["context"][:40]),
        )


def places_of(answers: Iterable[str], text: str) -> tuple[tuple[int, int], ...]:
    """Return where answers stand in a text, as whole words.

    >>> places_of(["10"], "In 2010 they had 10.")
    ((17, 19),)
    """
    found: set[tuple[int, int]] = set()
    for answer in filter(None, map(str.strip, answers)):
        whole = rf"(?<!\w){re.escape(answer)}(?!\w)"
        found.update(match.span() for match in re.finditer(whole, text))
    return tuple(sorted(found)[:_MOST_PLACES])


def _put_to_others(examples: Sequence[Example], numbers: random.Random) -> Iterator[Example]:
    """Yield questions put to passages of the same article, or set, that do not answer them."""
    groups, sets = defaultdict(list), defaultdict(list)
    for example in examples:
        groups[example.collection, example.group].append(example)
        sets[example.collection].append(example)
    for example in examples:
        drawn = numbers.random() < PUT_TO_ANOTHER
        if not drawn or not example.answers or example.collection in _SINGLE:
            continue
        near = groups[example.collection, example.group]
        if all(one.passage == example.passage for one in near):
            near = numbers.sample(sets[example.collection], min(30, len(sets[example.collection])))
        others = _closest(example, near)
        if others:
            other = numbers.choice(others)
            yield example._replace(
                kind="other", passage=other.passage, heading=other.heading, answers=()
            )


def _closest(example: Example, near: Sequence[Example]) -> list[Example]:
    """Return the passages, four at most, that share most with a question and do not answer it."""
    answers = [example.passage[start:end].casefold() for start, end in example.answers]
    asked = _stems(example.question)
    others = {one.passage: one for one in near if one.passage != example.passage}
    silent = [
        one
        for one in others.values()
        if not any(answer in one.passage.casefold() for answer in answers)
    ]
    return sorted(silent, key=lambda one: -len(asked & _stems(one.passage)))[:4]


def _stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{4,}", text.casefold())}
