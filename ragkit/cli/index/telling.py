"""`ragkit index info` and `list`: what an index holds, how large it is and how it is."""

from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.tables import print_table
from ragkit.cli.render.text import size_text
from ragkit.errors import RagkitError
from ragkit.index import IndexInfo, LocalIndex, list_indexes


@click.command("info")
@click.option("--documents", is_flag=True, help="List the documents, too.")
@common_options
def info_command(*, common: Common, documents: bool, **flags: Any) -> int:
    """Tell what an index holds: documents, chunks, encoder, size."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    with LocalIndex(workspace.index_folder) as index:
        info = index.info()
        stored = tuple(index.documents())
    listed = [
        {
            "document": document.path,
            "title": document.title,
            "pages": document.page_count,
            "chunks": document.chunk_count,
            "language": document.language,
            "warnings": "; ".join(document.warnings),
        }
        for document in stored
    ]
    if common.as_json:
        form = {**info._asdict(), "listed": listed if documents else None}
        print_form(form)
        return 0
    console = answer_console()
    print_table(console, [{"fact": name, "value": str(value)} for name, value in _facts(info)])
    if documents:
        console.print()
        print_table(console, listed)
    return 0


def _facts(info: IndexInfo) -> list[tuple[str, object]]:
    """Return what is told on a screen."""
    formats = ", ".join(f"{count} {kind}" for kind, count in info.formats.items())
    languages = ", ".join(f"{count} {code or '?'}" for code, count in info.languages.items())
    sizes = ", ".join(f"{name} {size_text(size)}" for name, size in info.sizes_bytes.items())
    return [
        ("index", info.name),
        ("documents", f"{info.documents} with {info.pages} numbered pages"),
        ("formats", formats or "-"),
        ("languages", languages or "-"),
        ("warnings", f"about {info.warnings} documents"),
        ("chunks", info.chunks),
        ("encoder", f"{info.encoder_name or 'none yet'} ({info.encoder_fingerprint or '-'})"),
        ("size", f"{size_text(info.size_bytes)}, {size_text(info.bytes_a_chunk)} a chunk"),
        ("files", sizes),
        ("catalog", f"format {info.catalog_format}, {_health(info)}"),
        ("vectors", "current" if info.vectors_current else "made anew when needed"),
    ]


def _health(info: IndexInfo) -> str:
    return "sealed" if info.sealed else "not sealed"


@click.command("list")
@common_options
def list_command(*, common: Common, **flags: Any) -> int:
    """List the indexes of the project."""
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    names = list_indexes(workspace.indexes)
    rows = [_row_of(workspace.indexes / name) for name in names]
    if common.as_json:
        print_form({"indexes": rows})
    else:
        print_table(answer_console(), rows)
    if not rows:
        remarks.note(f"no index in {workspace.indexes}; make one with: ragkit ingest")
    return 0


def _row_of(folder: Path) -> dict[str, object]:
    """Return what is told of an index; where it cannot be opened, why."""
    try:
        with LocalIndex(folder) as index:
            info = index.info()
    except RagkitError as error:
        blank: dict[str, object] = dict.fromkeys(("documents", "chunks", "encoder", "size"), "")
        return {"index": folder.name, **blank, "state": error.message}
    return {
        "index": info.name,
        "documents": info.documents,
        "chunks": info.chunks,
        "encoder": info.encoder_name,
        "size": size_text(info.size_bytes),
        "state": _health(info),
    }
