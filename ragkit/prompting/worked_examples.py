"""Worked examples: read from data files, and chosen for a question.

How they look in a prompt is for `rendering` to say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragkit.errors import PromptError, unknown_name
from ragkit.prompting.files import PromptFile, check_keys, read_prompt_file
from ragkit.prompting.rendering import PromptSource
from ragkit.protocols import Encoder
from ragkit.records import Embeddings

DEFAULT_SET = "default"
ABSTENTION_KIND = "abstention"
EXAMPLE_CHOICES = ("fixed", "nearest")

_ROOM = Path(__file__).parent / "examples"
_SET_KINDS: Mapping[str, type] = {"version": int, "example": list}
_EXAMPLE_KINDS: Mapping[str, type] = {
    "question": str,
    "answer": str,
    "sources": list,
    "kind": str,
    "reasoning": str,
}
_OPTIONAL = ("kind", "reasoning")
_SOURCE_KINDS: Mapping[str, type] = {"place": str, "text": str}
_CITED = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A question with its sources and the answer that a model should give."""

    question: str
    sources: tuple[PromptSource, ...]
    answer: str
    reasoning: str = ""
    """How the answer is found, for strategies that ask for it."""
    kind: str = ""
    """What kind of question it is; "abstention" where the sources do not hold the answer."""

    @property
    def abstains(self) -> bool:
        """Whether the answer is that the documents do not say."""
        return self.kind == ABSTENTION_KIND


@dataclass(frozen=True, slots=True)
class ExampleSet:
    """A file of worked examples, and what came of reading it."""

    name: str
    path: Path
    built_in: bool
    examples: tuple[WorkedExample, ...] = ()
    error: PromptError | None = None


def read_example_sets(prompts_dir: Path | None = None) -> tuple[ExampleSet, ...]:
    """Return all sets by name, broken ones too; those of a project stand in for built-in ones."""
    read = []
    for name, path in sorted(find_example_sets(prompts_dir).items()):
        built_in = path.parent == _ROOM
        try:
            read.append(ExampleSet(name, path, built_in, examples=read_examples(path)))
        except PromptError as error:
            read.append(ExampleSet(name, path, built_in, error=error))
    return tuple(read)


def find_example_sets(prompts_dir: Path | None = None) -> dict[str, Path]:
    """Return the files of worked examples by name; those of a project come first."""
    folders = [_ROOM, *([prompts_dir / "examples"] if prompts_dir else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def read_examples(path: Path, *, with_reasoning: bool = False) -> tuple[WorkedExample, ...]:
    """Return the worked examples of a file, in its order.

    Args:
        path: A file of `[[example]]` tables.
        with_reasoning: Whether each of them has to say how its answer is found.

    Raises:
        PromptError: The file is wrong; the message names file and line.
    """
    file = read_prompt_file(path)
    check_keys(file, file.table, _SET_KINDS)
    return tuple(
        _read_example(file, row, number, with_reasoning=with_reasoning)
        for number, row in enumerate(file.table["example"])
    )


def _read_example(
    file: PromptFile, row: Any, number: int, *, with_reasoning: bool
) -> WorkedExample:
    head = file.find_table("example", number)
    optional = ("kind",) if with_reasoning else _OPTIONAL
    check_keys(file, row, _EXAMPLE_KINDS, optional=optional, at=head)
    sources = tuple(
        _read_source(file, source, position, head) for position, source in enumerate(row["sources"])
    )
    for key in ("question", "answer"):
        if not row[key].strip():
            raise file.error(f"{key} is empty", at=file.find_key(key, after=head))
    for cited in _CITED.findall(row["answer"]):
        if not 1 <= int(cited) <= len(sources):
            raise file.error(
                f"the answer cites [{cited}], but there are {len(sources)} sources",
                at=file.find_key("answer", after=head),
            )
    return WorkedExample(
        question=row["question"].strip(),
        sources=sources,
        answer=row["answer"].strip(),
        reasoning=row.get("reasoning", "").strip(),
        kind=row.get("kind", "").strip(),
    )


def _read_source(file: PromptFile, source: Any, position: int, head: int) -> PromptSource:
    start = file.find_key("sources", after=head)
    if start == head:  # each of them is a table of its own, [[example.sources]]
        place = file.find_table("example.sources", position, after=head)
    else:
        place = file.find_inline_table(position, after=start)
    check_keys(file, source, _SOURCE_KINDS, at=place)
    return PromptSource(position + 1, source["place"].strip(), " ".join(source["text"].split()))


def check_choice(choice: str) -> None:
    """Raise a UsageError for a way to choose examples that there is not."""
    if choice not in EXAMPLE_CHOICES:
        raise unknown_name("way to choose examples", choice, EXAMPLE_CHOICES)


def choose_fixed(pool: Sequence[WorkedExample], count: int) -> tuple[WorkedExample, ...]:
    """Return the first examples of a set, in its order.

    One alone is the first that answers: shown only an abstention, a model would learn only that.
    Of more, one abstains where the set has any: else a model would learn always to answer.
    """
    answering = [example for example in pool if not example.abstains]
    abstaining = [example for example in pool if example.abstains]
    if count == 1 and answering:
        return (answering[0],)
    chosen = list(pool[:count])
    if count and abstaining and not any(example.abstains for example in chosen):
        chosen[-1] = abstaining[0]
    return tuple(chosen)


class NearestExamples:
    """Chooses the worked examples whose questions mean nearly what is asked.

    Each set is encoded once.

    Args:
        encoder: Measures closeness of meaning.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._embeddings: dict[tuple[WorkedExample, ...], Embeddings] = {}

    def choose(
        self, question: str, pool: tuple[WorkedExample, ...], count: int
    ) -> tuple[WorkedExample, ...]:
        """Return `count` examples, the nearest last, where a model heeds it most.

        One that abstains comes first, the nearest of those, unless only one is asked for; then it
        is the nearest that answers. Of two that are equally near the first in the set is chosen.

        Source: the order of SmolLM2-135M's abstentions in examples/default.toml; Liu et al. 2022,
        "What Makes Good In-Context Examples for GPT-3?", for the choice by the nearest questions.
        """
        if not count:
            return ()
        ranked = self._rank(question, pool)
        abstaining = [example for example in ranked if example.abstains]
        answering = [example for example in ranked if not example.abstains]
        kept = abstaining[:1] if count > 1 or not answering else []
        nearest = answering[: count - len(kept)]
        return (*kept, *reversed(nearest))

    def _rank(self, question: str, pool: tuple[WorkedExample, ...]) -> list[WorkedExample]:
        if pool not in self._embeddings:
            questions = [example.question for example in pool]
            self._embeddings[pool] = self._encoder.encode_queries(questions)
        closeness = self._embeddings[pool] @ self._encoder.encode_queries([question])[0]
        return [pool[at] for at in sorted(range(len(pool)), key=lambda at: -closeness[at])]
