"""Memorisation and retrieval tell models apart whose truth is known, in the direction they should.

Lines read as in `test_known_models`. Who reads and has learned nothing is "copies-first-source":
"always-right" knows its samples, and says the gold whatever a passage says. Retrieval over the
three courses is real; no model is loaded.
"""

from functools import cache, partial

import pytest

from ragkit.evaluation.measures import MEASURES
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.suites import load_suite
from ragkit.index import LocalIndex
from tests.evaluation.known_chains import EVALS, check_chain, index_corpus, rows_of, summarise_known

MEMORISATION = """
closed_book_hits           0 = always-right = copies-first-source = always-invents < memoriser = 1
prefers_original           0.5 = always-right = copies-first-source < memoriser = 1
auroc_original             0.5 = always-right = copies-first-source < memoriser = 1
delta_mean                 0 = always-right = copies-first-source < memoriser
recited_whole              0 = always-right = copies-first-source = always-invents < memoriser = 1
reads_original             0 = always-invents < copies-first-source < always-right = memoriser = 1
follows_swapped            0 = always-invents = memoriser < copies-first-source
keeps_original             0 = always-invents = copies-first-source < memoriser = 1
memorisation_ratio         0 = copies-first-source < memoriser = 1
"""
RETRIEVAL = """
right                      0 = always-invents = parrot < copies-first-source < always-right = 1
right_from_gold            0 = always-abstains = parrot < copies-first-source < always-right = 1
right_closed_book          0 = always-right = copies-first-source < memoriser
failures/withheld          0 = always-invents = copies-first-source < always-abstains
failures/reader_miss       0 = always-abstains < copies-first-source
failures/retrieval_miss    0 = always-abstains = always-invents = parrot
reader_misled              0 = always-invents = parrot < last-source-only
"""


@pytest.fixture(scope="module")
def summary_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    index_corpus(folder, load_suite("retrieval", evals_dir=EVALS).corpus)
    plan = PlanOptions(size="smoke")
    with LocalIndex(folder) as index:

        @cache
        def summarise(measure, model):
            suite = load_suite(measure, evals_dir=EVALS)
            tasks = MEASURES[measure].plan(suite.samples, plan)
            return summarise_known(
                model,
                MEASURES[measure],
                tasks,
                suite=suite,
                samples=suite.samples,
                index=index,
                plan=plan,
            )

        yield summarise


@pytest.mark.parametrize(
    ("measure", "metric", "chain"),
    [
        (measure, *row)
        for measure, table in (("memorisation", MEMORISATION), ("retrieval", RETRIEVAL))
        for row in rows_of(table)
    ],
)
def test_a_metric_tells_known_models_apart(summary_of, measure, metric, chain):
    check_chain(partial(summary_of, measure), metric, chain)
