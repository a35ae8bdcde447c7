"""From values to places on a drawing, with ticks at round numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: `low` lies at pixel `start`, `high` at pixel `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value lies; one beyond an end lies at that end.

        >>> Scale(0, 1, 100, 200)(0.25), Scale(0, 1, 100, 200)(7)
        (125.0, 200.0)
        """
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values on the scale, about one in 60 pixels and at most six."""
        return round_ticks(self.low, self.high, most=max(2, min(6, int(self.room // 60))))

    @property
    def room(self) -> float:
        """Pixels from end to end."""
        return abs(self.end - self.start)


def round_ticks(low: float, high: float, *, most: int) -> tuple[float, ...]:
    """Return round values within a range, 1, 2 or 5 times a power of ten apart.

    >>> round_ticks(0, 1, most=6)
    (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    >>> round_ticks(-3, 17, most=4)
    (0, 5, 10, 15)

    Source: Heckbert 1990, "Nice Numbers for Graph Labels" (Graphics Gems), with 2 and 5 as steps.
    """
    least = (high - low) / most
    power = 10 ** math.floor(math.log10(least))
    steps = (step * power for step in (1, 2, 5, 10, 20))
    step = next(step for step in steps if step * 1.0001 >= least)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(number * step, 10) for number in range(first, last + 1))


def range_of(
    values: Iterable[float | None], *, low: float | None = None, high: float | None = None
) -> tuple[float, float]:
    """Return the range to draw: that of the values, from 0 and to 1 where they are shares.

    Args:
        values: Those to be drawn; None and what is not finite is left out.
        low: Where it begins, if that is known.
        high: Where it ends, if that is known.

    >>> range_of([0.2, 0.7]), range_of([-1, None, 5.0]), range_of([]), range_of([3, 3], low=0)
    ((0.0, 1.0), (-1.0, 5.0), (0.0, 1.0), (0, 3.0))
    """
    found = [float(value) for value in values if value is not None and math.isfinite(value)]
    shares = all(0 <= value <= 1 for value in found)
    least = low if low is not None else 0.0 if shares else min(*found, 0.0)
    most = high if high is not None else 1.0 if shares else max(found)
    return (least, most) if most > least else (least, least + 1)


def tick_text(value: float) -> str:
    """Return a tick as an axis writes it.

    >>> tick_text(0.0), tick_text(0.25), tick_text(20000), tick_text(-1)
    ('0', '0.25', '20,000', '−1')
    """
    return f"{value:,.6g}".replace("-", "−") if abs(value) < 1e6 else f"{value:.0e}"
