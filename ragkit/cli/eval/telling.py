"""`ragkit eval list`: the suites that can be run, and the runs that were made."""

from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.suites import print_runs, print_suites
from ragkit.evaluation.runs import find_runs
from ragkit.evaluation.suites import SIZES, FoundSuite, find_suites


@click.command("list")
@common_options
def list_command(*, common: Common, **flags: Any) -> int:
    """List the suites, those of the project and those that come with ragkit, and the runs."""
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    found = find_suites(workspace.evals_dir)
    if common.as_json:
        runs = [_form_of_run(folder) for folder in find_runs(workspace.evals_dir / "runs")]
        print_form({"suites": [_form_of(one) for one in found], "runs": runs})
    else:
        console = answer_console()
        print_suites(console, found)
        print_runs(console, find_runs(workspace.evals_dir / "runs"))
    return 0


def _form_of_run(folder: Path) -> dict[str, Any]:
    return {"name": folder.name, "folder": str(folder)}


def _form_of(found: FoundSuite) -> dict[str, Any]:
    suite = found.suite
    samples = suite.samples if suite else ()
    return {
        "name": found.name,
        "title": suite.title if suite else None,
        "measures": list(suite.measures) if suite else [],
        "samples": {
            size: sum(sample.size == size for sample in samples if not sample.draft)
            for size in SIZES
        },
        "drafts": sum(sample.draft for sample in samples),
        "own_corpus": bool(suite and suite.corpus),
        "built_in": found.built_in,
        "folder": str(found.folder),
        "error": found.error or None,
    }
