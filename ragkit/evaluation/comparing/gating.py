"""Whether a run may pass: each rule held against it, and one verdict of all.

The verdict, the table that explains it and the exit code come from one function, so that they
cannot disagree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ragkit.errors import UsageError, unknown_name
from ragkit.evaluation.comparing.counts import COUNTS
from ragkit.evaluation.comparing.joining import check_comparable, measure_of
from ragkit.evaluation.comparing.policies import BUILT_IN, Policy, Rule
from ragkit.evaluation.comparing.worsening import change_of
from ragkit.evaluation.records import Metric
from ragkit.evaluation.runs import LoadedRun

Finding = Literal["pass", "regression", "inconclusive", "not checked"]
Limit = Literal["margin", "at_least", "at_most"]

EXIT_CODES: dict[Finding, int] = {"pass": 0, "regression": 1, "inconclusive": 3}


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A limit of a rule, and how the run keeps to it."""

    rule: str
    limit: Limit
    bound: float
    value: float | None
    """Of the run."""
    baseline: float | None
    """Of the run that it is held against; None where the limit is not about one."""
    low: float | None
    """Of what is held against the bound: the value, or how much worse than the baseline it is."""
    high: float | None
    n: int
    detectable: float | None
    """Of a margin: the least difference that so many pairs show (80% power, alpha .05)."""
    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """The verdict on a run."""

    run: str
    baseline: str | None
    policy: str
    verdict: Finding
    exit_code: int
    """0 pass, 1 regression, 3 inconclusive."""
    sentence: str
    noise_floor: float | None
    """How often the same prompt gave another verdict, in the run or its baseline."""
    rules: tuple[CheckedRule, ...]


def judge_run(run: LoadedRun, policy: Policy, *, baseline: LoadedRun | None = None) -> GateResult:
    """Return the verdict on a run, with each rule that it rests on.

    One broken rule is a regression; else one that cannot be told is inconclusive.

    Args:
        run: What is judged.
        policy: The rules. One with margins needs a baseline, but for the built-in one, of which
            only the rules without are then checked.
        baseline: The run that margins are held against.

    Raises:
        UsageError: A rule names what the run does not have, or the runs cannot be compared.
    """
    if baseline:
        check_comparable(baseline, run)
    rules = [rule for rule in policy.rules if rule.measure in ("", measure_of(run))]
    if not rules:
        raise UsageError(f"no rule of {policy.name} is about the measure {measure_of(run)}")
    if not baseline and policy.name != BUILT_IN and any(rule.margin is not None for rule in rules):
        raise UsageError(
            f"{policy.name} holds margins, which need a run to be held against",
            hint=f"say which: ragkit eval gate {run.name} --baseline RUN",
        )
    judge = _Judge(run, baseline)
    checked = tuple(found for rule in rules for found in judge.check(rule))
    verdict = _verdict(one.finding for one in checked)
    return GateResult(
        run=run.name,
        baseline=baseline.name if baseline else None,
        policy=policy.name,
        verdict=verdict,
        exit_code=EXIT_CODES[verdict],
        sentence=_sentence(verdict, checked),
        noise_floor=judge.noise_floor,
        rules=checked,
    )


def _verdict(findings: Iterable[Finding]) -> Finding:
    found = set(findings)
    if "regression" in found:
        return "regression"
    return "inconclusive" if "inconclusive" in found else "pass"


def _sentence(verdict: Finding, checked: tuple[CheckedRule, ...]) -> str:
    told = sum(one.finding != "not checked" for one in checked)
    limits = f"{told} limit" if told == 1 else f"{told} limits"
    left = f"; {len(checked) - told} not checked" if told < len(checked) else ""
    if verdict == "pass":
        return f"Pass: {limits} kept{left}."
    named = ", ".join(dict.fromkeys(one.rule for one in checked if one.finding == verdict))
    word = "Regression" if verdict == "regression" else "Inconclusive"
    return f"{word}: {named} (of {limits}{left})."


class _Judge:
    """Holds the limits of rules against a run."""

    def __init__(self, run: LoadedRun, baseline: LoadedRun | None) -> None:
        self._run = run
        self._baseline = baseline
        noises = [one.summary.noise for one in (run, baseline) if one]
        floors = [noise.value for noise in noises if noise and noise.value is not None]
        self.noise_floor = max(floors, default=None)

    def check(self, rule: Rule) -> Iterator[CheckedRule]:
        """Yield what comes of each limit of a rule."""
        if rule.count:
            number = float(COUNTS[rule.count](self._run.scored))
            metric = Metric(rule.count, rule.count, number, number, number, len(self._run.scored))
        else:
            metric = _metric_of(self._run, rule)
        if rule.margin is not None:
            yield self._check_margin(rule, metric, rule.margin)
        if rule.at_least is not None:
            yield _check_bound(rule, metric, "at_least", rule.at_least)
        if rule.at_most is not None:
            yield _check_bound(rule, metric, "at_most", rule.at_most)

    def _check_margin(self, rule: Rule, metric: Metric, margin: float) -> CheckedRule:
        """Return whether a metric is worse than the baseline's by no more than a margin."""
        if not metric.better:
            raise UsageError(
                f"a margin on {rule.name} means nothing: neither way is better",
                hint="give it at_least or at_most instead",
            )
        begun = _begin(rule, "margin", margin, metric)
        if not self._baseline:
            return replace(begun, reason="no run to hold it against; give --baseline RUN")
        other = _metric_of(self._baseline, rule)
        begun = replace(begun, baseline=other.value, finding="inconclusive")
        change = change_of(self._baseline, self._run, (other, metric))
        if change is None or change.estimate.low is None or change.estimate.high is None:
            reason = "it is undefined, or without an interval, in one of the runs"
            return replace(begun, reason=reason)
        rise = (change.estimate.low, change.estimate.high)
        low, high = rise if metric.better == "lower" else (-rise[1], -rise[0])
        finding, reason = self._hold(low, high, margin)
        how = "pair by pair" if change.paired else "by the intervals of both"
        least = change.detectable
        if finding == "inconclusive" and least is not None:
            how += f"; differences from {least:.2g} on show"
        begun = replace(begun, low=low, high=high, n=change.estimate.n, detectable=least)
        return replace(begun, finding=finding, reason=f"{reason}, {how}")

    def _hold(self, low: float, high: float, margin: float) -> tuple[Finding, str]:
        """Return what comes of being worse by between low and high where a margin is allowed."""
        floor = self.noise_floor or 0.0
        worse = f"worse by {low:.3f} to {high:.3f}"
        if low < 0 and high <= 0:
            worse = f"better by {max(0.0, -high):.3f} to {-low:.3f}"
        if low > max(margin, floor):
            return "regression", worse
        if floor > margin:
            return "inconclusive", f"the margin is below the noise floor of {floor:.3f}; {worse}"
        if high <= margin:
            return "pass", worse
        return "inconclusive", f"{worse}, which spans the margin"


def _metric_of(run: LoadedRun, rule: Rule) -> Metric:
    """Return the metric that a rule is about; of one in both views, where none is named, the shown.

    Raises:
        UsageError: The run has none of that name.
    """
    named = [metric for metric in run.summary.metrics if metric.name == rule.metric]
    wanted = [rule.view] if rule.view else ["shown", None, "model"]
    for view in wanted:
        for metric in named:
            if metric.view == view or (metric.view is None and len(named) == 1):
                return metric
    known = sorted({metric.name for metric in run.summary.metrics})
    where = f" in view {rule.view}" if named else ""
    raise unknown_name(f"metric of run {run.name}{where}:", rule.metric, known)


def _check_bound(rule: Rule, metric: Metric, limit: Limit, bound: float) -> CheckedRule:
    """Return whether a metric, with its whole interval, is on the right side of a bound."""
    begun = _begin(rule, limit, bound, metric)
    if metric.value is None:
        return replace(begun, finding="inconclusive", reason="it is undefined in this run")
    low = metric.value if metric.low is None else metric.low
    high = metric.value if metric.high is None else metric.high
    begun = replace(begun, low=low, high=high)
    least, most = (
        (low - bound, high - bound) if limit == "at_least" else (bound - high, bound - low)
    )
    if least >= 0:
        return replace(begun, finding="pass")
    if most < 0:
        return replace(begun, finding="regression", reason=f"it is {metric.value:g}")
    reason = f"its interval, {low:.3f} to {high:.3f}, spans the limit"
    return replace(begun, finding="inconclusive", reason=reason)


def _begin(rule: Rule, limit: Limit, bound: float, metric: Metric) -> CheckedRule:
    """Return a limit that is not yet checked."""
    return CheckedRule(
        rule=rule.name,
        limit=limit,
        bound=bound,
        value=metric.value,
        baseline=None,
        low=None,
        high=None,
        n=metric.n,
        detectable=None,
        finding="not checked",
        reason="",
    )
