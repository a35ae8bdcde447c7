"""The fusion of scores, by hand and as properties."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.protocols import ScoredKey
from ragkit.retrieval import Ranking, fuse_scores

FLOAT = st.floats(0.01, 100)


@st.composite
def rankings(draw, *, most=12):
    keys = draw(st.lists(st.integers(0, 30), unique=True, max_size=most))
    scores = sorted(draw(st.lists(FLOAT, min_size=len(keys), max_size=len(keys))), reverse=True)
    floor = draw(st.sampled_from([None, 0.0]))
    return Ranking([ScoredKey(*pair) for pair in zip(keys, scores, strict=True)], floor)


def ranking(*pairs, floor=None):
    return Ranking([ScoredKey(key, score) for key, score in pairs], floor)


def keys_of(fused):
    return [key for key, _ in fused]


def test_by_hand():
    """Heights above the floor 4, 2, 0 among 30: mean 0.2, variance 20/30 - 0.04."""
    first = ranking((1, 5.0), (2, 3.0), (3, 1.0))
    second = ranking((2, 2.0), floor=0.0)
    first_unit = math.sqrt(20 / 30 - 0.04)
    second_unit = math.sqrt(4 / 30 - (2 / 30) ** 2)
    most = 4 / first_unit + 2 / second_unit
    assert dict(fuse_scores(first, second)) == pytest.approx(
        {1: 4 / first_unit / most, 2: (2 / first_unit + 2 / second_unit) / most, 3: 0.0}
    )


def test_first_in_every_ranking_scores_one():
    fused = fuse_scores(ranking((7, 0.8), (8, 0.1)), ranking((7, 9.0), floor=0.0))
    assert fused[0] == (7, pytest.approx(1.0))


def test_who_stands_out_has_more_say():
    """The best of one ranking is far above the others, in the other all are nearly alike."""
    alike = ranking(*((key, 1.0 - key / 100) for key in range(40)))
    telling = ranking((50, 9.0), *((key, 1.0 - key / 100) for key in range(51, 90)))
    assert keys_of(fuse_scores(alike, telling))[0] == 50


def test_the_unit_of_a_ranking_does_not_matter():
    dense = [(1, 0.9), (2, 0.5), (3, 0.1)]
    lexical = ranking((3, 7.0), (2, 4.0), floor=0.0)
    scaled = [(key, 100 * score + 3) for key, score in dense]
    plain = dict(fuse_scores(ranking(*dense), lexical))
    assert dict(fuse_scores(ranking(*scaled), lexical)) == pytest.approx(plain)


def test_ties_come_in_the_order_of_keys():
    same = ranking((9, 1.0), (3, 1.0), floor=0.0)
    assert fuse_scores(same, ranking()) == ((3, 1.0), (9, 1.0))
    assert keys_of(fuse_scores(ranking((9, 2.0)), ranking((3, 2.0)))) == [3, 9]


def test_nothing():
    assert fuse_scores() == ()
    assert fuse_scores(ranking(), ranking(floor=0.0)) == ()


def test_a_single_candidate_counts():
    """It is the first and the last of its ranking at once."""
    assert fuse_scores(ranking((4, 0.3))) == ((4, 1.0),)
    assert fuse_scores(ranking((4, 0.3)), ranking(floor=0.0)) == ((4, 1.0),)


@given(rankings())
def test_one_ranking_keeps_its_order(one):
    fused = dict(fuse_scores(one, ranking()))
    assert sorted(fused.values(), reverse=True) == [fused[key] for key, _ in one.scored]


@given(rankings(), rankings())
def test_best_first_each_key_once_between_0_and_1(first, second):
    fused = fuse_scores(first, second)
    scores = [score for _, score in fused]
    assert {key for key, _ in fused} == {key for key, _ in (*first.scored, *second.scored)}
    assert len(fused) == len(dict(fused))
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 + 1e-9 for score in scores)


@given(rankings(), rankings())
def test_the_order_of_the_rankings_does_not_matter(first, second):
    swapped = dict(fuse_scores(second, first))
    assert dict(fuse_scores(first, second)) == pytest.approx(swapped)


@given(rankings(), rankings())
def test_better_in_both_is_better_fused(first, second):
    fused = dict(fuse_scores(first, second))
    one, two = dict(first.scored), dict(second.scored)
    both = one.keys() & two.keys()
    for key in both:
        for other in both:
            if one[key] >= one[other] and two[key] >= two[other]:
                assert fused[key] >= fused[other] - 1e-9
