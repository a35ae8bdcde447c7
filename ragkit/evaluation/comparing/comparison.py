"""Two runs compared pair by pair: what differs beyond chance, what broke, what was fixed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ragkit.evaluation.comparing.joining import Pair, join_runs, measure_of, suite_of
from ragkit.evaluation.comparing.records import Changed, ComparedValue, Comparison, Standing
from ragkit.evaluation.comparing.values import VERDICT_VALUES, Item
from ragkit.evaluation.records import View
from ragkit.evaluation.runs import LoadedRun, differences
from ragkit.evaluation.statistics import Difference, holm, mcnemar_exact, paired_difference

ALPHA = 0.05
_BETTER = {"right": "higher", "wrong_and_asserted": "lower", "coverage": ""}


def compare(before: LoadedRun, after: LoadedRun, *, view: View | None = None) -> Comparison:
    """Return how the second of two runs differs from the first.

    Args:
        before: The run to compare with.
        after: The run that is compared.
        view: Of the answers; by default what was shown, where both show something.

    Raises:
        UsageError: The runs are of different suites or measures, or have nothing in common.
    """
    joined = join_runs(before, after, view=view)
    values = _compare_values(joined.pairs, _directions(before, after))
    answers = [pair for pair in joined.pairs if pair.before.score and pair.after.score]
    broke = [_changed(pair, joined.view) for pair in answers if _rights(pair) == (True, False)]
    fixed = [_changed(pair, joined.view) for pair in answers if _rights(pair) == (False, True)]
    bases = len({pair.base for pair in joined.pairs})
    return Comparison(
        before=before.name,
        after=after.name,
        suite=suite_of(after),
        measure=measure_of(after),
        view=joined.view,
        pairs=len(joined.pairs),
        bases=bases,
        left_out=joined.left_out,
        warnings=joined.warnings,
        changes=differences(before.header, after.header),
        values=values,
        mcnemar_p=mcnemar_exact(len(broke), len(fixed)),
        broke=tuple(broke),
        fixed=tuple(fixed),
        sentence=_sentence(values, after, bases),
    )


def _rights(pair: Pair) -> tuple[bool, bool]:
    before, after = pair.before.score, pair.after.score
    return bool(before and before.right), bool(after and after.right)


# --- numbers --------------------------------------------------------------------------------------


class _Tested(NamedTuple):
    """A number before it is known what is tested beside it."""

    part: str
    name: str
    before: float
    after: float
    difference: Difference


def _compare_values(
    pairs: Sequence[Pair], directions: Mapping[str, str]
) -> tuple[ComparedValue, ...]:
    """Return the numbers that both runs have, part by part, those of the verdict first.

    What is tested together is adjusted together: of each part the verdicts, and all else.
    """
    found: list[ComparedValue] = []
    for part in dict.fromkeys(pair.after.part for pair in pairs):
        tested = list(_test([pair for pair in pairs if pair.after.part == part]))
        verdicts = [one for one in tested if one.name in VERDICT_VALUES]
        others = [one for one in tested if one.name not in VERDICT_VALUES]
        for family in (verdicts, others):
            adjusted = holm([one.difference.p for one in family])
            for one, p in zip(family, adjusted, strict=True):
                found.append(_compared(one, p, directions.get(one.name, "")))
    return tuple(found)


def _test(pairs: Sequence[Pair]) -> Iterator[_Tested]:
    """Yield the numbers of pairs that may be averaged."""
    values = [(pair.base, pair.before.values, pair.after.values) for pair in pairs]
    for name in dict.fromkeys(name for _, before, _ in values for name in before):
        rows = [
            (base, one, other)
            for base, before, after in values
            if (one := before.get(name)) is not None and (other := after.get(name)) is not None
        ]
        if rows:
            bases, ones, others = zip(*rows, strict=True)
            difference = paired_difference(ones, others, bases)
            if difference:
                before_mean, after_mean = sum(ones) / len(ones), sum(others) / len(others)
                yield _Tested(pairs[0].after.part, name, before_mean, after_mean, difference)


def _compared(tested: _Tested, p_adjusted: float, better: str) -> ComparedValue:
    part, name, before, after, difference = tested
    return ComparedValue(
        name=name,
        part=part,
        before=before,
        after=after,
        difference=difference.mean,
        low=difference.low,
        high=difference.high,
        n=difference.n,
        p=difference.p,
        p_adjusted=p_adjusted,
        detectable=difference.detectable,
        standing=_standing(difference.mean, p_adjusted, better),
    )


def _standing(difference: float, p: float, better: str) -> Standing:
    if p >= ALPHA or not difference:
        return "no difference shown"
    way: Standing = "higher" if difference > 0 else "lower"
    if not better:
        return way
    return "better" if way == better else "worse"


def _directions(*runs: LoadedRun) -> Mapping[str, str]:
    """Return which way is better for each name, as the metrics of that name have it."""
    metrics = [metric for run in runs for metric in run.summary.metrics]
    return {metric.name: metric.better for metric in metrics} | _BETTER


# --- in words -------------------------------------------------------------------------------------


def _changed(pair: Pair, view: View) -> Changed:
    before, after = pair
    return Changed(
        key=after.outcome.key,
        sample_id=after.sample.id,
        question=after.outcome.question,
        verdict_before=before.score.verdict if before.score else "wrong",
        verdict_after=after.score.verdict if after.score else "wrong",
        answer_before=_answer(before, view),
        answer_after=_answer(after, view),
    )


def _answer(item: Item, view: View) -> str:
    if item.outcome.error:
        return f"no answer: {item.outcome.error}"
    reading = item.outcome.readings.get(view)
    return "" if reading is None or reading.abstained else reading.text


def _sentence(values: Sequence[ComparedValue], after: LoadedRun, bases: int) -> str:
    """Return what to take home: of the number that the measure puts first, if both runs have it."""
    titles = {metric.name: metric.title for metric in reversed(after.summary.metrics)}
    headline = [metric.name for metric in after.summary.metrics if metric.group == "headline"]
    named = [value for name in headline for value in values if value.name == name]
    value = (named or values)[0]
    title = titles.get(value.name, value.name.replace("_", " "))
    told = f"{title} {value.after:.3f}, {value.before:.3f} before"
    over = f"over {value.n} outcomes ({value.part}) about {bases} facts"
    if value.standing != "no difference shown":
        p = f"p = {value.p_adjusted:.2g}" if value.p_adjusted >= 0.001 else "p < 0.001"
        return f"The second run is {value.standing}: {told}, {over} ({p})."
    if value.detectable is None:
        same = "too few to tell" if value.difference else "the same in all of them"
        return f"No difference shown: {told}, {over}: {same}."
    return (
        f"No difference shown: {told}, {over} (p = {value.p_adjusted:.2g});"
        f" one below {value.detectable:.2g} would most likely not show."
    )
