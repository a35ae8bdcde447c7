"""`ragkit search`: the passages that fit a query, without a model."""

import time
from typing import Any

import click

from ragkit.cli.narrowing import filter_options
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, check_text, common_options, encoder_options, top_n_option
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.hits import print_hits
from ragkit.errors import UsageError
from ragkit.forms import search_form
from ragkit.records import DocumentFilter
from ragkit.retrieval import Retriever


@click.command()
@click.argument("query", callback=check_text)
@click.option("--explain", is_flag=True, help="Show how each ranking placed each passage.")
@top_n_option
@filter_options
@encoder_options
@common_options
def command(
    query: str, *, common: Common, explain: bool, within: DocumentFilter, **flags: Any
) -> int:
    """Show the passages that fit a query best; asks no model."""
    if not query.strip():
        raise UsageError("the query is empty", hint='search for something: ragkit search "..."')
    start = time.perf_counter()
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    workspace.check_index()
    encoder = workspace.load_encoder()
    with workspace.open_index(encoder) as index:
        loaded = time.perf_counter()
        within = workspace.narrow(index, within)
        top_n = workspace.settings.top_n
        hits = Retriever(index, encoder).search(query, top_n=top_n, within=within)
        done = time.perf_counter()
    timings = {"load": loaded - start, "retrieve": done - loaded, "total": done - start}
    if common.as_json:
        print_form(search_form(query, hits, timings, within=within))
    else:
        print_hits(answer_console(), hits, explain=explain)
    return 0
