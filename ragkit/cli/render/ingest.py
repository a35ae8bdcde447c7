"""What an ingest did, or would do: one line of counts, names where they are asked for, a form."""

from collections.abc import Iterator

from ragkit.ingest import IngestReport

_MOST_NAMES = 20


def count_line(report: IngestReport, *, dry_run: bool) -> str:
    """Return the counts as people read them.

    >>> count_line(IngestReport(new=("a", "b"), renamed=(("c", "d"),), unchanged=7), dry_run=False)
    '2 new, 0 changed, 1 renamed, 7 unchanged, 0 removed, 0 failed'
    """
    counts = _counts(report)
    if not report.renamed:
        del counts["renamed"]
    if dry_run:
        del counts["failed"]
    line = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"dry run: {line}" if dry_run else line


def change_lines(report: IngestReport) -> list[str]:
    """Return a line for each document that is not as it was, up to a number of them.

    >>> change_lines(IngestReport(new=("a.md",), renamed=(("b.md", "c.md"),)))
    ['new: a.md', 'renamed: b.md -> c.md']
    """
    lines = list(_change_lines(report))
    more = len(lines) - _MOST_NAMES
    if more > 1:
        lines[_MOST_NAMES:] = [f"{more} more; --json lists every one"]
    return lines


def note_lines(report: IngestReport) -> list[str]:
    """Return what to tell of the documents that were read, duplicates only up to a number."""
    lines = [duplicate.line for duplicate in report.duplicates]
    more = len(lines) - _MOST_NAMES
    if more > 1:
        lines[_MOST_NAMES:] = [f"{more} more duplicates; --json lists every one"]
    return [*report.warnings, *lines]


def _change_lines(report: IngestReport) -> Iterator[str]:
    yield from (f"new: {name}" for name in report.new)
    yield from (f"changed: {name}" for name in report.changed)
    yield from (f"renamed: {old} -> {new}" for old, new in report.renamed)
    yield from (f"removed: {name}" for name in report.removed)


def report_form(report: IngestReport, *, chunks: int, dry_run: bool) -> dict[str, object]:
    """Return the form for machines.

    Args:
        report: What was done, or would be.
        chunks: What the index holds.
        dry_run: Nothing was done.
    """
    return {
        **_counts(report),
        "dry_run": dry_run,
        "chunks": chunks,
        "encoded_chunks": report.encoded_chunks,
        "changes": {
            "new": list(report.new),
            "changed": list(report.changed),
            "renamed": [{"from": old, "to": new} for old, new in report.renamed],
            "removed": list(report.removed),
            "kept": list(report.kept),
        },
        "failures": [
            {
                "document": failure.name,
                "reason": failure.reason,
                "hint": failure.hint,
                "kept": failure.kept,
            }
            for failure in report.failed
        ],
        "skipped": [{"document": skip.name, "reason": skip.reason} for skip in report.skipped],
        "warnings": [*report.warnings, *(duplicate.line for duplicate in report.duplicates)],
        "duplicates": [
            {
                "document": duplicate.path,
                "original": duplicate.original,
                "share": round(duplicate.share, 3),
            }
            for duplicate in report.duplicates
        ],
        "timings_s": {"total": round(report.seconds, 4)},
    }


def _counts(report: IngestReport) -> dict[str, int]:
    return {
        "new": len(report.new),
        "changed": len(report.changed),
        "renamed": len(report.renamed),
        "unchanged": report.unchanged,
        "removed": len(report.removed),
        "failed": len(report.failed),
    }
