"""The outcomes that two runs have in common, pair by pair, and why others have no pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ragkit.errors import UsageError
from ragkit.evaluation.comparing.values import Item, choose_view, items_of
from ragkit.evaluation.records import Sample, View
from ragkit.evaluation.runs import LoadedRun


class Pair(NamedTuple):
    """An outcome of either run, of one sample that was put in one way."""

    before: Item
    after: Item

    @property
    def base(self) -> str:
        """The fact that it is about."""
        return self.after.outcome.base_id


@dataclass(frozen=True, slots=True)
class Joined:
    """Two runs as pairs."""

    view: View
    pairs: tuple[Pair, ...]
    left_out: Mapping[str, int]
    warnings: tuple[str, ...]


def join_runs(before: LoadedRun, after: LoadedRun, *, view: View | None = None) -> Joined:
    """Return the outcomes that both runs have, of samples that ask the same.

    Args:
        before: The run to compare with.
        after: The run that is compared.
        view: Of the answers; by default what was shown, where both show something.

    Raises:
        UsageError: The runs are of different suites or measures, or have nothing in common.
    """
    check_comparable(before, after)
    joined = pair_up(before, after, view or choose_view(before.scored, after.scored))
    if not joined.pairs:
        raise UsageError(
            f"runs {before.name} and {after.name} have no outcome in common"
            f" that is scored as {joined.view}",
            hint="run the same suite with the same --size and --axes, or give another --view",
        )
    return joined


def pair_up(before: LoadedRun, after: LoadedRun, view: View) -> Joined:
    """Return the outcomes that both runs have in a view, be it none."""
    first, second = (items_of(run.samples, run.scored, view) for run in (before, after))
    both = first.keys() & second.keys()
    pairs = tuple(
        Pair(item, second[key])
        for key, item in first.items()
        if key in both and _asked(item.sample) == _asked(second[key].sample)
    )
    left_out = {
        "only in the first run": len(first.keys() - both),
        "only in the second run": len(second.keys() - both),
        "of samples that were altered": len(both) - len(pairs),
    }
    return Joined(view, pairs, left_out, _warnings(before, after, left_out))


def check_comparable(before: LoadedRun, after: LoadedRun) -> None:
    """Refuse runs of different suites or measures.

    Raises:
        UsageError: They are.
    """
    for what, one, other in (
        ("suites", suite_of(before), suite_of(after)),
        ("measures", measure_of(before), measure_of(after)),
    ):
        if one != other:
            raise UsageError(
                f"runs of different {what} cannot be compared: {before.name} is of {one!r},"
                f" {after.name} of {other!r}",
                hint="see what there is: ls evals/runs; run a suite again: ragkit eval run SUITE",
            )


def suite_of(run: LoadedRun) -> str:
    """Return the name of the suite of a run."""
    return str(run.header.get("suite", {}).get("name", ""))


def measure_of(run: LoadedRun) -> str:
    """Return the name of the measure of a run."""
    return str(run.header.get("measure", run.summary.measure))


def _asked(sample: Sample) -> tuple[object, ...]:
    """Return what a sample asks and wants."""
    wanted = (sample.answers, sample.sides, sample.correction, sample.gold)
    return (sample.question, sample.kind, *wanted)


def _warnings(before: LoadedRun, after: LoadedRun, left_out: Mapping[str, int]) -> tuple[str, ...]:
    found = []
    suites = [run.header.get("suite", {}) for run in (before, after)]
    if suites[0].get("sha256") != suites[1].get("sha256"):
        versions = [suite.get("version") for suite in suites]
        found.append(
            f"the suite changed between the runs (version {versions[0]}, then {versions[1]}):"
            " only samples that ask the same are compared"
        )
    versions = [run.header.get("ragkit") for run in (before, after)]
    if versions[0] != versions[1]:
        found.append(f"ragkit {versions[0]} made the first run, ragkit {versions[1]} the second")
    found += [f"{count} outcomes {reason} left out" for reason, count in left_out.items() if count]
    return tuple(found)
