"""Numbers as a report writes them; what is undefined is a dash, never a zero."""

from ragkit.evaluation.records import Metric

UNDEFINED = "–"
_MINUS = "−"


def number_text(value: float | None) -> str:
    """Return a number with as many digits as a reader can use.

    >>> number_text(0.3125), number_text(-0.04), number_text(12.345), number_text(20480.0)
    ('0.312', '−0.040', '12.3', '20,480')
    >>> number_text(None)
    '–'
    """
    if value is None:
        return UNDEFINED
    size = abs(value)
    digits = 3 if size < 10 else 1 if size < 1000 else 0
    text = f"{size:,.{digits}f}"
    return _MINUS + text if value < 0 and text.strip("0.,") else text


def difference_text(value: float | None) -> str:
    """Return a difference with its sign.

    >>> difference_text(0.1), difference_text(-0.1), difference_text(0.0)
    ('+0.100', '−0.100', '0.000')
    """
    text = number_text(value)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def interval_text(low: float | None, high: float | None) -> str:
    """Return an interval; nothing where there is none.

    >>> interval_text(0.25, 0.375), interval_text(-0.1, 0.2), interval_text(None, None)
    ('0.250–0.375', '−0.100 to 0.200', '')
    """
    if low is None or high is None:
        return ""
    between = " to " if low < 0 else "–"
    return f"{number_text(low)}{between}{number_text(high)}"


def detectable_text(metric: Metric) -> str:
    """Return how small a difference would show; nothing where that is not known.

    >>> detectable_text(Metric("f1", "F1", 0.5, 0.4, 0.6, detectable=0.12))
    'shows differences from 0.120'
    >>> detectable_text(Metric("f1", "F1", 0.5, 0.1, 0.9, detectable=1.2))
    'of too few to show a difference'
    """
    if metric.detectable is None:
        return ""
    values = (metric.value, metric.low, metric.high)
    is_share = all(value is not None and 0 <= value <= 1 for value in values)
    if is_share and metric.detectable >= 1:
        return "of too few to show a difference"
    return f"shows differences from {number_text(metric.detectable)}"


def count_text(number: int, noun: str) -> str:
    """Return a number of things.

    >>> count_text(1, "question"), count_text(1200, "question")
    ('1 question', '1,200 questions')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def tally_text(metric: Metric) -> str:
    """Return of how many values a metric is, and how many it leaves out.

    >>> tally_text(Metric("f1", "F1", 0.5, n=40, undefined=2))
    '40 (2 undefined)'
    """
    left_out = f" ({metric.undefined:,} undefined)" if metric.undefined else ""
    return f"{metric.n:,}{left_out}"
