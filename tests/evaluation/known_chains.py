"""Tables of what a metric says of models whose truth is known: a metric and a chain on each line.

What stands left of "<" is less, left of "=" the same; numbers stand for themselves.
"""

import re
from pathlib import Path

import pytest

from ragkit.ask import AskOptions
from ragkit.encoders.hashing import HashingEncoder
from ragkit.evaluation.bench import Bench, perform
from ragkit.evaluation.known import open_known
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.scoring import score_outcome
from ragkit.index import LocalIndex
from ragkit.ingest import IngestOptions, ingest

EVALS = Path(__file__).parents[2] / "evals"


def rows_of(table):
    """Return metric and chain of each line."""
    return [line.split(maxsplit=1) for line in table.strip().splitlines() if line]


def value_of(summary, metric, view="model"):
    """Return a metric of a summary."""
    return next(m.value for m in summary.metrics if (m.name, m.view) == (metric, view))


def index_corpus(folder, corpus):
    """Make an index of a suite's documents, as every table asks it."""
    with LocalIndex(folder, writable=True) as index:
        options = IngestOptions(chunk_tokens=200)
        ingest((), corpus=corpus, index=index, encoder=HashingEncoder(), options=options)


def summarise_known(name, measure, tasks, *, suite, samples, index, plan=None):
    """Return what a measure comes to for a known model; no task may fail."""
    bench = Bench(
        suite,
        index=index,
        encoder=HashingEncoder(),
        load_llm=lambda: open_known(name, samples),
        options=AskOptions(),
    )
    outcomes = [perform(task, bench) for task in tasks]
    assert not [outcome.error for outcome in outcomes if outcome.error]
    scored = [
        score_outcome(task.sample, outcome) for task, outcome in zip(tasks, outcomes, strict=True)
    ]
    return measure.summarise(samples, scored, plan or PlanOptions())


def check_chain(summary_of, metric, chain):
    """Check that the models stand in the order of a chain; a summary is asked for by name."""
    parts = re.split(r" (<|=) ", chain)
    names, signs = parts[::2], parts[1::2]
    values = [
        float(name) if re.fullmatch(r"[\d.]+", name) else value_of(summary_of(name), metric)
        for name in names
    ]
    told = dict(zip(names, values, strict=True))
    assert None not in values, told
    for left, sign, right in zip(values, signs, values[1:], strict=False):
        assert left < right - 1e-9 if sign == "<" else left == pytest.approx(right, abs=1e-9), told
