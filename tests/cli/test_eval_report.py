"""`ragkit eval report`: the page of a run, written by the run and again when asked."""

import json
import stat

import pytest

from tests.small_project import run_process

ROW = {"kind": "closed-book", "type": "number"}
ROWS = (
    {**ROW, "id": "two", "question": "What is one and one?", "answers": ["2"]},
    {**ROW, "id": "five", "question": "What is two and 3? <script>", "answers": ["5"]},
)


@pytest.fixture
def runs(indexed, ragkit):
    """The folder of the runs of a project, with one in it."""
    folder = indexed / "evals" / "sums"
    folder.mkdir(parents=True)
    (folder / "samples.jsonl").write_text("\n".join(map(json.dumps, ROWS)))
    (folder / "suite.toml").write_text('name = "sums"\nmeasures = ["reasoning"]\n')
    assert ragkit("eval", "run", "sums", "--model", "scripted:echo", "--out", "first").code == 0
    return indexed / "evals/runs"


def test_a_run_writes_its_page_and_report_the_same_again(runs, ragkit):
    page = runs / "first/report.html"
    before = page.read_text("utf-8")
    page.unlink()
    done = ragkit("eval", "report")
    assert (done.code, done.err) == (0, "")
    assert "evals/runs/first/report.html" in done.out
    assert page.read_text("utf-8") == before
    assert "scripted:echo" in before
    assert "What is two and 3? &lt;script&gt;" in before


def test_a_run_is_named_by_name_folder_or_place(runs, ragkit):
    for name in ("first", "evals/runs/first", "latest"):
        form = ragkit("eval", "report", name, "--html", "out/shown.html", "--json").form
        assert form.keys() == {"format_version", "run", "page", "summary"}
        assert (form["run"], form["page"]) == ("evals/runs/first", "out/shown.html")
    assert (runs.parent.parent / "out/shown.html").is_file()


def test_an_earlier_run_stands_beside_it(runs, ragkit):
    line = ("eval", "run", "sums", "--model", "scripted:invent", "--out", "second")
    assert ragkit(*line).code == 0
    done = ragkit("eval", "report", "second", "--against", "first")
    assert done.code == 0
    page = (runs / "second/report.html").read_text("utf-8")
    assert "Beside first" in page
    assert "No difference shown" in page
    assert "scripted:echo" in page  # what the runs depend on differs in the model
    assert ragkit("eval", "report", "second", "--against", "third").code == 2


def test_mistakes_end_in_a_line(runs, ragkit):
    unknown = ragkit("eval", "report", "frist")
    assert unknown.code == 2
    assert "unknown run 'frist'" in unknown.err
    assert "did you mean 'first'?" in unknown.err
    assert ragkit("eval", "report", "--html", "evals").code == 2
    (runs / "first/summary.json").unlink()
    unfinished = ragkit("eval", "report", "first")
    assert unfinished.code == 2
    assert "--resume first" in unfinished.err


def test_the_page_is_opened_in_the_browser_of_the_user(runs, tmp_path, monkeypatch):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path / "opened"}\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", str(browser))
    done = run_process(runs.parent.parent, "eval", "report", "--open")
    assert done.code == 0
    page = (runs / "first/report.html").resolve()
    assert (tmp_path / "opened").read_text().strip() == page.as_uri()
