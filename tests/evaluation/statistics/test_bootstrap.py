"""Bootstrap intervals."""

import math
import random

import pytest

from ragkit.evaluation.statistics import bootstrap_mean


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
