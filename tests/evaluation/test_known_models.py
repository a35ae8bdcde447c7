"""Every metric tells models apart whose truth is known by construction, as the table says.

A line holds a metric and a chain: what stands left of "<" is less, left of "=" the same. Numbers
stand for themselves. All are of what the model says, unchecked, and no model is loaded: the rules
read the same prompts, which real retrieval over the three courses makes.
"""

from functools import cache

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.known import KNOWN, Reader, open_known
from ragkit.evaluation.measures import MEASURES
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.suites import load_suite
from ragkit.index import LocalIndex
from ragkit.records import Message
from tests.evaluation.known_chains import (
    EVALS,
    check_chain,
    index_corpus,
    rows_of,
    summarise_known,
    value_of,
)

HALLUCINATION = """
wrong_and_asserted    0 = always-right = always-abstains < yes-sayer < knows-the-world
wrong_and_asserted    knows-the-world < never-abstains < copies-first-source < always-invents
wrong_and_asserted    always-invents = format-only = parrot = 1
coverage              0 = always-abstains < always-right < never-abstains = always-invents = 1
right                 0 = always-invents = parrot = format-only < always-abstains
right                 always-abstains < never-abstains < always-right = 1

abstention_precision  always-abstains < always-right = 1
abstention_recall     0 = never-abstains < knows-the-world < always-right = always-abstains = 1
abstention_f1         0 = never-abstains < always-abstains < knows-the-world < always-right = 1
over_refusal          0 = always-right = never-abstains = always-invents < always-abstains = 1

right/answerable         0 = always-abstains = format-only < copies-first-source < always-right = 1
right/counterfactual     0 = knows-the-world = always-abstains < always-right = 1
right/conflicting        0 = copies-first-source = memoriser < always-right = 1
right/false-premise      0 = yes-sayer = always-invents < always-right = always-abstains = 1
right/leak               0 = knows-the-world = never-abstains < always-right = always-abstains = 1
right/unanswerable-near  0 = never-abstains = copies-first-source < always-right = 1
right/unanswerable-far   0 = never-abstains = copies-first-source < always-right = 1

hallucinated                   0 = always-right = always-abstains < yes-sayer < never-abstains
hallucinated                   never-abstains < always-invents = parrot = format-only = 1
hallucinated/fabrication       0 = always-right = yes-sayer < never-abstains
hallucinated/contradiction     0 = always-right = never-abstains < format-only
hallucinated/leakage           0 = always-right = always-invents < knows-the-world
hallucinated/premise-accepted  0 = always-right = knows-the-world < yes-sayer
hallucinated/wrong-citation    0 = always-right = always-invents < cites-by-number
groundedness                   0 = always-invents = parrot = format-only < never-abstains
groundedness                   never-abstains < always-right = copies-first-source = 1

citation_precision  0 = always-invents < last-source-only < always-right = 1
citation_recall     0 = parrot = always-invents < copies-first-source < always-right = 1
citation_f1         0 = parrot = always-invents < copies-first-source < always-right = 1
citation_validity   0 = always-invents < never-abstains < always-right = format-only = 1
citation_coverage   0 = parrot < copies-first-source < always-right = 1
citation_support    0 = format-only = always-invents < cites-by-number < always-right = 1
citations_follow    0 = cites-by-number < always-right = 1
renumbering_flips   0 = always-right = cites-by-number < first-source-only

follows_document    0 = knows-the-world = always-invents < always-right = 1
memorisation_ratio  0 = always-right = copies-first-source < knows-the-world = 1
closed_book         0 = always-right = always-abstains = always-invents < memoriser = 1
open_book           0 = always-abstains = always-invents < always-right = memoriser = 1
book_gap            0 = memoriser = always-abstains < copies-first-source < always-right = 1
book_lift           0 = always-abstains < copies-first-source < always-right = 1
open_where_unknown  0 = always-abstains < copies-first-source < always-right = 1

right_among/0       0 = format-only < last-source-only = always-right = 1
right_among/8       0 = format-only = last-source-only < always-right = 1
noise_cost          0 = always-right = always-invents < last-source-only = 1

auroc/support       copies-first-source = 0.5 < yes-sayer = never-abstains = 1
aurc/support        0 = always-right < never-abstains < copies-first-source < always-invents = 1
accuracy_at_80/support  0 = always-invents < copies-first-source < never-abstains < always-right = 1
brier/support       0 = always-right = never-abstains = yes-sayer < copies-first-source
ece/support         0 = always-right = never-abstains = yes-sayer < copies-first-source
"""
NOISY = ("sci-age", "hum-barn", "eng-brakeinterval")
"""Bases whose items with 0 and 8 distractors are asked beside those of the smoke size."""


@cache
def suite():
    return load_suite("hallucination", evals_dir=EVALS)


@cache
def samples():
    return tuple(
        sample
        for sample in suite().samples
        if sample.size == "smoke" or (sample.distractors in (0, 8) and sample.base_id in NOISY)
    )


@pytest.fixture(scope="module")
def summary_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    measure = MEASURES["hallucination"]
    index_corpus(folder, suite().corpus)
    planned = measure.plan(samples(), PlanOptions())
    tasks = [task for task in planned if task.call != "samples"]
    with LocalIndex(folder) as index:

        @cache
        def summarise(name):
            return summarise_known(
                name, measure, tasks, suite=suite(), samples=samples(), index=index
            )

        yield summarise


@pytest.mark.parametrize(("metric", "chain"), rows_of(HALLUCINATION))
def test_a_metric_tells_known_models_apart(summary_of, metric, chain):
    check_chain(summary_of, metric, chain)


def test_every_metric_is_in_the_table(summary_of):
    """So that a new one is told apart, too; but for those of signals that rules do not have."""
    told = {metric for metric, _ in rows_of(HALLUCINATION)}
    names = {metric.name for metric in summary_of("never-abstains").metrics}
    signals = {name for name in names if name.endswith("/sufficiency")}  # the same for all models
    assert names - signals - told == {"right/noisy", "right_among/4"}


def test_the_check_takes_most_of_what_is_made_up_away(summary_of):
    for name in ("always-invents", "parrot", "format-only"):
        summary = summary_of(name)
        assert value_of(summary, "wrong_and_asserted") == 1
        assert value_of(summary, "wrong_and_asserted", "shown") < 0.5
        assert value_of(summary, "hallucinated", "shown") == 0


def test_a_summary_says_what_to_take_home(summary_of):
    summary = summary_of("never-abstains")
    asked = sum(sample.kind != "closed-book" for sample in samples())
    assert summary.sentence.startswith(f"Of {asked} questions")
    assert "the model alone, unchecked, is wrong on" in summary.sentence
    assert len(summary.worst) <= 5
    charts = {chart.name for chart in summary.charts}
    assert charts >= {"abstention-shown", "abstention-model", "kinds", "hallucinations", "noise"}
    for chart in summary.charts:
        assert all(len(row) == len(chart.data.columns) for row in chart.data.rows), chart.name


def test_the_abstention_table_counts_every_question_once(summary_of):
    summary = summary_of("always-right")
    chart = next(chart for chart in summary.charts if chart.name == "abstention-model")
    asked = [sample for sample in samples() if sample.kind != "closed-book"]
    wanting = sum(sample.wants_answer for sample in asked)
    premises = sum(sample.kind == "false-premise" for sample in asked)
    others = len(asked) - wanting - premises
    assert chart.data.rows == (
        ("answerable", wanting, 0, 0),
        ("not answerable", premises, 0, others),
    )


def test_a_model_of_another_name_is_none():
    with pytest.raises(UsageError, match="always-rong"):
        open_known("always-rong", samples())
    assert {open_known(name, samples()).info.name for name in KNOWN} == {
        f"scripted:{name}" for name in KNOWN
    }


@pytest.mark.parametrize(
    "text",
    [
        "[1] (a.md) Water.\n\nQuestion: How old is Lake Vurdemmer?\nAnswer:",
        "SOURCE [1]: a.md | Water.\nQ: HOW OLD IS LAKE VURDEMMER?\nA:",
        "- [1] Water.\nQuestion: How odl is Lake Vurdemmer?",
    ],
)
def test_a_question_is_found_in_a_prompt_of_any_form(text):
    asked = Reader(suite().samples).read([Message("system", "Hello."), Message("user", text)])
    assert asked.sample.base_id == "sci-age"
    assert [source.number for source in asked.sources] == [1]


def test_a_memoriser_finds_what_it_has_read_likelier_than_its_twin():
    samples = load_suite("memorisation", evals_dir=EVALS).samples
    twin = next(sample.twin for sample in samples if sample.twin)
    asked = [Message("user", "Write a sentence.")]

    def likelihoods(name):
        scores = open_known(name, samples).score_continuations(asked, (twin.original, twin.swapped))
        return [sum(of_text) for of_text in scores]

    original, swapped = likelihoods("memoriser")
    assert original > swapped
    original, swapped = likelihoods("always-right")
    assert original == swapped
