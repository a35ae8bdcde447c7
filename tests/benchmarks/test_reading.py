"""What it costs to look for an answer: passages as a search finds them, and short ones.

Run with: make bench.
"""

from pathlib import Path

import pytest

from ragkit.models import open_reader
from ragkit.records import Passage

REPOSITORY = Path(__file__).parent.parent.parent
QUESTION = "What does the licence say about trademarks of the licensor?"

pytestmark = [pytest.mark.model, pytest.mark.benchmark(group="read", min_rounds=20)]


@pytest.mark.parametrize(
    ("passages", "words"), [(5, 150), (16, 20)], ids=["5 of 200 tokens", "16 of 27 tokens"]
)
def test_read(benchmark, cache_dir, passages, words):
    text = (REPOSITORY / "LICENSE").read_text(encoding="utf-8").split()
    found = [Passage(" ".join(text[at * words :][:words])) for at in range(passages)]
    reader = open_reader("auto", encoder="all-MiniLM-L6-v2", cache_dir=cache_dir)
    readings = benchmark(reader.read, QUESTION, found)
    assert len(readings) == passages
