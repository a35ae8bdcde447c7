"""Items to examples: what `ragkit ask` would show the model, and what it is to say to that.

Retrieval, selection of sentences, strategy and token budget are those of `ragkit.ask`; only the
passages are chosen here, so that an answer stands among them or, for some examples, does not.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ragkit.ask import AskOptions, Assistant, Given
from ragkit.prompting import load_strategy
from ragkit.records import DocumentFilter, Hit, Source
from ragkit.retrieval import Retriever
from ragkit.training.records import ANSWERED, Example, ExampleKind, TrainingItem
from ragkit.training.targets import (
    Found,
    cite,
    complete_abstention,
    complete_answer,
    find_answer,
    word_answer,
)
from ragkit.training.twists import (
    Names,
    contradict,
    rename_places,
    swap_in_question,
    swap_in_sources,
    swap_value,
    text_of,
)

_CANDIDATES = 12
"""Passages from which those of an example are drawn."""
_FAR_DOWN = 0.2
"""Share of examples whose other passages are not the closest ones."""
_COUNTS = (1, 2, 3, 5, 5, 5, 5, 7)
"""How many passages an example has; five is what `ragkit ask` retrieves."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """What examples are made of: strategies by weight, and how often an item is twisted."""

    strategies: Mapping[str, float] = field(
        default_factory=lambda: {
            "zero-shot": 7.0,
            "one-shot": 0.7,
            "few-shot": 0.7,
            "zero-shot-cot": 1.0,
            "few-shot-cot": 0.6,
        }
    )
    withheld: float = 0.15
    """Share of the answerable items asked once more without the passage that answers."""
    far: float = 0.04
    """Share asked once more over passages of other documents alone."""
    swapped_question: float = 0.15
    """Share asked once more about something that the passages do not speak of."""
    counterfactual: float = 0.2
    """Share asked once more over passages that say something else."""
    conflicting: float = 0.03
    """Share asked once more over passages that disagree."""
    seed: int = 0


class ExampleMaker:
    """Makes examples of the items of one index.

    Args:
        assistant: Of the index; its model renders the prompts.
        retriever: Of the same index.
        names: Document of each item's context, by title and context.
        items: All of them: their names are what is swapped for others.
        mixture: What to make.
    """

    def __init__(
        self,
        assistant: Assistant,
        retriever: Retriever,
        names: Mapping[tuple[str, str], str],
        items: Sequence[TrainingItem],
        mixture: Mixture,
    ) -> None:
        self._assistant = assistant
        self._retriever = retriever
        self._names = names
        self._mixture = mixture
        self._pool = Names([text for item in items for text in (item.question, *item.answers)])
        self._own: set[str] = set()
        """Chunks of the item in hand: a source keeps its chunk's id under another name."""
        self._strategies = {name: load_strategy(name) for name in mixture.strategies}

    def make(self, item: TrainingItem) -> Iterator[Example]:
        """Yield the examples of an item; none where no passage of it fits a prompt."""
        choice = random.Random(f"{self._mixture.seed}:{item.id}")  # noqa: S311 - nothing is secret
        own, others = self._hits(item)
        if not own and item.answers:
            return
        self._own = {hit.chunk.id for hit in own}
        count = choice.choice(_COUNTS)
        hits = _drawn(own, others, count, choice)
        sources = rename_places(self._select(item.question, hits), choice)
        if not sources:
            return
        if example := self._example(item, sources, choice):
            yield example
        elif not item.elsewhere and find_answer(item.answers, sources) is None:
            yield self._abstention(item, "unanswerable-near", item.question, sources, choice)
        if item.answers:
            yield from self._twists(item, sources, others, choice)

    def _twists(
        self,
        item: TrainingItem,
        sources: Sequence[Source],
        others: Sequence[Hit],
        choice: random.Random,
    ) -> Iterator[Example]:
        mixture = self._mixture
        if choice.random() < mixture.withheld and not item.elsewhere:
            yield from self._withhold(item, others, "unanswerable-near", choice)
        if choice.random() < mixture.far:
            away = [hit for hit in others if _folder(hit) != self._folder(item)]
            yield from self._withhold(item, away, "unanswerable-far", choice)
        if choice.random() < mixture.swapped_question:
            question = swap_in_question(item.question, sources, self._pool, choice)
            if question:
                yield self._abstention(item, "false-premise", question, sources, choice)
        if choice.random() < mixture.counterfactual:
            yield from self._counter(item, sources, choice)
        if choice.random() < mixture.conflicting:
            yield from self._conflict(item, sources, choice)

    def _withhold(
        self,
        item: TrainingItem,
        hits: Sequence[Hit],
        kind: ExampleKind,
        choice: random.Random,
    ) -> Iterator[Example]:
        sources = rename_places(self._select(item.question, hits[: choice.choice(_COUNTS)]), choice)
        if sources and find_answer(item.answers, sources) is None:
            yield self._abstention(item, kind, item.question, sources, choice)

    def _counter(
        self, item: TrainingItem, sources: Sequence[Source], choice: random.Random
    ) -> Iterator[Example]:
        swapped = self._swap_answer(item, sources, choice)
        if swapped:
            old, new, _ = swapped
            changed = replace(item, answers=(new,), reference=item.reference.replace(old, new))
            twisted = self._example(changed, swap_in_sources(sources, old, new), choice)
            if twisted:
                kind: ExampleKind = "counterfactual"
                yield replace(twisted, kind=kind, id=f"{item.id}#{kind}")

    def _conflict(
        self, item: TrainingItem, sources: Sequence[Source], choice: random.Random
    ) -> Iterator[Example]:
        swapped = self._swap_answer(item, sources, choice)
        if not swapped:
            return
        old, new, told = swapped
        both = contradict(sources, told, old, new)
        second = find_answer((new,), both) if both else None
        if both and second:
            sides = sorted(((told.id, old), (second.source.id, new)))
            answer = " ".join(cite(value, number) for number, value in sides)
            yield self._render(item, "conflicting", item.question, both, (answer, second), choice)

    def _swap_answer(
        self, item: TrainingItem, sources: Sequence[Source], choice: random.Random
    ) -> tuple[str, str, Source] | None:
        """Return the answer as it stands, another in its place, and the source that holds it."""
        found = find_answer(item.answers, self._telling(sources))
        if found is None or found.text.lower() in item.question.lower():
            return None
        text = f"{text_of(sources)} {item.question}"
        new = swap_value(found.text, self._pool, text=text, choice=choice)
        return (found.text, new, found.source) if new else None

    def _example(
        self, item: TrainingItem, sources: Sequence[Source], choice: random.Random
    ) -> Example | None:
        found = find_answer(item.quotes or item.answers, self._telling(sources))
        answer = word_answer(item, found) if found else None
        if found is None or answer is None:
            return None
        return self._render(item, "answer", item.question, sources, (answer, found), choice)

    def _abstention(
        self,
        item: TrainingItem,
        kind: ExampleKind,
        question: str,
        sources: Sequence[Source],
        choice: random.Random,
    ) -> Example:
        return self._render(item, kind, question, sources, None, choice)

    def _render(
        self,
        item: TrainingItem,
        kind: ExampleKind,
        question: str,
        sources: Sequence[Source],
        answer: tuple[str, Found] | None,
        choice: random.Random,
    ) -> Example:
        names = list(self._strategies)
        weights = list(self._mixture.strategies.values())
        strategy = self._strategies[choice.choices(names, weights)[0]]
        prompt = self._assistant.build_prompt(question, sources, AskOptions(strategy=strategy))
        shown = {source.id for source in prompt.sources}
        if answer and answer[1].source.id in shown:
            text, found = answer
            completion = complete_answer(text, item, found, strategy)
        else:
            completion, kind = complete_abstention(strategy), _without(kind)
        return Example(
            id=item.id if kind == "answer" or not item.answers else f"{item.id}#{kind}",
            kind=kind,
            strategy=strategy.name,
            document=item.document,
            prompt=self._assistant.llm.render_prompt(prompt.messages),
            completion=completion,
        )

    def _select(self, question: str, hits: Sequence[Hit]) -> tuple[Source, ...]:
        if not hits:
            return ()
        return self._assistant.gather(question, AskOptions(), given=Given(tuple(hits))).sources

    def _hits(self, item: TrainingItem) -> tuple[list[Hit], list[Hit]]:
        """Return the passages of an item, and others that are close to its question."""
        within = DocumentFilter(documents=item.within)
        found = self._retriever.search(item.question, top_n=_CANDIDATES, within=within)
        home = self._home(item)
        own = [hit for hit in found if hit.chunk.document == home]
        if not own and home:
            at_home = DocumentFilter(documents=(home,))
            own = list(self._retriever.search(item.question, top_n=1, within=at_home))
        return own, [hit for hit in found if hit.chunk.document != home]

    def _home(self, item: TrainingItem) -> str:
        """Return the document that an item is about, as the index names it."""
        return self._names.get((item.document, item.context), item.document if item.quotes else "")

    def _folder(self, item: TrainingItem) -> str:
        return self._home(item).rpartition("/")[0]

    def _telling(self, sources: Sequence[Source]) -> list[Source]:
        """Return the sources that may be cited for an item: those of its own document."""
        return [source for source in sources if source.hit.chunk.id in self._own]


def _drawn(
    own: Sequence[Hit], others: Sequence[Hit], count: int, choice: random.Random
) -> list[Hit]:
    """Return so many passages, an item's own first among them, in the order of their scores."""
    kept = list(own[:2])
    rest = list(others)
    if choice.random() < _FAR_DOWN:
        choice.shuffle(rest)
    return sorted([*kept, *rest[: max(0, count - len(kept))]], key=lambda hit: -hit.score)


def _folder(hit: Hit) -> str:
    return hit.chunk.document.rpartition("/")[0]


def _without(kind: ExampleKind) -> ExampleKind:
    """Return what an example becomes whose answering source did not fit the prompt."""
    return "unanswerable-near" if kind in ANSWERED else kind
