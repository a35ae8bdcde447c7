"""Reciprocal rank fusion, by hand and as properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.retrieval import fuse_ranks
from ragkit.retrieval.fusion import RANK_CONSTANT

RANKING = st.lists(st.integers(0, 30), unique=True, max_size=12)
RANKINGS = st.lists(RANKING, min_size=1, max_size=2)


def test_by_hand():
    """With constant 1, ranks 1, 2, 3 weigh 1/2, 1/3, 1/4; two rankings make at most 1/2 + 1/2."""
    fused = fuse_ranks([[10, 20, 30], [20, 40]], constant=1)
    assert [key for key, _ in fused] == [20, 10, 40, 30]
    assert dict(fused) == pytest.approx({20: 1 / 3 + 1 / 2, 10: 1 / 2, 40: 1 / 3, 30: 1 / 4})


def test_first_in_every_ranking_scores_one():
    assert dict(fuse_ranks([[7, 8], [7]]))[7] == pytest.approx(1.0)
    assert dict(fuse_ranks([[7], [7], [7]]))[7] == pytest.approx(1.0)


def test_ties_come_in_the_order_of_keys():
    assert [key for key, _ in fuse_ranks([[9], [3]])] == [3, 9]
    assert [key for key, _ in fuse_ranks([[9, 3], [3, 9]])] == [3, 9]


def test_nothing():
    assert fuse_ranks([]) == ()
    assert fuse_ranks([[], []]) == ()


def test_one_ranking_keeps_its_order():
    assert [key for key, _ in fuse_ranks([[5, 1, 3], []])] == [5, 1, 3]


@given(RANKINGS)
def test_best_first_each_key_once_between_0_and_1(rankings):
    fused = fuse_ranks(rankings)
    scores = [score for _, score in fused]
    assert {key for key, _ in fused} == {key for ranking in rankings for key in ranking}
    assert len(fused) == len(dict(fused))
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 + 1e-9 for score in scores)


@given(RANKING, RANKING)
def test_the_order_of_the_rankings_does_not_matter(dense, lexical):
    assert fuse_ranks([dense, lexical]) == fuse_ranks([lexical, dense])


@given(RANKING, RANKING, st.data())
def test_a_better_rank_never_lowers_a_score(dense, lexical, data):
    """Moving a key up one place raises it, and no key but the one that it passes falls."""
    if len(dense) < 2:
        return
    at = data.draw(st.integers(1, len(dense) - 1))
    moved = [*dense[: at - 1], dense[at], dense[at - 1], *dense[at + 1 :]]
    before, after = dict(fuse_ranks([dense, lexical])), dict(fuse_ranks([moved, lexical]))
    assert after[dense[at]] > before[dense[at]]
    assert after[dense[at - 1]] < before[dense[at - 1]]
    others = before.keys() - {dense[at], dense[at - 1]}
    assert {key: after[key] for key in others} == {key: before[key] for key in others}


def test_a_small_constant_favours_the_top():
    """Once at the top, or twice in fourth place: the constant decides which is better."""
    rankings = [[1, 8, 7, 2], [5, 6, 4, 2]]
    assert fuse_ranks(rankings, constant=0)[0][0] == 1
    assert fuse_ranks(rankings, constant=RANK_CONSTANT)[0][0] == 2
