"""`ragkit ingest`: the index becomes equal to the folder."""

from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.ingest import change_lines, count_line, note_lines, report_form
from ragkit.cli.render.progress import ProgressDisplay
from ragkit.cli.render.skipped import skipped_lines
from ragkit.cli.render.text import one_line, seconds_text
from ragkit.errors import EXIT_ERROR, EXIT_INTERRUPTED, StorageError
from ragkit.index import LocalIndex, has_index
from ragkit.ingest import (
    IngestInterruptedError,
    IngestOptions,
    IngestReport,
    ingest,
    plan_ingest,
    refuse_mass_removal,
)
from ragkit.workspace import Workspace


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--rebuild", is_flag=True, help="Read all again, as after a change of encoder.")
@click.option(
    "--prune/--no-prune",
    default=None,
    help="Remove documents whose files are gone, or keep them.",
)
@click.option("--password", metavar="TEXT", help="For encrypted documents.")
@click.option("--chunk-tokens", type=int, metavar="N", help="Largest chunk; 200 by default.")
@encoder_options
@common_options
def command(
    paths: tuple[Path, ...],
    *,
    common: Common,
    dry_run: bool,
    rebuild: bool,
    prune: bool | None,
    password: str | None,
    **flags: Any,
) -> int:
    """Make the index equal to the folder of documents.

    Reads corpus/, or the PATHs given: adds what is new, reads again what has changed, follows what
    was renamed, and removes what is gone. What did not change costs nothing.
    """
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    options = workspace.ingest_options(rebuild=rebuild, prune=prune, password=password)
    if dry_run:
        report, chunks = _look_ahead(paths, workspace, options, remarks)
    else:
        try:
            report, chunks = _ingest(paths, workspace, options, remarks)
        except IngestInterruptedError as stop:
            return _report_interruption(stop)
        _tell_details(remarks, report)
    if common.as_json:
        print_form(report_form(report, chunks=chunks, dry_run=dry_run))
        return EXIT_ERROR if report.failed else 0
    for line in change_lines(report) if dry_run else ():
        click.echo(one_line(line))
    click.echo(count_line(report, dry_run=dry_run))
    return EXIT_ERROR if report.failed else 0


def _ingest(
    paths: tuple[Path, ...], workspace: Workspace, options: IngestOptions, remarks: Remarks
) -> tuple[IngestReport, int]:
    """Return what was done, and how many chunks the index holds now."""
    with workspace.open_for_ingest(paths, options) as (index, encoder):
        with ProgressDisplay(remarks) as display:
            report = ingest(
                paths,
                corpus=workspace.corpus,
                index=index,
                encoder=encoder,
                options=options,
                on_progress=display,
            )
        return report, index.chunk_count()


def _report_interruption(stop: IngestInterruptedError) -> int:
    done = f"{stop.done} of {stop.total} documents are in"
    click.echo(f"interrupted: {done}; run the same command to go on", err=True)
    return EXIT_INTERRUPTED


def _look_ahead(
    paths: tuple[Path, ...], workspace: Workspace, options: IngestOptions, remarks: Remarks
) -> tuple[IngestReport, int]:
    """Return what an ingest would do, and how many chunks the index holds; writes nothing."""
    stored, chunks, wanted = {}, 0, workspace.settings.encoder
    if has_index(workspace.index_folder):
        with LocalIndex(workspace.index_folder) as index:
            stored = {document.path: document for document in index.documents()}
            chunks, name = index.chunk_count(), index.encoder_name
        if chunks and name != wanted and not options.rebuild:
            remarks.warn(f"it would be refused: the index was built by encoder {name!r}")
            remarks.warn("  next: ragkit ingest --rebuild")
    plan = plan_ingest(paths, corpus=workspace.corpus, stored=stored, options=options)
    try:
        if options.prune is None:
            refuse_mass_removal(plan)
    except StorageError as error:
        remarks.warn(f"it would be refused: {error.message}")
        remarks.warn(f"  next: {error.hint}")
    return plan.foretell(prune=options.prune is not False), chunks


def _tell_details(remarks: Remarks, report: IngestReport) -> None:
    for failed in report.failed:
        kept = "; its earlier version stays searchable" if failed.kept else ""
        remarks.fail(f"failed: {failed.reason}{kept}", failed.hint)
    for line in skipped_lines(report.skipped):
        remarks.warn(f"skipped: {line}")
    for line in note_lines(report):
        remarks.warn(f"note: {line}")
    if report.kept:
        remarks.warn(f"kept: {len(report.kept)} documents whose files are gone")
    chunks = "chunk" if report.encoded_chunks == 1 else "chunks"
    seconds = seconds_text(report.seconds)
    remarks.note(f"{report.encoded_chunks} {chunks} encoded in {seconds}")
