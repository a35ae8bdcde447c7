"""One sentence: has the model learned these documents? Without pairs there is no verdict."""

from collections.abc import Mapping

from ragkit.evaluation.records import Metric

LUCK = 0.01
"""By how much an interval has to lie above chance for something to be recalled. Chance is told from
answers to other questions, which miss that a question may have few likely answers. Source: of 84
invented facts, which nothing can have learned, the bundled model hit one: .012 [.002, .065]."""


def word_verdict(told: Mapping[str, Metric]) -> str:
    """Return what the numbers come to.

    That a model finds originals likelier than their twins may come from the values themselves,
    some of which are commoner than others; that it also answers or recites them cannot. Both
    together are memory; without the pairs nothing is said.

    Args:
        told: Metrics by name.
    """
    why = _why_none(told)
    if why:
        return f"No verdict: {why}."
    preferred = told["prefers_original"]
    pairs = _pairs_of(preferred)
    prefers = _above(preferred)
    recalled = [
        f"{_share(told[name])} {title} ({_baseline(told[name])} by chance)"
        for name, title in (
            ("closed_book_hits", "right without documents"),
            ("recited_value", "of the values recited"),
        )
        if name in told and _above(told[name], by=LUCK)
    ]
    if prefers and recalled:
        return f"The model has learned these texts: {pairs} (50% by chance), {', '.join(recalled)}."
    if prefers:
        return (
            f"The model finds {pairs} (50% by chance), yet neither answers nor recites them: it "
            "may have learned them a little, or the values may be the commoner ones."
        )
    if recalled:
        return (
            f"The model recalls something: {', '.join(recalled)}; but it finds no more than chance "
            f"would of the originals likelier ({pairs})."
        )
    return f"No sign that the model has learned these texts: {pairs} (50% by chance)."


def _why_none(told: Mapping[str, Metric]) -> str:
    """Return why nothing can be said; empty where something can."""
    preferred = told.get("prefers_original")
    if preferred is None or preferred.value is None:
        return (
            "there is no pair of a sentence and its swapped twin whose likelihood this model tells"
        )
    if preferred.low is None:
        return f"{_pairs_of(preferred)}, which is too few to tell from chance"
    control = told["prefers_original_informed"]
    if _above(control):
        return ""
    return (
        "even after reading a sentence this model does not find it likelier than its twin "
        f"({_share(control)}), so that likelihood tells nothing"
    )


def _pairs_of(preferred: Metric) -> str:
    return f"{_share(preferred)} of {preferred.n} originals likelier than their twins"


def _above(metric: Metric, *, by: float = 0.0) -> bool:
    """Say whether the whole interval lies above the baseline, by more than a margin."""
    if metric.low is None or metric.baseline is None:
        return False
    return metric.low > metric.baseline + by


def _share(metric: Metric) -> str:
    return "no number" if metric.value is None else f"{metric.value:.0%}"


def _baseline(metric: Metric) -> str:
    return "none" if metric.baseline is None else f"{metric.baseline:.0%}"
