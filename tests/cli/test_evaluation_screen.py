"""What a run came to, as a terminal shows it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from ragkit.cli.render.console import THEME
from ragkit.cli.render.evaluation import print_summary
from tests.evaluation.report.runs import METRICS, make_run


def screen(run, *, width=100, report=None, every=False):
    console = Console(file=io.StringIO(), width=width, theme=THEME, markup=False, highlight=False)
    print_summary(console, run.summary, run.samples, run.scored, report=report, every=every)
    return console.file.getvalue()


def line_of(text, beginning):
    return next(line for line in text.splitlines() if line.startswith(beginning)).split()


def test_a_narrow_screen_has_the_model_below_the_shown_answer(tmp_path):
    text = screen(make_run(tmp_path), width=80)
    assert max(map(len, text.splitlines())) <= 80
    at = text.index("wrong and asserted")
    assert text.index("0.064", at) < text.index("the model alone", at) < text.index("0.612", at)


def test_beyond_the_headline_the_model_alone_is_shown_where_asked_for(tmp_path):
    few = screen(make_run(tmp_path), width=80)
    every = screen(make_run(tmp_path), width=80, every=True)
    assert few.count("the model alone  ") == 2
    assert every.count("the model alone  ") == 3


def test_a_screen_holds_the_first_groups_whole_and_says_what_is_left(tmp_path):
    run = make_run(tmp_path)
    metrics = [
        replace(METRICS[-1], name=f"{group}/{at}", title=f"{group} {at}", group=group)
        for group in ("headline", "speed", "memory", "sleep")
        for at in range(15)
    ]
    run = replace(run, summary=replace(run.summary, metrics=tuple(metrics)))
    few, every = screen(run), screen(run, every=True)
    assert "speed 14" in few
    assert "memory 0" not in few
    assert "30 more numbers: --all, or the page (memory, sleep)" in few
    assert "sleep 14" in every
    assert "--all" not in every


def test_a_baseline_is_named_once_where_it_stays_the_same(tmp_path):
    run = make_run(tmp_path)
    again = replace(METRICS[-2], name="aurc", title="AURC of support")
    other = replace(again, name="other", title="of length", baseline_name="chance")
    for metrics, count in (((METRICS[-2], again, other), 1), ((METRICS[-2], again), 0)):
        text = screen(replace(run, summary=replace(run.summary, metrics=metrics)))
        assert text.count("against answer length") == 1
        assert text.count("against chance") == count


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_columns_of_a_number(tmp_path, width):
    line = line_of(screen(make_run(tmp_path), width=width), "AUROC of support")
    assert line[3:] == ["0.830", "0.750–0.900", "99", "T1", "0.610", "+0.220", "better"]


def test_a_wide_screen_has_both_views_in_one_line(tmp_path):
    text = screen(make_run(tmp_path), width=120)
    line = line_of(text, "coverage")
    assert line[-6:] == ["0.530", "0.460–0.600", "0.980", "0.950–0.990", "188", "T0"]
    assert "the model alone" not in text


def test_what_is_undefined_is_a_dash_and_counted(tmp_path):
    run = make_run(tmp_path)
    metric = replace(METRICS[0], name="f1", title="citation F1", value=None, low=None, high=None)
    metric = replace(metric, n=0, undefined=7, baseline=None, view=None)
    text = screen(replace(run, summary=replace(run.summary, metrics=(metric,))))
    assert line_of(text, "citation F1") == ["citation", "F1", "–", "0+7–", "T0"]
    assert "7 more for which the number is undefined" not in text
    assert "undefined" in text


def test_what_to_look_at_and_what_failed(tmp_path):
    text = screen(make_run(tmp_path), report=tmp_path / "report.html")
    assert text.index("How deep is the lake?") < text.index("shown: The lake is 122 m deep. [1]")
    assert "right: The lake is 212 m deep." in text
    assert "1 question without an answer, counted as wrong" in text
    assert "the prompt does not fit the context window" in text
    assert "Noise floor 0.000" in text
    assert "balanced accuracy 0.580" in text
    assert str(tmp_path / "report.html") in text


def test_nothing_steers_the_terminal(tmp_path):
    text = screen(make_run(tmp_path))
    assert "<script>" in text  # what it says is shown
    assert not set(text) & {"\x1b", "\x00", "\u202e", "\ud800"}
