"""What a run comes to: metrics with their intervals, charts with their data, one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ragkit.evaluation.records.outcomes import View

Tier = Literal["T0", "T1", "T2", "T3", ""]
"""How a number came about: T0 rules, T1 the encoder, T2 the model's own logits, T3 a detector named
by path; empty where nothing was judged (seconds, counts)."""

Scalar = str | float | int | bool | None

ChartKind = Literal[
    "bars", "lines", "dots", "abstention", "reliability", "risk-coverage", "heat-map", "flips"
]


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with its uncertainty and what it is to be held against."""

    name: str
    """Unique with its view: "wrong_and_asserted"."""
    title: str
    """In a few words, for a reader."""
    value: float | None
    """None where it is undefined."""
    low: float | None = None
    """Of the 95% interval."""
    high: float | None = None
    n: int = 0
    """Values that it is of."""
    undefined: int = 0
    """Samples for which it is not defined, and which it leaves out."""
    tier: Tier = "T0"
    view: View | None = None
    group: str = ""
    """The table that it stands in: headline, abstention, citations, calibration ..."""
    better: Literal["higher", "lower", ""] = ""
    baseline: float | None = None
    baseline_name: str = ""
    detectable: float | None = None
    """The least difference that two runs of this n would show (80% power, alpha .05)."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a reader, and for whoever wants the data of a chart."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its data; `ragkit.evaluation.report` says which columns each kind reads."""

    name: str
    kind: ChartKind
    title: str
    data: Table
    note: str = ""
    """What to see in it, in one sentence."""
    options: Mapping[str, Scalar] = field(default_factory=dict)
    """Names of axes, the noise band, reference lines."""


@dataclass(frozen=True, slots=True)
class JudgeCard:
    """How well a judge agrees with people, to stand beside every number that it gives."""

    judge: str
    tier: Tier
    data: str
    n: int
    threshold: float
    """Chosen on one half; the rest is measured on the other."""
    balanced_accuracy: float
    balanced_accuracy_low: float
    balanced_accuracy_high: float
    auroc: float
    baselines: Mapping[str, float] = field(default_factory=dict)
    """Balanced accuracy of answer length and the like."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a report shows."""

    measure: str
    """Hallucination, brittleness, memorisation or retrieval."""
    metrics: tuple[Metric, ...]
    sentence: str
    """What to take home."""
    charts: tuple[Chart, ...] = ()
    worst: tuple[str, ...] = ()
    """Keys of the outcomes to look at first."""
    errors: tuple[str, ...] = ()
    """Keys of the outcomes without an answer."""
    noise: Metric | None = None
    """How often the same prompt gives another verdict; no gate may be stricter."""
    judges: tuple[JudgeCard, ...] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    """What the run depends on: model, encoder, corpus, suite, seed, threads, versions."""
