"""Metrics of rankings: by hand, and against values of a published evaluator."""

import json
from pathlib import Path

import pytest

from ragkit.evaluation.ranking import (
    average_precision,
    hit_at,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)

GRADES = {
    "q0": {"d7": 3, "d11": 1, "d13": 3},
    "q1": {"d0": 1, "d9": 2, "d4": 1},
    "q2": {"d14": 1, "d12": 1, "d1": 2, "d5": 2, "d11": 3, "d13": 1},
    "q3": {"d12": 3, "d2": 2, "d0": 3},
}
RANKINGS = {
    "q0": "d14 d10 d8 d15 d9 d4 d13 d11 d12 d1 d0".split(),
    "q1": "d1 d9 d10 d2 d13 d5 d14 d7 d6 d8 d4".split(),
    "q2": "d7 d6 d13 d4 d12 d5 d11 d0 d1 d2 d9 d3 d8 d10".split(),
    "q3": "d7 d12 d14 d6 d0 d9 d2 d3 d11 d1 d10".split(),
}
# Source: ranx 0.3.21 (Bassani 2022) on the same rankings and grades, one value a query.
PUBLISHED = {
    "ndcg@10": [0.24393, 0.40303, 0.497441, 0.631282],
    "ndcg@3": [0.0, 0.40303, 0.095023, 0.321204],
    "recall@10": [0.666667, 0.333333, 0.833333, 1.0],
    "recall@3": [0.0, 0.333333, 0.166667, 0.333333],
    "mrr": [0.142857, 0.5, 0.333333, 0.5],
}

METRICS = {
    "ndcg@10": lambda ranking, grades: ndcg_at(ranking, grades, depth=10),
    "ndcg@3": lambda ranking, grades: ndcg_at(ranking, grades, depth=3),
    "recall@10": lambda ranking, grades: recall_at(ranking, grades, depth=10),
    "recall@3": lambda ranking, grades: recall_at(ranking, grades, depth=3),
    "mrr": reciprocal_rank,
    "recall@1": lambda ranking, grades: recall_at(ranking, grades, depth=1),
    "recall@5": lambda ranking, grades: recall_at(ranking, grades, depth=5),
    "mrr@10": lambda ranking, grades: reciprocal_rank(ranking, grades, depth=10),
    "map": average_precision,
    **{
        f"hit@{depth}": lambda ranking, grades, depth=depth: hit_at(ranking, grades, depth=depth)
        for depth in (1, 3, 5, 10)
    },
}
TREC = json.loads((Path(__file__).parent / "published_rankings.json").read_text("utf-8"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_agrees_with_a_published_evaluator(name):
    values = [METRICS[name](RANKINGS[query], GRADES[query]) for query in GRADES]
    assert values == pytest.approx(PUBLISHED[name], abs=1e-6)


@pytest.mark.parametrize("name", TREC["values"])
def test_agrees_with_trec_eval(name):
    """On rankings made of tied scores, with grades; the file says how it came about."""
    values = [
        METRICS[name](ranking.split(), TREC["grades"][query])
        for query, ranking in TREC["rankings"].items()
    ]
    assert values == pytest.approx(TREC["values"][name], abs=1e-6)


def test_a_perfect_and_an_empty_ranking():
    grades = {"a": 2, "b": 1}
    assert ndcg_at(["a", "b"], grades, depth=10) == pytest.approx(1.0)
    assert ndcg_at(["b", "a"], grades, depth=10) < 1.0
    assert ndcg_at([], grades, depth=10) == 0.0
    assert recall_at([], grades, depth=10) == 0.0
    assert reciprocal_rank([], grades) == average_precision([], grades) == 0.0
    assert hit_at([], grades, depth=10) == 0.0
    assert average_precision(["b", "a", "x"], grades) == 1.0


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_nothing_relevant_leaves_it_undefined(metric):
    assert metric(["a"], {}) is None


def test_more_relevant_than_places():
    """Two places can hold two of the three: that is the best there is."""
    assert ndcg_at(["a", "b"], {"a": 1, "b": 1, "c": 1}, depth=2) == pytest.approx(1.0)
    assert recall_at(["a", "b"], {"a": 1, "b": 1, "c": 1}, depth=2) == pytest.approx(2 / 3)
