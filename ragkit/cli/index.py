"""`ragkit index`: what an index holds, and which there are."""

from typing import Any

import click

from ragkit.cli.options import Common, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.tables import print_table
from ragkit.cli.render.text import size_text
from ragkit.cli.workspace import Workspace
from ragkit.index import LocalIndex, list_indexes


@click.group()
def command() -> None:
    """Tell what an index holds, and list the indexes."""


@command.command("info")
@click.option("--documents", is_flag=True, help="List the documents, too.")
@common_options
def info_command(*, common: Common, documents: bool, **flags: Any) -> int:
    """Tell what an index holds: documents, chunks, encoder, size."""
    workspace = Workspace.open(common, flags, Remarks(quiet=common.quiet))
    with LocalIndex(workspace.index_folder) as index:
        info = index.info()
        stored = tuple(index.documents())
    listed = [
        {
            "document": document.path,
            "title": document.title,
            "pages": document.page_count,
            "chunks": document.chunk_count,
        }
        for document in stored
    ]
    if common.as_json:
        form = {**info._asdict(), "listed": listed if documents else None}
        print_form(form)
        return 0
    console = answer_console()
    facts = {
        "index": info.name,
        "documents": f"{info.documents} with {info.pages} numbered pages",
        "chunks": info.chunks,
        "encoder": f"{info.encoder_name or 'none yet'} ({info.encoder_fingerprint or '-'})",
        "size": size_text(info.size_bytes),
        "vectors": "current" if info.vectors_current else "made anew at the next search",
    }
    print_table(console, [{"fact": name, "value": str(value)} for name, value in facts.items()])
    if documents:
        console.print()
        print_table(console, listed)
    return 0


@command.command("list")
@common_options
def list_command(*, common: Common, **flags: Any) -> int:
    """List the indexes of the project."""
    remarks = Remarks(quiet=common.quiet)
    workspace = Workspace.open(common, flags, remarks)
    rows: list[dict[str, object]] = []
    for name in list_indexes(workspace.indexes):
        with LocalIndex(workspace.indexes / name) as index:
            info = index.info()
        rows.append(
            {
                "index": info.name,
                "documents": info.documents,
                "chunks": info.chunks,
                "encoder": info.encoder_name,
                "size": size_text(info.size_bytes),
            }
        )
    if common.as_json:
        print_form({"indexes": rows})
    else:
        print_table(answer_console(), rows)
    if not rows:
        remarks.note(f"no index in {workspace.indexes}; make one with: ragkit ingest")
    return 0
