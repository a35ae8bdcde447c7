"""What a run comes to, for people: what stands in a report, and the page that shows it.

It computes no metric; it arranges those of a summary, and says in plain words what they mean.
"""

from ragkit.evaluation.report.digest import (
    Group,
    Row,
    difference_of,
    group_metrics,
    headline_rows,
    standing_of,
)
from ragkit.evaluation.report.looking import Look, looks_of, worst_looks

__all__ = [
    "Group",
    "Look",
    "Row",
    "difference_of",
    "group_metrics",
    "headline_rows",
    "looks_of",
    "standing_of",
    "worst_looks",
]
