"""`ragkit ingest`: the index becomes equal to the folder."""

from pathlib import Path
from typing import Any

import click

from ragkit.cli.options import Common, common_options, encoder_options
from ragkit.cli.render.console import Remarks
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.progress import ProgressDisplay
from ragkit.cli.render.skipped import skipped_lines
from ragkit.cli.render.text import seconds_text
from ragkit.cli.workspace import Workspace
from ragkit.errors import EXIT_ERROR
from ragkit.index import LocalIndex, check_encoder, has_index
from ragkit.ingest import IngestOptions, IngestReport, check_paths, find_something, ingest


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--rebuild", is_flag=True, help="Read all again, as after a change of encoder.")
@click.option("--password", metavar="TEXT", help="For encrypted documents.")
@click.option("--chunk-tokens", type=int, metavar="N", help="Largest chunk; 200 by default.")
@encoder_options
@common_options
def command(
    paths: tuple[Path, ...],
    *,
    common: Common,
    rebuild: bool,
    password: str | None,
    **flags: Any,
) -> int:
    """Make the index equal to the folder of documents.

    Reads corpus/, or the PATHs given: adds what is new, reads again what has changed, and removes
    what is gone. What did not change costs nothing.
    """
    remarks = Remarks(quiet=common.quiet)
    workspace = Workspace.open(common, flags, remarks)
    check_paths(paths, workspace.corpus)
    if not has_index(workspace.index_folder):
        find_something(paths, workspace.corpus)  # before an empty index is made
    encoder = workspace.load_encoder(anew=rebuild)
    options = IngestOptions(
        chunk_tokens=workspace.settings.chunk_tokens,
        rebuild=rebuild,
        password=password,
        limits=workspace.reading_limits,
        ocr=workspace.ocr,
        debug=common.debug,
    )
    with LocalIndex(workspace.index_folder, writable=True) as index:
        if not rebuild:
            check_encoder(index, encoder)
        with ProgressDisplay(remarks) as display:
            report = ingest(
                paths,
                corpus=workspace.corpus,
                index=index,
                encoder=encoder,
                options=options,
                on_progress=display,
            )
        chunks = index.chunk_count()
    _tell_details(remarks, report)
    _print_summary(report, chunks, as_json=common.as_json)
    return EXIT_ERROR if report.failed else 0


def _tell_details(remarks: Remarks, report: IngestReport) -> None:
    for failed in report.failed:
        remarks.fail(f"failed: {failed.reason}", failed.hint)
    for line in skipped_lines(report.skipped):
        remarks.warn(f"skipped: {line}")
    for warning in report.warnings:
        remarks.warn(f"note: {warning}")
    chunks = "chunk" if report.encoded_chunks == 1 else "chunks"
    seconds = seconds_text(report.seconds)
    remarks.note(f"{report.encoded_chunks} {chunks} encoded in {seconds}")


def _print_summary(report: IngestReport, chunks: int, *, as_json: bool) -> None:
    counts = {
        "new": len(report.new),
        "changed": len(report.changed),
        "unchanged": report.unchanged,
        "removed": len(report.removed),
        "failed": len(report.failed),
    }
    if not as_json:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
        return
    form = {
        **counts,
        "chunks": chunks,
        "encoded_chunks": report.encoded_chunks,
        "failures": [
            {"document": failure.name, "reason": failure.reason, "hint": failure.hint}
            for failure in report.failed
        ],
        "skipped": [{"document": skip.name, "reason": skip.reason} for skip in report.skipped],
        "warnings": list(report.warnings),
        "timings_s": {"total": round(report.seconds, 4)},
    }
    print_form(form)
