"""Items to examples: what `ragkit ask` would show the model, and what it is to say to that.

Strategy and token budget are those of `ragkit.ask`, and so are retrieval and selection of sentences
(see `ragkit.training.passages`); what is asked over which sources is chosen here, so that an answer
stands among them or, for some examples, does not.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ragkit.ask import AskOptions, Assistant
from ragkit.prompting import Strategy, load_strategy
from ragkit.records import Hit, Source
from ragkit.training.passages import Passages, Reader, draw_hits, draw_others
from ragkit.training.records import ANSWERED, Example, ExampleKind, TrainingItem
from ragkit.training.targets import (
    Found,
    cite,
    complete_abstention,
    complete_answer,
    find_answer,
    stands_in,
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
from ragkit.words import words_of

_BESIDE = 3
"""Items that are asked over twisted or other sources besides one."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """What examples are made of: strategies by weight, and how often items are twisted.

    The items of one passage are asked over the same sources, so that they differ in their last line
    only; a twist is of one of them.
    """

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
    """Share of the passages without which a few of their items are asked once more."""
    far: float = 0.04
    """Share in whose place are passages of other documents alone."""
    swapped_question: float = 0.15
    """Share of the items asked once more about something that the sources do not speak of."""
    counterfactual: float = 0.2
    """Share of the passages that are asked about once more when they say something else."""
    conflicting: float = 0.03
    """Share asked about once more beside one that disagrees."""
    seed: int = 0


class ExampleMaker:
    """Makes examples of the items of one index.

    Args:
        assistant: Of the index; its model renders the prompts.
        reader: Of the same index.
        items: All of them: their names are what is swapped for others.
        mixture: What to make.
    """

    def __init__(
        self,
        assistant: Assistant,
        reader: Reader,
        items: Sequence[TrainingItem],
        mixture: Mixture,
    ) -> None:
        self._assistant = assistant
        self._reader = reader
        self._mixture = mixture
        self._pool = Names([text for item in items for text in (item.question, *item.answers)])
        self._strategies = [load_strategy(name) for name in mixture.strategies]

    def make(self, items: Sequence[TrainingItem]) -> Iterator[Example]:
        """Yield the examples of items of one passage; none where nothing of it fits a prompt."""
        choice = random.Random(f"{self._mixture.seed}:{items[0].id}")  # noqa: S311 - no secret
        asked = choice.sample(items, len(items))
        passages = self._reader.find(asked[0])
        if not passages.own and asked[0].answers:
            return
        questions = [item.question for item in asked]
        selected = self._reader.select(questions, draw_hits(passages, choice))
        if not selected:
            return
        shown = self._show(rename_places(selected, choice), passages, choice)
        for item in asked:
            yield from shown.ask(item)
            if item.answers and choice.random() < self._mixture.swapped_question:
                yield from shown.ask_of_another(item, self._pool, choice)
        answerable = [item for item in asked if item.answers]
        if answerable:
            yield from self._without(answerable, passages, choice)
            yield from self._twisted(answerable, shown, passages, choice)

    def _without(
        self, items: Sequence[TrainingItem], passages: Passages, choice: random.Random
    ) -> Iterator[Example]:
        """Yield examples over sources among which the passage of the items is not."""
        mixture = self._mixture
        if choice.random() < mixture.withheld:
            yield from self._withhold(items, passages.others, "unanswerable-near", choice)
        if choice.random() < mixture.far:
            yield from self._withhold(items, passages.elsewhere, "unanswerable-far", choice)

    def _withhold(
        self,
        items: Sequence[TrainingItem],
        hits: Sequence[Hit],
        kind: ExampleKind,
        choice: random.Random,
    ) -> Iterator[Example]:
        asked = items[: 1 + _BESIDE]
        selected = self._reader.select([item.question for item in asked], draw_others(hits, choice))
        if selected:
            shown = self._show(rename_places(selected, choice), None, choice)
            for item in asked:
                yield from shown.ask_in_vain(item, kind)

    def _twisted(
        self,
        items: Sequence[TrainingItem],
        shown: "Shown",
        passages: Passages,
        choice: random.Random,
    ) -> Iterator[Example]:
        """Yield examples over sources that say something else, or that disagree."""
        if choice.random() < self._mixture.counterfactual:
            for item in items:
                if swapped := self._swap_answer(item, shown, choice):
                    old, new, _ = swapped
                    sources = swap_in_sources(shown.sources, old, new)
                    changed = replace(
                        item, answers=(new,), reference=item.reference.replace(old, new)
                    )
                    other = self._show(sources, passages, choice)
                    yield from other.ask(changed, "counterfactual")
                    yield from _ask_beside(other, item, items, (old, new))
                    break
        if choice.random() < self._mixture.conflicting:
            for item in items:
                swapped = self._swap_answer(item, shown, choice)
                if swapped and (both := contradict(shown.sources, swapped[2], *swapped[:2])):
                    other = self._show(both, passages, choice)
                    yield from other.ask_which(item, *swapped)
                    yield from _ask_beside(other, item, items, swapped[:2])
                    break

    def _swap_answer(
        self, item: TrainingItem, shown: "Shown", choice: random.Random
    ) -> tuple[str, str, Source] | None:
        """Return the answer as it stands, another in its place, and the source that holds it."""
        found = find_answer(item.answers, shown.telling)
        if found is None or found.text.lower() in item.question.lower():
            return None
        text = f"{text_of(shown.sources)} {item.question}"
        new = swap_value(found.text, self._pool, text=text, choice=choice)
        return (found.text, new, found.source) if new else None

    def _show(
        self, sources: Sequence[Source], passages: Passages | None, choice: random.Random
    ) -> "Shown":
        weights = list(self._mixture.strategies.values())
        strategy = choice.choices(self._strategies, weights)[0]
        own = {hit.chunk.id for hit in passages.own} if passages else set()
        return Shown(self._assistant, sources, strategy, own)


class Shown:
    """Sources over which questions are asked by one strategy: prompts that begin alike.

    Args:
        assistant: Builds the prompts.
        sources: In all of them.
        strategy: By which all are asked.
        own: Chunks that may be cited: a source keeps its chunk's id under another name.
    """

    def __init__(
        self,
        assistant: Assistant,
        sources: Sequence[Source],
        strategy: Strategy,
        own: set[str],
    ) -> None:
        self.sources = sources
        self.telling = [source for source in sources if source.hit.chunk.id in own]
        self._assistant = assistant
        self._strategy = strategy

    def ask(self, item: TrainingItem, kind: ExampleKind = "answer") -> Iterator[Example]:
        """Yield the example of an item: its answer, or that these sources do not hold it."""
        found = find_answer(item.quotes or item.answers, self.telling)
        if found is None:
            yield from self.ask_in_vain(item, "unanswerable-near")
        elif answer := word_answer(item, found):
            yield self._render(item, kind, item.question, (answer, found))

    def ask_of_another(
        self, item: TrainingItem, names: Names, choice: random.Random
    ) -> Iterator[Example]:
        """Yield an item's question about something on which the sources are silent."""
        question = swap_in_question(item.question, self.sources, names, choice)
        if question:
            yield self._render(item, "false-premise", question, None)

    def ask_which(self, item: TrainingItem, old: str, new: str, told: Source) -> Iterator[Example]:
        """Yield an item over sources of which two disagree: both values, each with its source."""
        second = find_answer((new,), self.sources)
        if second:
            sides = sorted(((told.id, old), (second.source.id, new)))
            answer = " ".join(cite(value, number) for number, value in sides)
            yield self._render(item, "conflicting", item.question, (answer, second))

    def ask_in_vain(self, item: TrainingItem, kind: ExampleKind) -> Iterator[Example]:
        """Yield an item to which these sources hold no answer, if they do hold none."""
        known = (*item.quotes, *item.answers)
        if not item.elsewhere and not stands_in(known, self.sources):
            yield self._render(item, kind, item.question, None)

    def _render(
        self,
        item: TrainingItem,
        kind: ExampleKind,
        question: str,
        answer: tuple[str, Found] | None,
    ) -> Example:
        options = AskOptions(strategy=self._strategy)
        prompt = self._assistant.build_prompt(question, self.sources, options)
        shown = {source.id for source in prompt.sources}
        if answer and answer[1].source.id in shown:
            text, found = answer
            completion = complete_answer(text, item, found, self._strategy)
        else:
            completion, kind = complete_abstention(self._strategy), _without(kind)
        return Example(
            id=item.id if kind == "answer" or not item.answers else f"{item.id}#{kind}",
            kind=kind,
            strategy=self._strategy.name,
            document=item.document,
            prompt=self._assistant.llm.render_prompt(prompt.messages),
            completion=completion,
        )


def _ask_beside(
    shown: Shown, twisted: TrainingItem, items: Sequence[TrainingItem], values: Sequence[str]
) -> Iterator[Example]:
    """Yield the examples of some other items, which share no word with the values swapped."""
    swapped = {word.lower() for value in values for word in words_of(value)}
    for item in [item for item in items if item is not twisted][:_BESIDE]:
        texts = (item.question, item.reference, *item.answers)
        if swapped.isdisjoint(word.lower() for text in texts for word in words_of(text)):
            yield from shown.ask(item)


def _without(kind: ExampleKind) -> ExampleKind:
    """Return what an example becomes whose answering source did not fit the prompt."""
    return "unanswerable-near" if kind in ANSWERED else kind
