"""A small suite over the documents of `tests.small_index`, for tests of what runs suites."""

from pathlib import Path

from ragkit.ask import AskOptions
from ragkit.errors import ModelError
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.records import GoldPlace, Sample, Suite
from ragkit.index import LocalIndex
from ragkit.llms import ScriptedLLM
from tests.small_index import COURSE, ENCODER


def place_of(document: str, quote: str, *, part: int = 0) -> GoldPlace:
    """Return where a quote stands in a document of the small course."""
    start = "\n".join(COURSE[document]).index(quote)
    return GoldPlace(document, start, start + len(quote), quote, part=part)


POOLING = Sample(
    "pooling.answerable",
    "pooling",
    "answerable",
    "What does mean pooling average?",
    answers=("the token embeddings",),
    gold=(place_of("lecture.pdf", "averages the token embeddings"),),
    size="smoke",
)
HOMEWORK = Sample(
    "homework.answerable",
    "homework",
    "answerable",
    "When is the homework due?",
    answers=("Friday at noon",),
    gold=(place_of("syllabus.txt", "due on Friday at noon"),),
)
NOISY = Sample(
    "pooling.noisy-2",
    "pooling",
    "noisy",
    "What does mean pooling average?",
    answers=("the token embeddings",),
    gold=POOLING.gold,
    distractors=2,
)
CLOSED = Sample(
    "pooling.closed-book",
    "pooling",
    "closed-book",
    "What does mean pooling average?",
    answers=("the token embeddings",),
)
ABSENT = Sample(
    "room.near", "room", "unanswerable-near", "In which room is the exam on Monday?", size="smoke"
)

SUITE = Suite(
    name="small",
    title="A small suite",
    description="For tests.",
    version=1,
    folder=Path("small"),
    measures=("counting",),
    samples=(POOLING, HOMEWORK, NOISY, CLOSED, ABSENT),
    sha256="0" * 64,
)


class FailingLLM(ScriptedLLM):
    """A model whose server is gone."""

    def generate(self, *_arguments, **_named):
        raise ModelError("the server does not answer")


def bench_over(
    index: LocalIndex,
    rule: str = "copy-first-source",
    options: AskOptions | None = None,
    *,
    kind: type[ScriptedLLM] = ScriptedLLM,
) -> Bench:
    """Return a bench with a scripted model over an index of the small course."""
    return Bench(
        SUITE,
        index=index,
        encoder=ENCODER,
        load_llm=lambda: kind(rule),
        options=options or AskOptions(),
    )
