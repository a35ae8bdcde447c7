"""What is passed along while something is measured: samples, cases, outcomes, metrics."""

from ragkit.evaluation.records.cases import Call, Case, Change, Task, Variant, unchanged
from ragkit.evaluation.records.outcomes import (
    LogprobSummary,
    Outcome,
    Passage,
    Reading,
    ReadSentence,
    Score,
    Scored,
    Verdict,
    View,
)
from ragkit.evaluation.records.samples import ANSWERED_KINDS, GoldPlace, Kind, Sample, Suite, Twin
from ragkit.evaluation.records.summaries import (
    Chart,
    ChartKind,
    JudgeCard,
    Metric,
    Scalar,
    Summary,
    Table,
    Tier,
)

__all__ = [
    "ANSWERED_KINDS",
    "Call",
    "Case",
    "Change",
    "Chart",
    "ChartKind",
    "GoldPlace",
    "JudgeCard",
    "Kind",
    "LogprobSummary",
    "Metric",
    "Outcome",
    "Passage",
    "ReadSentence",
    "Reading",
    "Sample",
    "Scalar",
    "Score",
    "Scored",
    "Suite",
    "Summary",
    "Table",
    "Task",
    "Tier",
    "Twin",
    "Variant",
    "Verdict",
    "View",
    "unchanged",
]
