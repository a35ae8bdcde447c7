"""Accuracy by strategy over reasoning questions, and what thinking step by step changes.

An answer is right where the number, letter, yes or no, or word that was asked for is the right one;
how it was reasoned is not judged.

Source: Wei et al. 2022, "Chain-of-Thought Prompting Elicits Reasoning in Large Language Models",
and Kojima et al. 2022, "Large Language Models are Zero-Shot Reasoners": the comparison is theirs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ragkit.errors import UsageError, unknown_name
from ragkit.evaluation.adapters import ANSWER_TYPES
from ragkit.evaluation.bench.reasoning import REASONING_STRATEGIES
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import (
    Chart,
    Metric,
    Outcome,
    Sample,
    Scored,
    Summary,
    Table,
    Task,
    Variant,
)
from ragkit.evaluation.statistics import mcnemar_exact, paired_difference, wilson

AXIS = "strategy"
_PAIRS = (("zero-shot", "zero-shot-cot"), ("few-shot", "few-shot-cot"))
_Right = Mapping[tuple[str, str], bool]
"""By sample and strategy."""


class ReasoningMeasure:
    """Asks every question with each strategy."""

    name = "reasoning"

    def plan(self, samples: Sequence[Sample], options: PlanOptions) -> tuple[Task, ...]:
        """Return each question by each strategy, or by those that the axes name.

        Raises:
            UsageError: No sample asks for something that can be told from a text, or an axis is
                no strategy.
        """
        usable = [sample for sample in samples if is_reasoning(sample)]
        if not usable:
            raise UsageError(
                "no sample is a reasoning question",
                hint="make some: ragkit eval import reasoning FILE... FOLDER",
            )
        for name in options.axes:
            if name not in REASONING_STRATEGIES:
                raise unknown_name("strategy for reasoning", name, REASONING_STRATEGIES)
        strategies = options.axes or REASONING_STRATEGIES
        if options.budget is not None:
            usable = usable[: max(1, options.budget // len(strategies))]
        variants = [Variant(f"strategy/{name}", AXIS, name) for name in strategies]
        return tuple(Task(sample, variant, "reason") for variant in variants for sample in usable)

    def summarise(
        self, samples: Sequence[Sample], scored: Sequence[Scored], options: PlanOptions
    ) -> Summary:
        """Return accuracy by strategy, and what thinking first changes."""
        known = {sample.id: sample for sample in samples}
        reasoned = [one for one in scored if one.outcome.call == "reason"]
        outcomes = [one.outcome for one in reasoned]
        right = {
            (one.outcome.sample_id, one.outcome.level): one.scores["model"].right
            for one in reasoned
        }
        wanted = options.axes or REASONING_STRATEGIES
        strategies = [name for name in wanted if any(by == name for _, by in right)]
        asked = {outcome.sample_id: known[outcome.sample_id] for outcome in outcomes}
        changes = [_change(right, *pair) for pair in _PAIRS if set(pair) <= set(strategies)]
        return Summary(
            measure=self.name,
            metrics=(
                *(_accuracy(right, name, asked) for name in strategies),
                *(metric for metric in changes if metric),
                *(_format_obeyed(reasoned, name) for name in strategies),
                *_by_set(right, strategies, asked),
            ),
            sentence=_sentence(changes),
            charts=(_chart(right, strategies),),
            worst=_worst(outcomes, right),
            errors=tuple(outcome.key for outcome in outcomes if outcome.error),
        )


def is_reasoning(sample: Sample) -> bool:
    """Say whether a sample asks, without documents, for something that can be told from a text."""
    told = sample.type in ANSWER_TYPES
    return sample.kind == "closed-book" and told and bool(sample.answers)


def _worst(outcomes: Sequence[Outcome], right: _Right) -> tuple[str, ...]:
    """Return one wrong outcome of each of the first samples that have any, the last way of it."""
    wrong = {one.sample_id: one.key for one in outcomes if not right[one.sample_id, one.level]}
    return tuple(wrong.values())[:5]


def _share(name: str, title: str, values: Sequence[bool], group: str) -> Metric:
    """Return a share of the questions, each of which stands for itself, with its interval."""
    estimate = wilson(sum(values), len(values))
    return Metric(
        name=name,
        title=title,
        value=estimate and estimate.mean,
        low=estimate and estimate.low,
        high=estimate and estimate.high,
        n=len(values),
        view="model",
        group=group,
        better="higher",
    )


def _accuracy(right: _Right, strategy: str, asked: Mapping[str, Sample]) -> Metric:
    return replace(
        _share(f"accuracy/{strategy}", f"right, {strategy}", _values(right, strategy), "headline"),
        baseline=_guessing(asked.values()),
        baseline_name="the commonest answer of each set",
    )


def _values(right: _Right, strategy: str) -> list[bool]:
    return [value for (_, name), value in right.items() if name == strategy]


def _guessing(samples: Iterable[Sample]) -> float | None:
    """Return how often one is right who gives each set's commonest answer."""
    groups: dict[str, Counter[str]] = {}
    for sample in samples:
        groups.setdefault(sample.group, Counter())[sample.answers[0]] += 1
    total = sum(counter.total() for counter in groups.values())
    if not total:
        return None
    return sum(counter.most_common(1)[0][1] for counter in groups.values()) / total


def _change(right: _Right, plain: str, thinking: str) -> Metric | None:
    """Return how much more is right where the model thinks first; None of no pairs."""
    both = [id_ for id_, name in right if name == plain and (id_, thinking) in right]
    a = [float(right[id_, plain]) for id_ in both]
    b = [float(right[id_, thinking]) for id_ in both]
    difference = paired_difference(a, b, both)
    if difference is None:
        return None
    p = mcnemar_exact(
        sum(x > y for x, y in zip(a, b, strict=True)), sum(x < y for x, y in zip(a, b, strict=True))
    )
    return Metric(
        name=f"thinking/{plain}",
        title=f"{thinking} minus {plain}",
        value=difference.mean,
        low=difference.low,
        high=difference.high,
        n=difference.n,
        view="model",
        group="headline",
        better="higher",
        baseline=0.0,
        baseline_name="no difference",
        detectable=difference.detectable,
        note=f"exact McNemar p = {p:.3f}",
    )


def _format_obeyed(scored: Sequence[Scored], strategy: str) -> Metric:
    """Return how often there was something to take for an answer."""
    said = [
        bool((reading := one.outcome.readings.get("model")) and reading.text)
        for one in scored
        if one.outcome.level == strategy
    ]
    return _share(f"answered/{strategy}", f"gives an answer, {strategy}", said, "form")


def _by_set(
    right: _Right, strategies: Sequence[str], asked: Mapping[str, Sample]
) -> Iterator[Metric]:
    """Yield the accuracy on each set, where there are several."""
    groups = sorted({sample.group for sample in asked.values()})
    for group in groups if len(groups) > 1 else ():
        of_group = {id_: sample for id_, sample in asked.items() if sample.group == group}
        for name in strategies:
            values = [value for (id_, by), value in right.items() if by == name and id_ in of_group]
            yield replace(
                _share(f"accuracy/{group}/{name}", f"{group}, {name}", values, "sets"),
                baseline=_guessing(of_group.values()),
                baseline_name="its commonest answer",
            )


def _chart(right: _Right, strategies: Sequence[str]) -> Chart:
    rows = []
    for name in strategies:
        values = _values(right, name)
        estimate = wilson(sum(values), len(values))
        if estimate:
            rows.append((name, estimate.mean, estimate.low, estimate.high))
    return Chart(
        name="strategies",
        kind="bars",
        title="Right answers by strategy",
        data=Table(("label", "value", "low", "high"), tuple(rows)),
        note="A strategy whose name ends in -cot lets the model think step by step first.",
        options={"x_title": "share that is right", "x_min": 0.0, "x_max": 1.0},
    )


def _sentence(changes: Sequence[Metric | None]) -> str:
    parts = [
        _tell(change, change.value) for change in changes if change and change.value is not None
    ]
    if not parts:
        return "Only one way of asking was tried, so nothing is compared."
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _tell(change: Metric, value: float) -> str:
    """Return what a change comes to, in words: only one whose interval leaves out 0 is one."""
    plain = change.name.partition("/")[2]
    numbers = f"({plain}: {value:+.3f}, {change.note})"
    if change.low is None or change.high is None or change.low <= 0 <= change.high:
        return f"thinking step by step changes nothing that shows {numbers}"
    return f"thinking step by step {'helps' if value > 0 else 'harms'} {numbers}"
