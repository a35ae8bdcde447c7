"""`ragkit eval report`: what a run came to, on the screen and as a page to show."""

import webbrowser
from pathlib import Path
from typing import Any

import click

from ragkit.cli.eval.running import runs_dir_of
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, check_text, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.evaluation import print_summary
from ragkit.cli.render.forms import print_form
from ragkit.errors import UsageError
from ragkit.evaluation.comparing import compare
from ragkit.evaluation.report import REPORT_FILE, write_report
from ragkit.evaluation.runs import find_run, form_of, load_run


@click.command("report")
@click.argument("run", callback=check_text, default="latest")
@click.option("--against", metavar="RUN", help="Hold it against an earlier run of the suite.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write the page; report.html in the folder of the run by default.",
)
@click.option("--all", "every", is_flag=True, help="Show all numbers, not only the first groups.")
@click.option("--open", "show", is_flag=True, help="Open the page in the browser.")
@common_options
def report_command(
    run: str,
    *,
    against: str | None,
    html: Path | None,
    every: bool,
    show: bool,
    common: Common,
    **flags: Any,
) -> int:
    """Show what a RUN came to, and write it as one page that needs no network.

    RUN is its name, its folder, latest (the default) or previous. No model is asked.
    """
    remarks = Remarks(quiet=common.quiet)
    workspace = open_workspace(common, flags, remarks)
    runs_dir = runs_dir_of(workspace)
    loaded = load_run(find_run(run, runs_dir=runs_dir))
    earlier = load_run(find_run(against, runs_dir=runs_dir)) if against else None
    comparison = compare(earlier, loaded) if earlier else None
    page = html or loaded.folder / REPORT_FILE
    if page.is_dir():
        raise UsageError(f"{page} is a folder", hint=f"name a file: --html {page / REPORT_FILE}")
    write_report(loaded, page, comparison=comparison)
    if common.as_json:
        form = {"run": str(loaded.folder), "page": str(page), "summary": form_of(loaded.summary)}
        print_form(form)
    else:
        outcomes = loaded.samples, loaded.scored
        print_summary(answer_console(), loaded.summary, *outcomes, report=page, every=every)
    if show and not webbrowser.open(page.resolve().as_uri()):
        remarks.warn(f"no browser was found; the page is {page}")
    return 0
