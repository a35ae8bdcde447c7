"""What the statistics promise, held against data whose truth is known because it was made."""

import time

import numpy as np
import pytest

from ragkit.evaluation.statistics import (
    cluster_bootstrap,
    detectable_difference,
    excess_spread,
    fisher_randomisation,
    paired_difference,
    ratio_bootstrap,
    wilson,
)

SETS = 400
"""Data sets of each simulation: the rate at which 95% holds then has a standard error of 1.1%."""


def clustered(numbers, clusters, share):
    """Return verdicts of 1 to 5 samples a base, some bases far easier than others."""
    of = np.repeat(np.arange(clusters), numbers.integers(1, 6, clusters))
    ease = numbers.beta(2 * share, 2 * (1 - share), clusters)[of]
    return (numbers.random(len(of)) < ease).astype(float), of, ease


def holds(estimate, truth):
    return estimate.low <= truth <= estimate.high


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_wilson_holds_the_truth_as_often_as_it_says(share):
    numbers = np.random.default_rng(1)
    held = sum(holds(wilson(int(one), 50), share) for one in numbers.binomial(50, share, 2000))
    assert 0.93 <= held / 2000 <= 0.98


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
@pytest.mark.parametrize("clusters", [4, 8, 20, 60])
def test_a_clustered_share_holds_it_too_even_of_few_bases(clusters, share):
    numbers = np.random.default_rng(2)
    held = 0
    for _ in range(SETS):
        values, of, _ = clustered(numbers, clusters, share)
        held += holds(cluster_bootstrap(values, of.tolist()), share)
    assert 0.92 <= held / SETS <= 0.995


def test_taken_for_independent_samples_of_a_base_would_promise_too_much():
    """The same data without clusters: what the clusters are for."""
    numbers = np.random.default_rng(2)
    held = 0
    for _ in range(SETS):
        values, _, _ = clustered(numbers, 60, 0.3)
        held += holds(cluster_bootstrap(values), 0.3)
    assert held / SETS < 0.9


@pytest.mark.parametrize("clusters", [6, 12, 60])
def test_the_mean_of_other_values_holds_it(clusters):
    numbers = np.random.default_rng(3)
    held = 0
    for _ in range(SETS):
        _, of, ease = clustered(numbers, clusters, 0.5)
        values = np.clip(ease + numbers.normal(0, 0.1, len(of)), -1, 2)
        held += holds(cluster_bootstrap(values, of.tolist(), resamples=1000), 0.5)
    assert 0.91 <= held / SETS <= 0.985


@pytest.mark.parametrize("clusters", [8, 12, 60])
def test_a_ratio_of_counts_holds_it(clusters):
    """As of citations: one to four an answer, of which some are right."""
    numbers = np.random.default_rng(4)
    held = 0
    for _ in range(SETS):
        _, of, ease = clustered(numbers, clusters, 0.3)
        under = numbers.integers(1, 5, len(of))
        held += holds(ratio_bootstrap(numbers.binomial(under, ease), under, of.tolist()), 0.3)
    assert 0.9 <= held / SETS <= 0.985


def test_a_difference_that_is_not_there_is_rarely_found():
    numbers = np.random.default_rng(5)
    held, small, halves = 0, 0, 0
    for _ in range(SETS):
        _, of, ease = clustered(numbers, 24, 0.5)
        noise = numbers.normal(0, 0.2, (2, len(of)))
        found = paired_difference(ease + noise[0], ease + noise[1], of.tolist(), resamples=1000)
        held, small, halves = held + holds(found, 0), small + (found.p < 0.05), halves + found.p
    assert 0.92 <= held / SETS <= 0.985
    assert 0.02 <= small / SETS <= 0.08
    assert halves / SETS == pytest.approx(0.5, abs=0.05)  # p is uniform


@pytest.mark.parametrize("clusters", [12, 40])
def test_a_detectable_difference_is_found_four_times_in_five(clusters):
    numbers = np.random.default_rng(6)
    of, found = np.repeat(np.arange(clusters), 3), 0
    for _ in range(SETS):
        noise = numbers.normal(0, 0.3, clusters)[of] + numbers.normal(0, 0.4, len(of))
        least = paired_difference(noise * 0, noise, of.tolist(), resamples=10).detectable
        p = fisher_randomisation(noise * 0, noise + least, clusters=of, permutations=500)
        found += p < 0.05
    assert 0.74 <= found / SETS <= 0.86


def test_the_detectable_difference_of_two_runs_of_a_hundred():
    """2.8 standard errors of a difference: 2.8 x sqrt(2 x 0.25 / 100) = 0.198."""
    assert detectable_difference(100) == pytest.approx(0.2, abs=0.005)
    assert detectable_difference([0.0, 1.0] * 50) == pytest.approx(detectable_difference(100))
    bases = [number // 10 for number in range(100)]
    alike = [float(base % 2) for base in bases]
    assert detectable_difference(alike, bases) > 3 * detectable_difference(100)
    assert detectable_difference(1) is None
    assert detectable_difference([1.0] * 9) is None
    assert detectable_difference([]) is None


def test_variants_that_are_one_have_no_spread_beyond_chance():
    """100 samples, 12 times the same: raw spreads of 9 to 17 points, and nothing beyond chance."""
    numbers = np.random.default_rng(7)
    found = [
        excess_spread(
            (numbers.random((100, 12)) < numbers.beta(1, 1, (100, 1))).astype(float),
            permutations=200,
        )
        for _ in range(200)
    ]
    excess = np.array([one.excess for one in found])
    assert abs(excess.mean()) <= 3 * excess.std() / np.sqrt(len(found))
    assert np.mean([one.spread for one in found]) > 0.1
    ps = np.array([one.p for one in found])
    assert (ps < 0.05).mean() <= 0.09
    assert 0.4 <= (ps < 0.5).mean() <= 0.6


def test_nor_where_most_are_not_asked():
    numbers = np.random.default_rng(8)
    excess = []
    for _ in range(200):
        table = (numbers.random((60, 8)) < numbers.random((60, 1))).astype(float)
        table[numbers.random(table.shape) < 0.7] = np.nan
        excess.append(excess_spread(table, permutations=100).excess)
    assert abs(np.mean(excess)) <= 3 * np.std(excess) / np.sqrt(len(excess))


def test_variants_that_differ_have():
    numbers = np.random.default_rng(9)
    levels = np.linspace(0.3, 0.7, 12)
    result = excess_spread((numbers.random((100, 12)) < levels).astype(float))
    assert result.excess > 0.15
    assert result.p < 0.01


def test_rows_of_a_base_that_move_together_are_permuted_together():
    """A wording that is bad for a base is bad for all five samples of it: not five findings."""
    numbers = np.random.default_rng(10)
    small, alone = 0, 0
    bases = np.repeat(np.arange(20), 5)
    for _ in range(100):
        table = (numbers.random((20, 6)) < 0.5).astype(float)[bases]
        small += excess_spread(table, permutations=100, clusters=bases.tolist()).p < 0.05
        alone += excess_spread(table, permutations=100).p < 0.05
    assert small / 100 <= 0.1
    assert alone / 100 > 0.3


def test_ten_thousand_draws_of_500_samples_take_well_under_a_second():
    numbers = np.random.default_rng(11)
    values = numbers.normal(size=500)
    start = time.process_time()
    cluster_bootstrap(values)
    assert time.process_time() - start < 1.0
