"""Brittleness tells models apart whose truth is known by construction, as the table says.

The table reads as that of test_known_models.py. A model that minds the place of the gold shows in
the axis "order" and nowhere else; one that is always right, or always abstains, shows nowhere.
"""

from functools import cache

import pytest

from ragkit.evaluation.measures import MEASURES
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.suites import load_suite
from ragkit.index import LocalIndex
from tests.evaluation.known_chains import EVALS, check_chain, index_corpus, rows_of, summarise_known

TABLE = """
right_base       0 = always-invents < always-abstains < always-right
right_variants   0 = always-invents < first-source-only < always-right
flip_rate        0 = always-right = always-abstains = always-invents < first-source-only
abstention_flips 0 = always-right = always-abstains = first-source-only < copies-first-source
performance_drop 0 = always-right < first-source-only
worst_variant    first-source-only < always-right = always-abstains = 0
agreement        first-source-only < always-right = always-abstains = 1
kappa            first-source-only < always-right = 1
citation_jaccard cites-by-number < always-right = 1
posix            0 = always-right = always-abstains < parrot

flip_rate/control      0 = always-right = first-source-only = copies-first-source = parrot
flip_rate/order        0 = always-right = always-abstains < first-source-only
flip_rate/format       0 = always-right = always-abstains = first-source-only < copies-first-source
flip_rate/instruction  0 = always-right = always-abstains = first-source-only = parrot
flip_rate/strategy     0 = always-right = always-abstains = first-source-only = always-invents
excess_spread/order    0 = always-right = always-abstains = always-invents < first-source-only
excess_spread/format   0 = always-right = always-abstains = first-source-only
excess_spread/strategy 0 = always-right = always-abstains = first-source-only
right/order            0 = always-invents < first-source-only < always-right
right/format           0 = always-invents < copies-first-source < always-right
"""
PLAN = PlanOptions(axes=("order", "format", "instruction", "strategy"), budget=150)


@cache
def suite():
    return load_suite("brittleness", evals_dir=EVALS)


@pytest.fixture(scope="module")
def summary_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    measure, samples = MEASURES["brittleness"], suite().samples
    index_corpus(folder, suite().corpus)
    tasks = measure.plan(samples, PLAN)
    with LocalIndex(folder) as index:

        @cache
        def summarise(name):
            return summarise_known(
                name, measure, tasks, suite=suite(), samples=samples, index=index, plan=PLAN
            )

        yield summarise


@pytest.mark.parametrize(("metric", "chain"), rows_of(TABLE))
def test_a_metric_tells_known_models_apart(summary_of, metric, chain):
    check_chain(summary_of, metric, chain)


def test_every_metric_is_in_the_table(summary_of):
    told = {metric for metric, _ in rows_of(TABLE)}
    names = {metric.name for metric in summary_of("always-right").metrics}
    assert names - told == {"excess_spread/instruction", "right/instruction", "right/strategy"}


def test_the_sentence_names_the_axis_that_a_model_minds(summary_of):
    assert "“order” (beyond noise)" in summary_of("first-source-only").sentence
    assert "order" not in summary_of("always-abstains").sentence
