"""Whether a suite measures what it says: every gold place, answer and absence is looked up.

It reads rows, documents and evidence that are given to it; opening them is up to the caller.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ragkit.errors import UsageError
from ragkit.evaluation.checking.absence import Gather, check_absence
from ragkit.evaluation.checking.answers import check_answers
from ragkit.evaluation.checking.findings import Finding, error
from ragkit.evaluation.checking.places import Located, check_places, locate, relocate_row
from ragkit.evaluation.checking.shelf import Shelf, Statement, statements_of, stems_of
from ragkit.evaluation.checking.wording import check_together, check_wording
from ragkit.evaluation.records import Sample
from ragkit.evaluation.suites import parse_sample

__all__ = [
    "Finding",
    "Located",
    "Shelf",
    "Statement",
    "check_rows",
    "locate",
    "relocate_row",
    "statements_of",
    "stems_of",
]


def check_rows(
    rows: Sequence[tuple[str, Any]], shelf: Shelf, gather: Gather | None = None
) -> tuple[Finding, ...]:
    """Return what is wrong or doubtful, in the order of the lines, errors of a sample first.

    Args:
        rows: JSON values with their places, as `read_rows` gives them.
        shelf: The documents that the suite is about.
        gather: Finds the evidence for a sample; None to search for none.
    """
    samples: dict[str, Sample] = {}
    lines: dict[str, int] = {}
    found: list[Finding] = []
    for place, row in rows:
        line = int(place.rpartition(":")[2])
        try:
            sample = parse_sample(row, place=place)
        except UsageError as problem:
            told = problem.message.removeprefix(f"{place}: ")
            found.append(replace(error("unreadable", _id_of(row), told), line=line))
            continue
        if sample.id in samples:
            told = f"the id stands at line {lines[sample.id]} already"
            found.append(replace(error("id-twice", sample.id, told), line=line))
            continue
        samples[sample.id], lines[sample.id] = sample, line
        found += [replace(one, line=line) for one in _check(sample, shelf, gather)]
    for one in check_together(tuple(samples.values())):
        found.append(replace(one, line=lines[one.sample_id]))
    return tuple(sorted(found, key=lambda one: (one.line, one.severity)))


def _check(sample: Sample, shelf: Shelf, gather: Gather | None) -> Iterator[Finding]:
    yield from check_places(sample, shelf)
    yield from check_answers(sample, shelf)
    yield from check_absence(sample, shelf, gather)
    yield from check_wording(sample, shelf)


def _id_of(row: Any) -> str:
    return str(row.get("id", "")) if isinstance(row, dict) else ""
