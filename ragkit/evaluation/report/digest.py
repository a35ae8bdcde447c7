"""A summary as a reader meets it: groups of numbers with both views side by side.

What stands here is decided once, for the terminal and for the page; neither decides it again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ragkit.evaluation.records import Metric, Summary

Standing = Literal["better", "worse", "no difference", ""]
HEADLINE = "headline"


class Row(NamedTuple):
    """A number, and the same of what the model said where there are both."""

    main: Metric
    """Of the shown answer where there are two views."""
    model: Metric | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers that belong together."""

    name: str
    title: str
    rows: tuple[Row, ...]

    @property
    def two_views(self) -> bool:
        """Whether any number stands in both views."""
        return any(row.model for row in self.rows)

    @property
    def baseline_name(self) -> str:
        """What all its numbers that have a baseline are held against; empty where they differ."""
        known = [row.main for row in self.rows if row.main.baseline is not None]
        names = {metric.baseline_name for metric in known}
        return names.pop() if len(names) == 1 else ""

    @property
    def baselines(self) -> bool:
        """Whether any number is held against another."""
        return any(row.main.baseline is not None for row in self.rows)


def group_metrics(metrics: Iterable[Metric]) -> tuple[Group, ...]:
    """Return metrics by group, the headline first, the others as they come.

    >>> shown = Metric("wrong", "wrong", 0.1, view="shown", group="headline")
    >>> model = Metric("wrong", "wrong", 0.4, view="model", group="headline")
    >>> (group,) = group_metrics([model, shown])
    >>> group.title, [(row.main.view, row.model.view) for row in group.rows]
    ('Headline', [('shown', 'model')])
    """
    groups: dict[str, dict[str, list[Metric]]] = {}
    for metric in metrics:
        groups.setdefault(metric.group, {}).setdefault(metric.name, []).append(metric)
    names = sorted(groups, key=lambda name: name != HEADLINE)
    return tuple(
        Group(name, group_title(name), tuple(_row(found) for found in groups[name].values()))
        for name in names
    )


def _row(metrics: list[Metric]) -> Row:
    by_view = {metric.view: metric for metric in metrics}
    if "shown" in by_view:
        return Row(by_view["shown"], by_view.get("model"))
    return Row(metrics[0])


def choose_groups(groups: Sequence[Group], *, lines: int) -> tuple[Group, ...]:
    """Return the first groups that fit into so many lines, whole, at least one.

    >>> one = Group("a", "A", (Row(Metric("a", "a", 0.1)),) * 8)
    >>> len(choose_groups([one, one, one], lines=25))
    2
    """
    chosen: list[Group] = []
    used = 0
    for group in groups:
        doubled = not chosen and group.two_views  # the model stands below the headline
        used += 2 + len(group.rows) * (2 if doubled else 1)
        if chosen and used > lines:
            break
        chosen.append(group)
    return tuple(chosen)


def group_title(name: str) -> str:
    """Return the heading of a group.

    >>> group_title("over-refusal"), group_title("")
    ('Over-refusal', 'Numbers')
    """
    words = name.replace("_", " ") or "numbers"
    return words[0].upper() + words[1:]


def difference_of(metric: Metric) -> float | None:
    """Return by how much a metric is above its baseline."""
    if metric.value is None or metric.baseline is None:
        return None
    return metric.value - metric.baseline


def standing_of(metric: Metric) -> Standing:
    """Return how a metric stands to its baseline: what lies in its interval is no difference.

    The baseline counts as a fixed number. Nothing is said where either is missing, or where neither
    side is better.

    >>> standing_of(Metric("f1", "F1", 0.5, 0.4, 0.6, baseline=0.3, better="higher"))
    'better'
    >>> standing_of(Metric("f1", "F1", 0.5, 0.4, 0.6, baseline=0.45, better="higher"))
    'no difference'
    """
    if metric.baseline is None or metric.low is None or metric.high is None or not metric.better:
        return ""
    if metric.low <= metric.baseline <= metric.high:
        return "no difference"
    above = metric.low > metric.baseline
    return "better" if above == (metric.better == "higher") else "worse"


def headline_rows(summary: Summary) -> tuple[Row, ...]:
    """Return the numbers to show large: those of the headline, or the first where it names none."""
    groups = group_metrics(summary.metrics)
    if not groups:
        return ()
    return groups[0].rows if groups[0].name == HEADLINE else groups[0].rows[:3]
