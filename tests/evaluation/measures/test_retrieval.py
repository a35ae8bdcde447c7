"""The measure "retrieval": rankings by hand, the causes of failures, and the whole of a run."""

from dataclasses import replace

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.bench import SEARCHES, perform, search_variant
from ragkit.evaluation.measures.planning import BASE
from ragkit.evaluation.measures.retrieval import RetrievalMeasure
from ragkit.evaluation.measures.retrieval.attribution import Trail, find_cause, is_disputed
from ragkit.evaluation.measures.retrieval.rankings import cut_to, score_search
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import (
    GoldPlace,
    Outcome,
    Passage,
    Reading,
    Sample,
    Score,
    Scored,
)
from ragkit.evaluation.scoring import score_outcome
from ragkit.index import LocalIndex
from tests.evaluation.small_suite import ABSENT, CLOSED, HOMEWORK, NOISY, POOLING, bench_over
from tests.small_index import write_course

QUOTE = "The lake was formed 8,400 years ago."
ASKED = Sample(
    "age.answerable",
    "age",
    "answerable",
    "How old is the lake?",
    answers=("8,400 years",),
    gold=(GoldPlace("notes.md", 100, 100 + len(QUOTE), QUOTE),),
)
OTHER = Passage(1, "slides.pdf", 0, 50, "Nothing of it.", evidence=("Nothing of it.",))
HOLDS = Passage(2, "notes.md", 90, 200, f"Ice. {QUOTE} Sand.", evidence=(QUOTE,))
ALL = (POOLING, HOMEWORK, NOISY, CLOSED, ABSENT)


def searched(*passages, top_n=5, tokens=None):
    return Outcome(
        sample_id=ASKED.id,
        base_id="age",
        kind="answerable",
        variant="search/hybrid",
        axis="search",
        level="hybrid",
        call="search",
        question=ASKED.question,
        passages=passages,
        extra={"tokens": tokens or [100] * len(passages), "top_n": top_n},
    )


def answered(text, *passages, verdict="wrong", error=""):
    outcome = replace(
        searched(*passages),
        call="ask",
        variant="base",
        extra={},
        readings={"shown": Reading(text, abstained=verdict == "abstained")},
        error=error,
    )
    return Scored(outcome, {"shown": Score(verdict, right=verdict == "correct")})


def test_a_ranking_by_hand():
    scores = score_search(ASKED, searched(OTHER, HOLDS, OTHER, tokens=[500, 100, 10]))
    assert (scores["hit@1"], scores["hit@3"]) == (0.0, 1.0)
    assert scores["mrr@10"] == scores["map"] == 0.5
    assert scores["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)  # 1 / log2(3)
    assert scores["recall_in_512"] == 0.0, "12 tokens of the second passage end before the quote"
    assert scores["recall_in_1024"] == 1.0


def test_all_parts_are_needed_for_a_hit():
    second = GoldPlace("slides.pdf", 0, 14, "Nothing of it.", part=1)
    both = replace(ASKED, gold=(*ASKED.gold, second))
    far = Passage(9, "x.md", 0, 9, "far")
    scores = score_search(both, searched(HOLDS, far, far, OTHER))
    assert (scores["hit@3"], scores["recall@3"], scores["hit@5"]) == (0.0, 0.5, 1.0)
    assert scores["mrr@10"] == 1.0
    assert scores["map"] == pytest.approx((1 + 2 / 4) / 2)


def test_whole_documents_rank_by_their_best_passage_and_by_grade():
    gold = (GoldPlace("a", 0, 0, "", part=0, grade=2), GoldPlace("b", 0, 0, "", part=1))
    found = [Passage(n, d, n, n + 9, "") for n, d in enumerate(("x", "b", "b", "x", "a"), 1)]
    scores = score_search(replace(ASKED, gold=gold), searched(*found))
    assert scores["mrr@10"] == 0.5
    assert scores["recall@3"] == scores["hit@3"] == 1.0, "x, b, a"
    assert scores["map"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    expected = (1 / 1.58496 + 2 / 2) / (2 + 1 / 1.58496)
    assert scores["ndcg@10"] == pytest.approx(expected, abs=1e-4)


def test_what_failed_counts_and_what_has_no_gold_does_not():
    assert set(score_search(ASKED, replace(searched(), error="gone")).values()) == {0.0}
    assert set(score_search(ABSENT, searched(OTHER)).values()) == {None}
    assert set(score_search(ASKED, searched()).values()) == {0.0}


def test_the_last_passage_of_a_budget_is_cut():
    kept = cut_to([HOLDS, HOLDS], [100, 100], 150)
    assert [(one.start, one.end) for one in kept] == [(90, 200), (90, 145)]
    assert kept[1].text == HOLDS.text[:55]


@pytest.mark.parametrize(
    ("ranking", "scored", "cause"),
    [
        ([HOLDS], answered("8,400 years.", HOLDS, verdict="correct"), None),
        ([OTHER], answered("Old.", OTHER), "retrieval miss"),
        ([OTHER] * 5 + [HOLDS], answered("Old.", *[OTHER] * 5), "ranking miss"),
        ([HOLDS], answered("Old.", replace(HOLDS, evidence=("Sand.",))), "evidence miss"),
        ([HOLDS], answered("", HOLDS, verdict="abstained"), "withheld"),
        ([HOLDS], answered("Very old.", HOLDS), "reader miss"),
        ([HOLDS], answered("Not 9,000 but 8,400 years.", HOLDS), "scoring dispute"),
        ([OTHER], answered("Not 9,000 but 8,400 years.", OTHER), "scoring dispute"),
        ([HOLDS], answered("", HOLDS, error="no memory"), "error"),
    ],
)
def test_each_failure_has_the_first_cause_on_its_way(ranking, scored, cause):
    assert find_cause(Trail(ASKED, searched(*ranking), scored), "shown") == cause


def test_an_answer_with_another_number_is_no_dispute():
    assert not is_disputed(ASKED, "The lake was formed 5,200 years ago.")
    assert is_disputed(ASKED, "The lake was formed years ago."), "what the gold says, less a number"
    assert not is_disputed(replace(ASKED, sides=(("8,400",), ("9",))), "8,400 years")


def run(bench, measure, options, samples=ALL):
    tasks = measure.plan(samples, options)
    scored = [score_outcome(task.sample, perform(task, bench)) for task in tasks]
    return measure.summarise(samples, scored, options)


def test_a_plan_searches_for_all_and_asks_what_can_be_scored():
    measure = RetrievalMeasure()
    tasks = measure.plan((*ALL, replace(HOMEWORK, id="again", of=HOMEWORK.id)), PlanOptions())
    assert len({task.key for task in tasks}) == len(tasks)
    asked = {(task.sample.id, task.call) for task in tasks if task.call != "search"}
    both = {POOLING.id, HOMEWORK.id}
    assert asked == {(id_, call) for id_ in both for call in ("ask", "oracle", "closed-book")}
    ways = [task.sample.id for task in tasks if task.variant == search_variant("dense")]
    assert sorted(ways) == sorted([POOLING.id, HOMEWORK.id, ABSENT.id, "again"])
    few = measure.plan(ALL, PlanOptions(budget=7))
    assert len(few) in (3, 6)
    assert few == measure.plan(ALL, PlanOptions(budget=7))
    assert {task.sample.size for task in measure.plan(ALL, PlanOptions(size="smoke"))} == {"smoke"}
    with pytest.raises(UsageError, match="where its answer stands"):
        measure.plan([ABSENT], PlanOptions())


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as opened:
        yield opened


def test_a_whole_run(index):
    summary = run(bench_over(index), RetrievalMeasure(), PlanOptions())
    told = {(metric.name, metric.view): metric for metric in summary.metrics}
    assert len(told) == len(summary.metrics), "each name once in a view"
    assert told["hit@1", None].value == 1.0
    assert told["hit@1", None].n == 2
    assert told["right", "shown"].value == 1.0
    assert told["right_closed_book", "model"].value == 0.0
    assert told["failures/reader_miss", "shown"].value is None, "no failure, no share"
    assert told["auroc_sufficiency", None].baseline_name == "best cosine"
    assert {f"ndcg@10/{way}" for way in ("lexical", "dense")} <= {name for name, _ in told}
    assert summary.sentence.startswith("The first five passages hold the answer for 100%")
    assert {chart.name for chart in summary.charts} >= {"searches", "failures-shown", "way"}
    assert summary.errors == ()


def test_a_model_that_invents_is_a_reader_that_misses(index):
    summary = run(bench_over(index, "invent"), RetrievalMeasure(), PlanOptions())
    told = {(metric.name, metric.view): metric for metric in summary.metrics}
    assert told["failures/reader_miss", "model"].value == 1.0
    assert told["failures/reader_miss", "model"].n == 2
    assert "2 reader misses" in summary.sentence
    assert set(summary.worst) <= {f"{s.id}|{BASE.id}|ask" for s in (POOLING, HOMEWORK)}


def test_an_index_without_the_gold_is_a_retrieval_miss(index):
    lost = replace(POOLING, gold=(GoldPlace("lecture.pdf", 900, 950, "It is not in there."),))
    summary = run(bench_over(index, "invent"), RetrievalMeasure(), PlanOptions(), [lost])
    told = {(metric.name, metric.view): metric for metric in summary.metrics}
    assert told["hit@10", None].value == 0.0
    assert told["failures/retrieval_miss", "model"].value == 1.0
    assert len(summary.errors) == 1, "no gold passage to answer from"


def test_every_way_of_searching_is_measured(index):
    summary = run(bench_over(index), RetrievalMeasure(), PlanOptions())
    (bars,) = (chart for chart in summary.charts if chart.name == "searches")
    assert [row[0] for row in bars.data.rows] == list(SEARCHES)
