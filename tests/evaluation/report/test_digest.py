"""What a report shows, before it has a look."""

from dataclasses import replace

import pytest

from ragkit.evaluation.records import Metric, Sample
from ragkit.evaluation.report import group_metrics, headline_rows, standing_of, worst_looks
from ragkit.evaluation.report.looking import right_text
from tests.evaluation.report.runs import PASSAGE, SCORED, make_run


def test_the_headline_comes_first_and_each_number_once(tmp_path):
    metrics = make_run(tmp_path).summary.metrics
    groups = group_metrics(reversed(metrics))
    assert groups[0].name == "headline"
    told = [metric for group in groups for row in group.rows for metric in row if metric]
    assert sorted(told, key=repr) == sorted(metrics, key=repr)


@pytest.mark.parametrize(
    ("better", "low", "high", "standing"),
    [
        ("higher", 0.6, 0.8, "better"),
        ("lower", 0.6, 0.8, "worse"),
        ("higher", 0.2, 0.4, "worse"),
        ("lower", 0.2, 0.4, "better"),
        ("lower", 0.4, 0.6, "no difference"),
        ("higher", 0.5, 0.6, "no difference"),  # at its very edge
        ("", 0.6, 0.8, ""),
        ("higher", None, None, ""),
    ],
)
def test_how_a_number_stands_to_its_baseline(better, low, high, standing):
    metric = Metric("m", "m", 0.5, low, high, better=better, baseline=0.5)
    assert standing_of(metric) == standing


def test_without_a_headline_the_first_numbers_are_it(tmp_path):
    summary = make_run(tmp_path).summary
    plain = tuple(replace(metric, group="") for metric in summary.metrics)
    assert [row.main.name for row in headline_rows(replace(summary, metrics=plain))] == [
        "wrong_and_asserted",
        "coverage",
        "abstention_f1",
    ]
    assert headline_rows(replace(summary, metrics=())) == ()


def test_a_look_holds_what_was_cited_and_where_the_answer_stands(tmp_path):
    run = make_run(tmp_path)
    look = worst_looks(run.summary, run.samples, run.scored)[0]
    assert (look.shown, look.right) == ("The lake is 122 m deep. [1]", "The lake is 212 m deep.")
    assert look.said == ""  # the same words
    assert look.passages == (PASSAGE,)
    assert look.gold == (("science/notes.md, page 2", "The lake is 212 m deep."),)
    assert look.labels == ("hallucination: fabrication",)


def test_what_is_gone_from_a_run_is_not_looked_at(tmp_path):
    run = make_run(tmp_path)
    assert worst_looks(run.summary, (), ()) == ()
    assert worst_looks(run.summary, (), SCORED)[0].right == ""


@pytest.mark.parametrize(
    ("facts", "right"),
    [
        ({"kind": "answerable", "answers": ("7", "seven")}, "7 or seven"),
        ({"kind": "leak", "answers": ()}, "To say that the documents do not hold it."),
        ({"kind": "conflicting", "sides": (("7",), ("8", "eight"))}, "Both: 7 and 8"),
        (
            {"kind": "false-premise", "premise": "the lake is salt", "correction": ("fresh",)},
            "To say that “the lake is salt” is wrong (fresh).",
        ),
    ],
)
def test_what_is_right_depends_on_the_kind(facts, right):
    assert right_text(Sample("a", "a", question="?", **facts)) == right
