"""All axes of one view together: which matters most, and whether it is more than noise."""

from dataclasses import dataclass

from ragkit.evaluation.measures.brittleness.axis import AxisResult, examine_axis
from ragkit.evaluation.measures.brittleness.grid import Grid
from ragkit.evaluation.statistics import holm

ALPHA = 0.05
COMBINED = frozenset({"mixed"})
"""Axes that are several at once, and so cannot be the one that matters most."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What varying each axis does, in one view."""

    grid: Grid
    axes: tuple[AxisResult, ...]
    """In the order of the axes."""
    control: AxisResult | None
    p: dict[str, float]
    """Of each axis's spread if its variants were one, adjusted by Holm's method over the axes."""

    @property
    def single(self) -> tuple[AxisResult, ...]:
        """The axes that are varied alone."""
        return tuple(one for one in self.axes if one.axis not in COMBINED)

    @property
    def noise(self) -> float:
        """The variance of answers to the very same prompt."""
        components = self.control.components if self.control else None
        return components.interaction + components.level if components else 0.0

    @property
    def ranked(self) -> tuple[AxisResult, ...]:
        """The axes, by the variance that they cause within samples beyond noise, most first."""
        return tuple(sorted(self.single, key=lambda one: -moved(one, self.noise)))

    def is_uneven(self, axis: AxisResult) -> bool:
        """Say whether the variants of an axis lie further apart than chance would have them."""
        return self.p.get(axis.axis, 1.0) < ALPHA

    def is_unsteady(self, axis: AxisResult) -> bool:
        """Say whether an axis flips verdicts surely more often than the same prompt put again."""
        control = self.control.flips if self.control else None
        if control is None or axis.flips is None:
            return False
        if control.high is None or axis.flips.low is None:
            return False
        return axis.flips.low > control.high

    def beats_noise(self, axis: AxisResult) -> bool:
        """Say whether an axis does more than chance and the model's own unsteadiness do.

        Either some of its variants are better than others, or answers flip one way and the other.
        """
        return self.is_uneven(axis) or self.is_unsteady(axis)


def moved(axis: AxisResult, noise: float) -> float:
    """Return the variance within samples that an axis causes, beyond that of the same prompt."""
    parts = axis.components
    return parts.level + max(0.0, parts.interaction - noise) if parts else 0.0


def find(grid: Grid, *, seed: int = 0) -> Findings:
    """Return what varying each axis does."""
    axes = [one for name in grid.varied if (one := examine_axis(grid, name, seed=seed))]
    spreads = {one.axis: one.spread.p for one in axes if one.spread}
    adjusted = dict(zip(spreads, holm(list(spreads.values())), strict=True)) if spreads else {}
    control = examine_axis(grid, "control", seed=seed)
    return Findings(grid, tuple(axes), control, adjusted)


def tell(shown: Findings, model: Findings) -> str:
    """Return which axis matters most and whether it beats noise, of both views, in a sentence.

    What is shown comes first; of the model alone it is told where that differs.
    """
    first = _tell_one(shown) or _tell_one(model)
    if not first:
        return "No sample was put in two ways, so nothing can be said of brittleness."
    aside = _tell_model(shown, model)
    return f"{first}{aside}."


def _tell_one(findings: Findings) -> str:
    if not findings.ranked:
        return ""
    most = findings.ranked[0]
    if most.spread is None or most.flips is None:
        return ""
    if not moved(most, findings.noise) and not most.flips.mean:
        ways = sum(len(one.variants) for one in findings.axes)
        return f"No axis moved a verdict: all {ways} ways of asking came to the same"
    flips = f"{_percent(most.flips.mean)} of its verdicts flip"
    if findings.control and findings.control.flips:
        flips += f", {_percent(findings.control.flips.mean)} when the same prompt is put again"
    flips += f" ({most.samples} samples)"
    p = _p(findings.p[most.axis])
    if findings.is_uneven(most):
        points, chance = round(100 * most.spread.spread), round(100 * most.spread.expected)
        return (
            f"The axis “{most.axis}” matters most and beats noise: its best and worst variants lie"
            f" {points} points apart where chance explains {chance} (p {p}); {flips}"
        )
    if findings.is_unsteady(most):
        return (
            f"The axis “{most.axis}” matters most and beats noise: {flips}, though none of its"
            f" variants is better or worse than the others beyond chance (p {p})"
        )
    other = [one.axis for one in findings.ranked[1:] if findings.beats_noise(one)]
    aside = f"; “{other[0]}” moves less, but beyond noise" if other else ""
    return (
        f"The axis “{most.axis}” moves answers most, but not beyond noise (p {p}): {flips}{aside}"
    )


def _tell_model(shown: Findings, model: Findings) -> str:
    """Return what of the model alone differs from what is shown; empty where nothing does."""
    if not shown.ranked or not model.ranked:
        return ""
    ours, theirs = shown.ranked[0], model.ranked[0]
    if ours.axis == theirs.axis and shown.beats_noise(ours) == model.beats_noise(theirs):
        return ""
    verdict = "beyond noise" if model.beats_noise(theirs) else "within noise"
    return f". Of what the model says unchecked, it is “{theirs.axis}” ({verdict})"


def _percent(value: float) -> str:
    return f"{round(100 * value)}%"


def _p(p: float) -> str:
    """Return a p value for a sentence.

    >>> _p(0.0004), _p(0.0316), _p(0.4)
    ('< .001', '= .032', '= .40')
    """
    if p < 0.001:
        return "< .001"
    digits = 3 if p < 0.1 else 2
    return f"= {p:.{digits}f}".replace("= 0.", "= .")
