"""Statistics against published examples, and against what scipy and scikit-learn compute."""

import math

import numpy as np
import pytest

from ragkit.evaluation.statistics import (
    accuracy_at_coverage,
    aurc,
    auroc,
    brier,
    cochran_q,
    expected_calibration_error,
    fisher_randomisation,
    fleiss_kappa,
    holm,
    jaccard,
    mcnemar_exact,
    pairwise_agreement,
    reliability_bins,
    risk_coverage,
    variance_components,
    wilson,
)


@pytest.mark.parametrize(("successes", "n"), [(0, 20), (1, 29), (15, 148), (81, 263), (20, 20)])
def test_wilson_is_that_of_scipy(successes, n):
    from scipy.stats import binomtest

    expected = binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson(successes, n)[1:3] == pytest.approx((expected.low, expected.high))


def test_mcnemar_is_the_binomial_test():
    from scipy.stats import binomtest

    for first, second in [(0, 1), (3, 9), (10, 10), (40, 22)]:
        expected = binomtest(first, first + second).pvalue
        assert mcnemar_exact(first, second) == pytest.approx(expected)


def test_holm_of_four():
    """0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 x 1 raised to the one before it."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()


def test_cochran_q_of_two_columns_is_mcnemar_without_correction():
    """Of 2 columns Q is (b - c)^2 / (b + c): here (6 - 2)^2 / 8 = 2."""
    table = [[1, 0]] * 6 + [[0, 1]] * 2 + [[1, 1]] * 5
    result = cochran_q(table)
    assert result.statistic == pytest.approx(2.0)
    assert result.p == pytest.approx(math.erfc(math.sqrt(2.0 / 2)))  # chi-squared of 1 degree


def test_cochran_q_leaves_out_what_is_not_whole():
    table = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 0, 1]]
    assert cochran_q([*table, [1.0, math.nan, 0.0]]) == cochran_q(table)
    assert cochran_q([[1, 1], [0, 0]]) is None
    assert cochran_q([]) is None


def test_fleiss_kappa_of_fleiss():
    """Ten subjects, fourteen raters, five categories: the example that is passed on most."""
    counts = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    assert fleiss_kappa(counts) == pytest.approx(0.210, abs=0.0005)
    assert fleiss_kappa([[3, 0], [3, 0]]) is None
    assert fleiss_kappa([[1, 0]]) is None


def test_agreement_of_pairs():
    """One of three pairs agrees, then all; a lone answer tells nothing."""
    assert pairwise_agreement([["a", "a", "b"], ["c", "c", None], ["d"]]) == pytest.approx(2 / 3)
    assert pairwise_agreement([["a"], []]) is None


def test_what_two_empty_sets_share_is_undefined():
    assert jaccard([], []) is None
    assert jaccard([1], []) == 0


def test_auroc_and_brier_are_those_of_scikit_learn():
    from sklearn.metrics import brier_score_loss, roc_auc_score

    numbers = np.random.default_rng(3)
    right = numbers.integers(0, 2, 300)
    scores = np.round(np.clip(right * 0.3 + numbers.random(300) * 0.7, 0, 1), 1)  # with many ties
    assert auroc(scores, right) == pytest.approx(roc_auc_score(right, scores))
    assert brier(scores, right) == pytest.approx(brier_score_loss(right, scores))
    assert auroc([0.5, 0.6], [1, 1]) is None


def test_calibration_by_hand():
    """Bins (.1, .2) with 0 of 2 and (.8, .9) with 1 of 2: errors .15 and .35, half each."""
    confidences, right = [0.1, 0.2, 0.8, 0.9], [0, 0, 1, 0]
    assert expected_calibration_error(confidences, right, bins=2) == pytest.approx(0.25)
    assert [part.n for part in reliability_bins(confidences, right, bins=10)] == [1, 1, 1, 1]
    with pytest.raises(ValueError, match="outside 0 to 1"):
        expected_calibration_error([-2.0], [1])


def test_a_perfect_confidence_leaves_no_calibration_error():
    numbers = np.random.default_rng(5)
    confidences = numbers.random(20_000)
    right = numbers.random(20_000) < confidences
    assert expected_calibration_error(confidences, right) < 0.015
    assert expected_calibration_error(confidences, ~right) > 0.4


def test_risk_and_coverage_by_hand():
    """Surest first: right, wrong, right, wrong; risks 0, 1/2, 1/3, 1/2."""
    confidences, right = [0.9, 0.8, 0.4, 0.1], [1, 0, 1, 0]
    assert [point.risk for point in risk_coverage(confidences, right)] == pytest.approx(
        [0, 1 / 2, 1 / 3, 1 / 2]
    )
    assert aurc(confidences, right) == pytest.approx(1 / 3)
    assert accuracy_at_coverage(confidences, right, 0.75) == pytest.approx(2 / 3)


@pytest.mark.parametrize("function", [aurc, brier, expected_calibration_error])
def test_the_order_of_answers_and_ties_does_not_matter(function):
    numbers = np.random.default_rng(7)
    confidences = numbers.integers(0, 4, 60) / 4
    right = numbers.integers(0, 2, 60)
    order = numbers.permutation(60)
    assert function(confidences, right) == pytest.approx(function(confidences[order], right[order]))
    assert function([], []) is None


def test_randomisation_of_few_pairs_tries_every_way():
    """1, 2 and 3 in one direction: of 8 ways 2 are as far from 0."""
    assert fisher_randomisation([0, 0, 0], [1, 2, 3]) == pytest.approx(0.25)
    assert fisher_randomisation([0, 0], [0, 0]) == 1.0
    assert fisher_randomisation([], []) is None


def test_randomisation_of_many_agrees_with_scipy():
    from scipy.stats import permutation_test

    numbers = np.random.default_rng(11)
    first = numbers.random(40)
    second = first + numbers.normal(0.05, 0.15, 40)

    def mean_of_differences(x, y, axis):
        return (x - y).mean(axis=axis)

    expected = permutation_test(
        (first, second),
        mean_of_differences,
        permutation_type="samples",
        n_resamples=9_999,
        rng=numbers,
    ).pvalue
    assert fisher_randomisation(first, second) == pytest.approx(expected, abs=0.02)


def test_variance_components_are_those_of_the_analysis_of_variance():
    """Mean squares of a whole table by hand; the same components."""
    numbers = np.random.default_rng(13)
    rows, columns = 30, 6
    table = (
        numbers.normal(0, 2, (rows, 1))
        + numbers.normal(0, 1, (1, columns))
        + numbers.normal(0, 0.5, (rows, columns))
    )
    grand = table.mean()
    by_row, by_column = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    mean_row = columns * ((by_row - grand) ** 2).sum() / (rows - 1)
    mean_column = rows * ((by_column - grand) ** 2).sum() / (columns - 1)
    rest = ((table - by_row - by_column + grand) ** 2).sum() / ((rows - 1) * (columns - 1))
    found = variance_components(table, ["typos"] * columns)[0]
    assert found.item == pytest.approx((mean_row - rest) / columns)
    assert found.level == pytest.approx((mean_column - rest) / rows)
    assert found.interaction == pytest.approx(rest)


def test_variance_components_survive_missing_values():
    """A table of which half is not asked still tells what it was made of."""
    numbers = np.random.default_rng(17)
    table = numbers.normal(0, 2, (400, 1)) + numbers.normal(0, 0.5, (400, 8))
    table += np.arange(8) / 2  # of variance 1.5
    table[numbers.random(table.shape) < 0.5] = np.nan
    found = variance_components(table, ["format"] * 8)[0]
    assert found.item == pytest.approx(4, rel=0.25)
    assert found.level == pytest.approx(1.5, rel=0.15)
    assert found.interaction == pytest.approx(0.25, rel=0.25)
    assert variance_components([[1.0]], ["base"]) == ()
