"""The XML that CI systems read, held against what their parsers require."""

from xml.etree import ElementTree as ET

import pytest

from ragkit.evaluation.records import Outcome, Reading, Score, Scored
from ragkit.evaluation.runs.junit import JunitCase, outcome_cases, render_junit


def parse(text):
    return ET.fromstring(text.encode())


def test_the_tallies_are_those_of_the_cases():
    cases = [
        JunitCase("answerable", "a", 1.5),
        JunitCase("answerable", "b", 0.5, "failure", "fabrication", "question: Who?"),
        JunitCase("leak", "c", 0.0, "error", "no memory"),
        JunitCase("leak", "d", 0.0, "skipped", "not checked"),
    ]
    root = parse(render_junit("mine", cases, timestamp="2026-01-01T00:00:00"))
    suite = root.find("testsuite")
    for element in (root, suite):
        tally = {name: element.get(name) for name in ("tests", "failures", "errors", "skipped")}
        assert tally == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
        assert element.get("time") == "2.000"
    assert suite.get("timestamp") == "2026-01-01T00:00:00"
    found = suite.findall("testcase")
    assert [case.get("name") for case in found] == ["a", "b", "c", "d"]
    assert [child.tag for case in found for child in case] == ["failure", "error", "skipped"]
    assert found[1][0].attrib == {"message": "fabrication", "type": "failure"}
    assert found[1][0].text == "question: Who?"


@pytest.mark.parametrize("text", ["<script>&\"'", "\x00\x1b[31m", "\ud800", "zwölf ☃ \U0001f600"])
def test_no_text_breaks_it(text):
    case = parse(render_junit(text, [JunitCase(text, text, 0, "failure", text, text)]))[0][0]
    kept = "".join("\ufffd" if ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 else c for c in text)
    assert (case.get("name"), case[0].text) == (kept, kept)


def outcome(call="ask", error="", **readings):
    return Outcome(
        "s", "b", "leak", "typos/5", "typos", "5%", call, "Who?", readings=readings, error=error
    )


def test_outcomes_become_cases_by_the_view_that_a_user_meets():
    """Shown right though the model was wrong: passed. Wrong in the one view there is: failed."""
    right, wrong = Score("abstained", right=True), Score("wrong", right=False)
    guess = Reading("It was Ada.", abstained=False)
    leaked = Score("wrong", right=False, labels={"hallucination": "leakage"})
    kinds = [
        (case.kind, case.message, case.detail)
        for case in outcome_cases(
            [
                Scored(outcome(shown=guess, model=guess), {"shown": right, "model": wrong}),
                Scored(outcome("closed-book", model=guess), {"model": leaked}),
                Scored(outcome(error="no memory"), {"shown": wrong, "model": wrong}),
                Scored(outcome("search")),
            ]
        )
    ]
    assert kinds == [
        ("passed", "", ""),
        ("failure", "leakage", "question: Who?\nmodel: It was Ada."),
        ("error", "no memory", ""),
        ("passed", "", ""),
    ]
    assert outcome_cases([Scored(outcome("search"))])[0].group == "leak.typos"
