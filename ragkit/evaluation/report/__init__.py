"""What a run comes to, for people: what stands in a report, and the page that shows it.

It computes no metric; it arranges those of a summary, and says in plain words what they mean.
"""

from ragkit.evaluation.report.digest import (
    Group,
    Row,
    choose_groups,
    difference_of,
    group_metrics,
    headline_rows,
    standing_of,
)
from ragkit.evaluation.report.looking import Look, looks_of, worst_looks
from ragkit.evaluation.report.page import REPORT_FILE, Reported, render_report, write_report

__all__ = [
    "REPORT_FILE",
    "Group",
    "Look",
    "Reported",
    "Row",
    "choose_groups",
    "difference_of",
    "group_metrics",
    "headline_rows",
    "looks_of",
    "render_report",
    "standing_of",
    "worst_looks",
    "write_report",
]
