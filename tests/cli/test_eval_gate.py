"""`ragkit eval compare` and `gate` on real runs of a small suite, and the script for CI systems."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.small_project import assert_refused, run_process, write_project

SCRIPT = Path(__file__).parents[2] / "evals/ci/gate.sh"
NAMES = ("Larn", "Sevro", "Quell", "Ombra", "Tarnis", "Velka", "Druim", "Hestor")
FACTS = {name: f"{7 * number + 12} metres" for number, name in enumerate(NAMES)}
POLICY = """
[[rule]]
count = "errors"
at_most = 0

[[rule]]
metric = "wrong_and_asserted"
view = "model"
margin = 0.1
"""
STRICT = '[[rule]]\nmetric = "wrong_and_asserted"\nview = "model"\nat_most = 0.1\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Eight bridges, two questions about each; runs of a model that reads, and one that invents."""
    texts = {f"{name}.txt": f"The {name} bridge is {long} long.\n" for name, long in FACTS.items()}
    course = write_project(tmp_path_factory.mktemp("bridges") / "course", texts)
    rows = [
        {
            "id": f"{name}.{number}",
            "base_id": name,
            "question": f"How long is the {name} bridge?",
            "answers": [FACTS[name]],
        }
        for name in NAMES
        for number in (1, 2)
    ]
    folder = course / "evals/bridges"
    folder.mkdir(parents=True)
    (folder / "samples.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "suite.toml").write_text('measures = ["hallucination"]')
    (course / "policy.toml").write_text(POLICY)
    (course / "strict.toml").write_text(STRICT)
    code = (
        "from ragkit.cli.main import cli\n"
        "cli(['ingest', '--quiet'], standalone_mode=False)\n"
        "for name, model in (('reads', 'copy-first-source'), ('invents', 'invent')):\n"
        "    cli(['eval', 'run', 'bridges', '--out', name, '--model', f'scripted:{model}',\n"
        "         '--no-noise-check', '--json'], standalone_mode=False)\n"
    )
    done = run_process(course, code=code)
    assert done.code == 0, done.err
    return course


@pytest.fixture
def runs(made, project, monkeypatch):
    """The folder of the two runs; the working directory is that of their course."""
    course = shutil.copytree(made, project.parent / "course")
    monkeypatch.chdir(course)
    return course / "evals/runs"


def test_a_run_is_compared_with_another(runs, ragkit):
    done = ragkit("eval", "compare", "reads", "invents", "--view", "model", "--json")
    assert done.code == 0
    form = done.form
    right = form["values"][0]
    assert (right["name"], right["part"], right["standing"]) == ("right", "ask", "worse")
    assert right["after"] == 0
    assert (right["n"], right["before"]) == (16, 1)
    as_put = [one for one in form["broke"] if one["key"].endswith("|base|ask")]
    assert len(as_put) == 16
    assert form["broke"][0]["right"] == FACTS[form["broke"][0]["sample_id"].split(".")[0]]
    assert "model.name: 'scripted:copy-first-source' then, 'scripted:invent' now" in form["changes"]
    shown = ragkit("eval", "compare", "reads", "invents", "--view", "model").out
    assert "The second run is worse" in shown
    assert f"Broke: {len(form['broke'])}" in shown
    assert "more; see them with --all" in shown
    assert "more; see them" not in ragkit("eval", "compare", "reads", "invents", "--all").out


def test_the_gate_ends_with_the_code_that_it_says(runs, ragkit, tmp_path):
    for arguments, code, word in (
        (("reads", "--baseline", "reads", "--policy", "policy.toml"), 0, "Pass"),
        (("invents", "--baseline", "reads", "--policy", "policy.toml"), 1, "Regression"),
        (("reads", "--policy", "strict.toml"), 3, "Inconclusive"),
    ):
        junit = tmp_path / "gate.xml"
        done = ragkit("eval", "gate", *arguments, "--junit", junit)
        assert (done.code, done.out.split(":")[0]) == (code, word), done.out
        assert (code > 0) == (f"{word.lower()}, wrong and asserted (model): " in done.out)
        assert ("the same" in done.out) == (code == 0)
        form = ragkit("eval", "gate", *arguments, "--json").form
        assert (form["exit_code"], form["verdict"]) == (code, word.lower())
        suite = ET.parse(junit).getroot().find("testsuite")
        bad = int(suite.get("failures")) + int(suite.get("errors"))
        assert (bad > 0) == (code > 0)


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_reader_that_has_gone_does_not_turn_a_regression_into_a_pass(runs, form):
    arguments = ("gate", "invents", "--baseline", "reads", "--policy", "policy.toml", *form)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "ragkit", "eval", *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_headline_of_a_measure_is_held_pair_by_pair(runs, ragkit):
    """The metrics are found to be means of what every answer has: the interval is that of pairs."""
    form = ragkit("eval", "gate", "invents", "--baseline", "reads", "--json").form
    margins = [rule for rule in form["rules"] if rule["limit"] == "margin"]
    assert [rule["rule"] for rule in margins] == ["wrong_and_asserted (shown)", "right (shown)"]
    assert all(rule["reason"].endswith("pair by pair") for rule in margins)
    assert all(rule["n"] == 16 for rule in margins)


def test_what_a_gate_cannot_do_is_said_in_a_line(runs, ragkit):
    def refuse(message, *arguments):
        assert_refused(ragkit("eval", "gate", *arguments), 2, message)

    refuse("unknown run 'reeds'; known: invents", "reeds")
    refuse("holds margins", "reads", "--policy", "policy.toml")
    refuse("there is no policy none.toml", "reads", "--policy", "none.toml")
    refuse("say which run")


def test_the_policy_that_is_printed_is_the_one_that_holds(runs, ragkit):
    printed = ragkit("eval", "gate", "--show-policy").out
    Path("own.toml").write_text(printed)
    assert ragkit("eval", "gate", "--show-policy", "--policy", "own.toml").out == printed
    arguments = ("eval", "gate", "reads", "--baseline", "reads", "--json")
    own = ragkit(*arguments, "--policy", "own.toml").form
    assert {**own, "policy": "built-in"} == ragkit(*arguments).form


def test_a_run_leaves_its_outcomes_for_ci_systems(runs):
    suite = ET.parse(runs / "invents/junit.xml").getroot().find("testsuite")
    lines = (runs / "invents/items.jsonl").read_text().splitlines()
    assert suite.get("name") == "bridges.hallucination"
    assert int(suite.get("tests")) == len(lines)


@pytest.mark.parametrize(
    ("policy", "model", "code"),
    [
        ("policy.toml", "scripted:copy-first-source", 0),
        ("policy.toml", "scripted:invent", 1),
        ("policy.toml", "scripted:nobody", 2),
        ("strict.toml", "scripted:copy-first-source", 3),
    ],
)
def test_the_script_for_ci_systems_passes_the_code_on(runs, policy, model, code):
    done = subprocess.run(
        [SCRIPT, "bridges", "reads", "--model", model, "--no-noise-check"],
        env={**os.environ, "RAGKIT": f"{sys.executable} -m ragkit", "POLICY": policy},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert bool(list(runs.glob("ci-*/gate.xml"))) == (code != 2)
