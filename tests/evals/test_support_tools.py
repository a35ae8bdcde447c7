"""The tool that measures the checker: its pairs say what they claim, its numbers are right."""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from ragkit.encoders import HashingEncoder

TOOLS = Path(__file__).parents[2] / "evals" / "tools"

PASSAGE = (
    "The system was proposed by Sennrich in 2016, which changed translation. "
    "Dropout is not applied at test time to the layers. "
    "The rate is 0.1 for every one of the 12 layers (see the paper). "
    "Later work by Kudo is 15% better than the method. "
    "The talk takes place on 3 March 2026 in the main hall."
)


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield
    for name in ("claim_pairs", "claim_rules", "score_support", "embedding_cache"):
        sys.modules.pop(name, None)


def test_each_rule_changes_what_its_name_says(tools):
    from claim_pairs import make_pairs

    pairs = {(pair.kind, pair.text): pair for pair in make_pairs([PASSAGE], group="g")}
    expected = {
        ("negated", "Dropout is applied at test time to the layers."): False,
        ("contracted", "Dropout isn't applied at test time to the layers."): True,
        (
            "name swapped",
            "The system was proposed by Kudo in 2016, which changed translation.",
        ): False,
        ("tail dropped", "The system was proposed by Sennrich in 2016."): True,
        ("brackets dropped", "The rate is 0.1 for every one of the 12 layers."): True,
        ("opposite", "Later work by Kudo is 15% worse than the method."): False,
        (
            "numbers written otherwise",
            "Later work by Kudo is 15 percent better than the method.",
        ): True,
        (
            "dates written otherwise",
            "The talk takes place on March 3rd 2026 in the main hall.",
        ): True,
    }
    for key, supported in expected.items():
        assert pairs[key].supported == supported, key
    assert list(make_pairs([PASSAGE], group="g")) == list(pairs.values())


def test_the_interval_holds_what_is_measured(tools):
    from score_support import interval

    truth = np.array([True, True, False, False] * 8)
    said = np.array([True, True, True, False] * 8)
    low, high = interval(truth, said, np.arange(len(truth)))
    assert 0.5 < low < 0.75 < high < 1


def test_a_set_is_read_checked_and_reported(tools, tmp_path, capsys):
    from score_support import READERS, measure, report, report_kinds

    rows = [
        {"knowledge": PASSAGE, "response": said, "begin_label": label, "part": "made"}
        for said, label in [
            ("Dropout is not applied at test time to the layers.", "Fully attributable"),
            ("Dropout is applied at test time to the layers.", "Not fully attributable"),
            ("I see.", "Generic"),
        ]
    ]
    rows += [dict(row, knowledge=f"{row['knowledge']} {n}") for row in rows for n in range(9)]
    path = tmp_path / "begin.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write("\n".join(json.dumps(row) for row in rows))
    measured = [measure(pair, HashingEncoder(dim=64)) for pair in READERS["begin"](path)]
    assert len(measured) == 20
    assert all(m.backed == m.pair.supported for m in measured)
    report("made", measured)
    report_kinds(measured, 1)
    printed = capsys.readouterr().out
    assert "checker        1.000 [1.000, 1.000]" in printed
    assert "constant       0.500" in printed
