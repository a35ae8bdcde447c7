"""`ragkit eval check`: whether a suite measures what it says."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.findings import print_findings
from ragkit.cli.render.forms import print_form
from ragkit.errors import EXIT_ERROR, UsageError
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.checking import Finding, Shelf, check_rows, relocate_row
from ragkit.evaluation.records import Sample
from ragkit.evaluation.runs.opening import open_bench
from ragkit.evaluation.suites import (
    describe_suite,
    find_suite,
    is_built_in,
    read_rows,
    samples_file,
    save_rows,
)
from ragkit.records import Evidence


@click.command("check")
@click.argument("suite")
@click.option("--fix", is_flag=True, help="Write the spans of quotes as they are now.")
@click.option("--no-search", is_flag=True, help="Do not search for what should be absent.")
@encoder_options
@common_options
def check_command(suite: str, *, common: Common, fix: bool, no_search: bool, **flags: Any) -> int:
    """Look up every gold place, answer and absence of a suite; exits 1 if any is wrong.

    SUITE is a name that `ragkit eval list` shows, or a folder.
    """
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    folder = find_suite(suite, evals_dir=workspace.evals_dir)
    path = samples_file(folder)
    rows = read_rows(path)
    with open_bench(workspace, describe_suite(folder)) as bench:
        shelf = shelf_of(bench)
        mended = _mend(folder, path, shelf) if fix else 0
        rows = read_rows(path) if mended else rows

        def gather(sample: Sample) -> Evidence:
            return bench.assistant().gather(sample.question, bench.options_for(sample))

        findings = check_rows(rows, shelf, None if no_search else gather)
    if common.as_json:
        print_form(_form_of(folder, len(rows), mended, findings))
    else:
        print_findings(answer_console(), findings, samples=len(rows), mended=mended)
    return EXIT_ERROR if any(one.severity == "error" for one in findings) else 0


def shelf_of(bench: Bench) -> Shelf:
    """Return the documents that a suite is about."""
    with bench.index.snapshot():
        return Shelf(bench.index.document(one.path) for one in bench.index.documents())


def _mend(folder: Path, path: Path, shelf: Shelf) -> int:
    """Write the rows with spans as they are now; return how many places moved."""
    if is_built_in(folder):
        raise UsageError(
            f"{path} comes with ragkit and is made of evals/fixture/bundles",
            hint="check it without --fix",
        )
    moved = [relocate_row(row, shelf) for _, row in read_rows(path)]
    count = sum(changed for _, changed in moved)
    if count:
        save_rows(path, [row for row, _ in moved])
    return count


def _form_of(
    folder: Path, samples: int, mended: int, findings: tuple[Finding, ...]
) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "samples": samples,
        "errors": sum(one.severity == "error" for one in findings),
        "warnings": sum(one.severity == "warning" for one in findings),
        "mended": mended,
        "findings": [asdict(one) for one in findings],
    }
