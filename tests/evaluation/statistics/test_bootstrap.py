"""Bootstrap intervals."""

import math
import random

import pytest

from ragkit.evaluation.statistics import (
    bootstrap_mean,
    bootstrap_statistic,
    cluster_bootstrap,
    ratio_bootstrap,
    wilson,
)


def test_no_values_have_no_mean():
    assert bootstrap_mean([]) is None


def test_the_interval_of_a_share_is_that_of_the_normal_approximation():
    """50 of 100: 0.5 plus or minus 1.96 x 0.05."""
    estimate = bootstrap_mean([0.0, 1.0] * 50)
    assert (estimate.mean, estimate.n) == (0.5, 100)
    assert estimate.low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.015)
    assert estimate.high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.015)


def test_same_values_and_seed_same_interval():
    assert bootstrap_mean([0.1, 0.5, 0.9]) == bootstrap_mean([0.1, 0.5, 0.9])


def test_it_holds_the_true_mean_about_as_often_as_it_says():
    """Of 200 samples of 60 from a uniform distribution, whose mean is a half."""
    numbers = random.Random(1)
    held = 0
    for _ in range(200):
        estimate = bootstrap_mean([numbers.random() for _ in range(60)])
        held += estimate.low <= 0.5 <= estimate.high
    assert 0.9 <= held / 200 <= 0.99


def test_more_values_narrow_it():
    few, many = bootstrap_mean([0.0, 1.0] * 10), bootstrap_mean([0.0, 1.0] * 1000)
    assert many.high - many.low < (few.high - few.low) / 5


def test_shown_with_its_interval():
    assert str(bootstrap_mean([0.25, 0.25])) == "0.250 [0.250, 0.250]"
    assert math.isclose(bootstrap_mean([0.25]).mean, 0.25)


def test_a_single_base_tells_nothing_of_its_uncertainty():
    estimate = cluster_bootstrap([0.0, 1.0, 1.0], ["age", "age", "age"])
    assert (estimate.low, estimate.high, estimate.n) == (None, None, 3)
    assert str(estimate) == "0.667"


def test_nothing_wrong_in_twenty_bases_is_not_certainty():
    """The interval of 0 of 20, however many samples each base has."""
    estimate = cluster_bootstrap([0.0] * 100, [number // 5 for number in range(100)])
    assert (estimate.mean, estimate.low, estimate.n) == (0.0, 0.0, 100)
    assert estimate.high == pytest.approx(wilson(0, 20).high)


def test_names_of_clusters_do_not_matter_nor_does_order_of_samples():
    values, bases = [0.1, 0.9, 0.4, 0.5, 0.2], ["a", "a", "b", "c", "c"]
    first = cluster_bootstrap(values, bases)
    assert first == cluster_bootstrap(values, [5, 5, (1,), None, None])
    with pytest.raises(ValueError, match="5 values but 1 clusters"):
        cluster_bootstrap(values, ["a"])


def test_a_ratio_without_denominators_is_undefined():
    assert ratio_bootstrap([0, 0], [0, 0]) is None
    assert ratio_bootstrap([], []) is None
    assert ratio_bootstrap([1, 0, 0], [1, 0, 1], ["a", "b", "c"]).n == 2


def test_a_statistic_of_a_table_has_the_interval_of_its_mean():
    """The mean, given as any function: as wide as where it is known to be a mean."""
    numbers = random.Random(3)
    rows = [[numbers.random()] for _ in range(50)]
    found = bootstrap_statistic(rows, None, lambda table: float(table.mean()))
    expected = cluster_bootstrap([row[0] for row in rows])
    assert found[:3] == pytest.approx(expected[:3], abs=0.01)


def test_a_statistic_that_is_mostly_undefined_has_no_interval():
    rows = [[0.0]] * 9 + [[1.0]]

    def only_with_all(table):
        return 1.0 if (table == 1).sum() == 1 else None

    assert bootstrap_statistic(rows, None, only_with_all)[:3] == (1.0, None, None)
    assert bootstrap_statistic(rows, None, lambda table: None) is None
