"""Read every file below some folders as `ragkit ingest` does, and print what came of it by format.

    python evals/tools/read_corpus.py FOLDER... [--json FILE] [--list-failures]

Each file is read in the worker processes that ingest uses, with the same limits. The table counts,
for each format, the files, those that were read, those without text, the encrypted, and the failed;
then come the reasons of the failures, and what was skipped because no reader takes it.
"""

import argparse
import contextlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from ragkit.documents import (
    Found,
    FoundFile,
    ReadingLimits,
    ReadResult,
    find_documents,
    read_documents,
)
from ragkit.records import Document

COLUMNS = ("format", "files", "read", "empty", "encrypted", "failed", "pages", "characters", "s")
# What the message of a failure says, and the outcome that it is counted as.
OUTCOMES = (
    ("is encrypted", "encrypted"),
    ("has no text", "empty"),
    ("is empty", "empty"),
    ("took longer than", "too slow"),
    ("of memory to read", "too much memory"),
    ("the reader crashed", "crashed"),
    ("the reader failed", "reader failed"),
    ("is broken", "broken"),
)


class Row(NamedTuple):
    """One file and what came of it."""

    name: str
    format: str
    outcome: str
    """ "read", or what the failure is counted as."""
    reason: str
    seconds: float
    pages: int
    characters: int
    memory_mb: int
    warnings: tuple[str, ...]


def main() -> None:
    """Read, count, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE", help="one object a file, a line each")
    parser.add_argument("--list-failures", action="store_true")
    parser.add_argument("--password")
    parser.add_argument("--timeout-s", type=float, default=ReadingLimits().timeout_s)
    parser.add_argument("--workers", type=int, default=None)
    arguments = parser.parse_args()
    limits = ReadingLimits(timeout_s=arguments.timeout_s)
    found = find_all(arguments.folders)
    start = time.perf_counter()
    results = read_documents(
        found.files, password=arguments.password, limits=limits, workers=arguments.workers
    )
    with contextlib.ExitStack() as stack:
        lines = stack.enter_context(arguments.json.open("w")) if arguments.json else None
        rows = list(written(map(row_of, results), lines))
    seconds = time.perf_counter() - start
    print_table(rows)
    print(f"{len(rows)} files in {seconds:.0f} s; ", end="")
    print(f"most memory of a worker: {max(row.memory_mb for row in rows)} MB")
    print_failures(rows, every_one=arguments.list_failures)
    print_skipped(found)


def find_all(folders: Iterable[Path]) -> Found:
    """Return the files of several folders, named with their folder."""
    files: list[FoundFile] = []
    skipped = []
    for folder in folders:
        found = find_documents(folder)
        files += (file._replace(name=f"{folder.name}/{file.name}") for file in found.files)
        skipped += (skip._replace(name=f"{folder.name}/{skip.name}") for skip in found.skipped)
    return Found(tuple(files), tuple(skipped))


def row_of(result: ReadResult) -> Row:
    """Return what is told of a file."""
    file, outcome = result.file, result.outcome
    suffix = file.path.suffix.lower().lstrip(".")
    common = {"seconds": round(result.seconds, 3), "memory_mb": result.peak_memory_bytes >> 20}
    if isinstance(outcome, Document):
        return Row(
            file.name, suffix, "read", "", pages=len(outcome.pages),
            characters=len(outcome.text), warnings=outcome.warnings, **common,
        )  # fmt: skip
    kind = next((kind for words, kind in OUTCOMES if words in outcome.message), "other")
    return Row(
        file.name, suffix, kind, outcome.message, pages=0, characters=0, warnings=(), **common
    )


def written(rows: Iterable[Row], lines: TextIO | None) -> Iterator[Row]:
    """Yield the rows; write each as it comes, so that an interruption keeps what is known."""
    for row in rows:
        if lines is not None:
            lines.write(json.dumps(row._asdict()) + "\n")
            lines.flush()
        yield row


def print_table(rows: Iterable[Row]) -> None:
    """Print a line a format, and one for all."""
    by_format: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_format[row.format].append(row)
    table = [(*COLUMNS, "slowest")]
    every = [row for group in by_format.values() for row in group]
    for name, group in [*sorted(by_format.items()), ("all", every)]:
        table.append(summary(name, group))
    widths = [max(len(line[column]) for line in table) for column in range(len(COLUMNS))]
    for line in table:
        cells = (cell.rjust(width) for cell, width in zip(line, widths, strict=False))
        print("  ".join(cells), f" {line[-1]}")


def summary(name: str, rows: list[Row]) -> tuple[str, ...]:
    """Return the cells of a format's line."""
    counts = Counter(row.outcome for row in rows)
    failed = len(rows) - counts["read"] - counts["empty"] - counts["encrypted"]
    slowest = max(rows, key=lambda row: row.seconds)
    return (
        name,
        str(len(rows)),
        *(str(counts[outcome]) for outcome in ("read", "empty", "encrypted")),
        str(failed),
        f"{sum(row.pages for row in rows):,}",
        f"{sum(row.characters for row in rows):,}",
        f"{sum(row.seconds for row in rows):.1f}",
        f"{slowest.name} ({slowest.seconds:.1f} s)",
    )


def print_failures(rows: Iterable[Row], *, every_one: bool) -> None:
    """Print how many failed for which reason, and each with its message where that is wanted."""
    failures: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.outcome != "read":
            failures[row.outcome].append(row)
    for outcome, group in sorted(failures.items()):
        print(f"\n{outcome}: {len(group)}")
        for row in group if every_one else group[:3]:
            print(f"  {row.reason}  [{row.seconds:.1f} s]")
        if not every_one and len(group) > 3:
            print("  ... (all of them: --list-failures)")


def print_skipped(found: Found) -> None:
    """Print what no reader takes, by reason."""
    reasons = Counter(skip.reason for skip in found.skipped)
    if reasons:
        print("\nskipped:")
    for reason, count in reasons.most_common():
        print(f"  {count} x {reason}")


if __name__ == "__main__":
    main()
