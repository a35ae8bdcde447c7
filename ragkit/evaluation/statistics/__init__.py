"""How far a number measured on a sample can be trusted, and whether two of them differ."""

from ragkit.evaluation.statistics.agreement import fleiss_kappa, jaccard, pairwise_agreement
from ragkit.evaluation.statistics.bootstrap import (
    bootstrap_mean,
    bootstrap_statistic,
    cluster_bootstrap,
    ratio_bootstrap,
)
from ragkit.evaluation.statistics.calibration import (
    CoveragePoint,
    ReliabilityBin,
    accuracy_at_coverage,
    aurc,
    auroc,
    brier,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)
from ragkit.evaluation.statistics.differences import (
    Difference,
    detectable_difference,
    fisher_randomisation,
    paired_difference,
    unpaired_difference,
)
from ragkit.evaluation.statistics.estimates import Estimate, wilson
from ragkit.evaluation.statistics.spread import (
    Components,
    ExcessSpread,
    excess_spread,
    variance_components,
)
from ragkit.evaluation.statistics.verdicts import TestResult, cochran_q, holm, mcnemar_exact

__all__ = [
    "Components",
    "CoveragePoint",
    "Difference",
    "Estimate",
    "ExcessSpread",
    "ReliabilityBin",
    "TestResult",
    "accuracy_at_coverage",
    "aurc",
    "auroc",
    "bootstrap_mean",
    "bootstrap_statistic",
    "brier",
    "cluster_bootstrap",
    "cochran_q",
    "detectable_difference",
    "excess_spread",
    "expected_calibration_error",
    "fisher_randomisation",
    "fleiss_kappa",
    "holm",
    "jaccard",
    "mcnemar_exact",
    "paired_difference",
    "pairwise_agreement",
    "ratio_bootstrap",
    "reliability_bins",
    "risk_coverage",
    "unpaired_difference",
    "variance_components",
    "wilson",
]
