"""Several changes at once: "mixed".

One axis at a time leaves out what two changes do together. The points of a Latin hypercube hold
each level of each axis about equally often, however few they are.

Source: McKay, Beckman and Conover 1979, "A Comparison of Three Methods for Selecting Values of
Input Variables in the Analysis of Output from a Computer Code", section 2.
"""

from collections.abc import Sequence

from ragkit.evaluation.errors import InapplicableError
from ragkit.evaluation.records import Case, Change, Variant

MIXED = 12


def mixed_variants(
    axes: Sequence[Sequence[Variant]], *, count: int = MIXED, seed: int = 0
) -> tuple[Variant, ...]:
    """Return variants that each join one level of every axis, the unchanged one among the levels.

    A level that does not apply to a sample leaves that axis unchanged.

    Args:
        axes: The variants of each axis, in the order in which their changes are to be made.
        count: Points of the hypercube.
        seed: Of the hypercube.
    """
    from scipy.stats import qmc

    points = qmc.LatinHypercube(d=len(axes), rng=seed).random(count)
    found = []
    for number, point in enumerate(points, start=1):
        levels = [
            (None, *variants)[int(share * (len(variants) + 1))]
            for share, variants in zip(point, axes, strict=True)
        ]
        joined = tuple(level for level in levels if level)
        name = " + ".join(one.id for one in joined) or "unchanged"
        found.append(Variant(f"mixed/{number:02}", "mixed", name, _join(joined)))
    return tuple(found)


def _join(variants: Sequence[Variant]) -> Change:
    def change(case: Case) -> Case:
        for variant in variants:
            try:
                case = variant.change(case)
            except InapplicableError:
                continue
        return case

    return change
