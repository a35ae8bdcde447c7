"""Tables of what a metric says of models whose truth is known: a metric and a chain on each line.

What stands left of "<" is less, left of "=" the same; numbers stand for themselves.
"""

import re
from pathlib import Path

import pytest

EVALS = Path(__file__).parents[2] / "evals"


def rows_of(table):
    """Return metric and chain of each line."""
    return [line.split(maxsplit=1) for line in table.strip().splitlines() if line]


def value_of(summary, metric, view="model"):
    """Return a metric of a summary."""
    return next(m.value for m in summary.metrics if (m.name, m.view) == (metric, view))


def check_chain(summary_of, metric, chain):
    """Check that the models stand in the order of a chain; a summary is asked for by name."""
    parts = re.split(r" (<|=) ", chain)
    names, signs = parts[::2], parts[1::2]
    values = [
        float(name) if re.fullmatch(r"[\d.]+", name) else value_of(summary_of(name), metric)
        for name in names
    ]
    told = dict(zip(names, values, strict=True))
    assert None not in values, told
    for left, sign, right in zip(values, signs, values[1:], strict=False):
        assert left < right - 1e-9 if sign == "<" else left == pytest.approx(right, abs=1e-9), told
