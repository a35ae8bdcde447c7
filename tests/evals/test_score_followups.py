"""The tool that counts which questions are taken for follow-ups."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "evals/tools/score_followups.py"


def test_it_counts_and_shows(tmp_path):
    asked = ["What is dropout?", "Who wrote it?", "Who wrote it?", "When is the exam?"]
    plain, packed = tmp_path / "plain.jsonl", tmp_path / "packed.jsonl.gz"
    text = "".join(f"{json.dumps({'question': question})}\n" for question in asked)
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    done = subprocess.run(
        [sys.executable, TOOL, "--show", plain, packed], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[:3] for line in lines[::2]] == [["1", "of", "3"]] * 2
    assert lines[1] == ["pronoun", "Who", "wrote", "it?"]
