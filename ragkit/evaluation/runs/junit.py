"""Outcomes as the XML that CI systems show test results from.

The form is the one that Jenkins, GitLab, GitHub actions and others read: a test case each, with
`failure` for what is wrong, `error` for what has no answer, `skipped` for what was not told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET  # only writes: nothing untrusted is parsed

from ragkit.evaluation.records import Scored, View

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, not even escaped."""


CaseKind = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True, slots=True)
class JunitCase:
    """A test case."""

    group: str
    """What it belongs to; CI systems fold by it."""
    name: str
    seconds: float = 0.0
    kind: CaseKind = "passed"
    message: str = ""
    """In one line."""
    detail: str = ""


def render_junit(name: str, cases: Sequence[JunitCase], *, timestamp: str = "") -> str:
    """Return the XML of a suite of test cases.

    Args:
        name: Of the suite.
        cases: In their order.
        timestamp: When it was run, as ISO 8601; left out where it is not known.

    >>> print(render_junit("smoke", [JunitCase("a", "b", 0.5)]).splitlines()[1][:42])
    <testsuites name="smoke" tests="1" failure
    """
    kinds = [case.kind for case in cases]
    tally = {
        "tests": str(len(cases)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    root = ET.Element("testsuites", {"name": _plain(name), **tally})
    when = {"timestamp": timestamp} if timestamp else {}
    suite = ET.SubElement(root, "testsuite", {"name": _plain(name), **tally, **when})
    for case in cases:
        place = {"classname": _plain(case.group), "name": _plain(case.name)}
        element = ET.SubElement(suite, "testcase", {**place, "time": f"{case.seconds:.3f}"})
        if case.kind != "passed":
            more = ET.SubElement(element, case.kind, {"message": _plain(case.message)})
            if case.kind != "skipped":
                more.set("type", case.kind)
            more.text = _plain(case.detail) or None
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def outcome_cases(scored: Iterable[Scored]) -> tuple[JunitCase, ...]:
    """Return a test case for each outcome, by the view that a user meets.

    One that is not right is a failure; one with an error is an error; a variant that could not be
    made of its sample is skipped; one that holds no answer to score is passed.
    """
    return tuple(map(_case_of, scored))


def _case_of(scored: Scored) -> JunitCase:
    outcome = scored.outcome
    group = f"{outcome.kind}.{outcome.axis}"
    if outcome.error:
        return JunitCase(group, outcome.key, outcome.seconds, "error", outcome.error)
    if outcome.extra.get("inapplicable"):
        why = str(outcome.extra["inapplicable"])
        return JunitCase(group, outcome.key, outcome.seconds, "skipped", why)
    view: View = "shown" if "shown" in scored.scores else "model"
    score = scored.scores.get(view)
    if score is None or score.right:
        return JunitCase(group, outcome.key, outcome.seconds)
    reading = outcome.readings.get(view)
    said = reading.text if reading else ""
    why = score.labels.get("hallucination") or score.labels.get("reason") or score.verdict
    detail = f"question: {outcome.question}\n{view}: {said}"
    return JunitCase(group, outcome.key, outcome.seconds, "failure", why, detail)


def _plain(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
