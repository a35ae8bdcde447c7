"""`ragkit eval run`: a suite is asked, and what that comes to is shown and kept."""

import shlex
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, answer_options, common_options, encoder_options
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.evaluation import print_summary
from ragkit.cli.render.forms import print_form
from ragkit.cli.render.progress import ProgressDisplay
from ragkit.cli.render.running import RunDisplay
from ragkit.errors import EXIT_INTERRUPTED, UsageError, unknown_name
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.judges import CheckedJudge, check_judge, open_judge
from ragkit.evaluation.measures import MEASURES
from ragkit.evaluation.protocols import Measure, PlanOptions
from ragkit.evaluation.records import Suite
from ragkit.evaluation.report import REPORT_FILE, write_report
from ragkit.evaluation.runs import (
    LoadedRun,
    RunFolder,
    RunInterruptedError,
    RunOptions,
    find_run,
    find_runs,
    form_of,
    rescore,
    run_suite,
)
from ragkit.evaluation.runs.opening import open_bench
from ragkit.evaluation.suites import SIZES, load_suite
from ragkit.evaluation.variants import own_instructions
from ragkit.workspace import Workspace

_UNFINISHED = "the last that was not finished"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a user asked for beside the settings; None where nothing was said."""

    measure: str | None
    size: str | None
    budget: int | None
    axes: str | None
    judges: tuple[str, ...]
    drafts: bool


def _read_parallel(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int:
    """Return how many prompts are asked at a time; 0 for as many as there is room for."""
    if value in (None, "auto"):
        return 0
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is neither a number from 1 on nor auto")
    return int(value)


@click.command("run")
@click.argument("suite")
@click.option("--measure", metavar="NAME", help="What to measure; by default the suite's first.")
@click.option(
    "--size", type=click.Choice(SIZES), help="How many samples: smoke, default (the default), full."
)
@click.option("--budget", type=click.IntRange(min=1), metavar="N", help="The most tasks to do.")
@click.option("--axes", metavar="A,B", help="Of brittleness: vary only these.")
@click.option(
    "--judge", "judges", metavar="NAME", multiple=True, help="Judge sentences by it, too."
)
@click.option("--drafts", is_flag=True, help="Ask the samples that nobody has accepted yet, too.")
@click.option(
    "--resume",
    is_flag=False,
    flag_value=_UNFINISHED,
    metavar="[RUN]",
    help="Go on with a run; by default the last of the suite that was not finished.",
)
@click.option("--out", metavar="NAME", help="Name of the run, or a folder for it.")
@click.option(
    "--parallel",
    metavar="N",
    callback=_read_parallel,
    help="Prompts to ask at a time; by default a core each.",
)
@click.option("--all", "every", is_flag=True, help="Show all numbers, not only the first groups.")
@click.option("--no-noise-check", is_flag=True, help="Do not ask some again to measure the noise.")
@answer_options
@encoder_options
@common_options
def run_command(
    suite: str,
    *,
    common: Common,
    resume: str | None,
    out: str | None,
    no_noise_check: bool,
    parallel: int,
    **rest: Any,
) -> int:
    """Ask a suite's questions, and say how far the answers can be trusted.

    SUITE is a name that `ragkit eval list` shows, or a folder. What came of it is kept in
    evals/runs/.
    """
    remarks = Remarks(quiet=common.quiet)
    every = rest.pop("every")
    flags = {name: rest.pop(name) for name in list(rest) if name not in _Asked.__slots__}
    asked = _Asked(**rest)
    workspace = open_workspace(common, flags, remarks)
    found = load_suite(suite, evals_dir=workspace.evals_dir, drafts=asked.drafts)
    if resume:
        folder = _find_begun(workspace, found, resume)
        asked, flags = _go_on(folder, asked, flags)
        workspace = open_workspace(common, flags, remarks)
    else:
        name = f"{found.name}-{_choose_measure(asked, found).name}"
        folder = _new_folder(workspace, name, out)
    options = RunOptions(
        resume=bool(resume),
        noise_check=not no_noise_check,
        parallel=parallel,
        threads=workspace.settings.threads,
        given={name: flag for name, flag in flags.items() if flag is not None},
    )
    try:
        run = _run(workspace, found, asked, folder, options, remarks)
    except RunInterruptedError as stop:
        return _report_interruption(stop, suite)
    show_run(run, as_json=common.as_json, every=every)
    return 0


@click.command("rescore")
@click.argument("run")
@click.option("--all", "every", is_flag=True, help="Show all numbers, not only the first groups.")
@common_options
def rescore_command(run: str, *, common: Common, every: bool, **flags: Any) -> int:
    """Score the answers of a RUN again, as after a change of the rules; asks no model.

    RUN is the name of a run, its folder, latest or previous.
    """
    workspace = open_workspace(common, flags, Remarks(quiet=common.quiet))
    folder = find_run(run, runs_dir=runs_dir_of(workspace))
    show_run(rescore(folder, MEASURES), as_json=common.as_json, every=every)
    return 0


def runs_dir_of(workspace: Workspace) -> Path:
    """Return where the runs of a project are kept."""
    return workspace.evals_dir / "runs"


def show_run(run: LoadedRun, *, as_json: bool, every: bool = False) -> None:
    """Write the page of a run, and print what it came to."""
    page = run.folder / REPORT_FILE
    write_report(run, page)
    if as_json:
        print_form({"run": str(run.folder), "page": str(page), "summary": form_of(run.summary)})
        return
    console = answer_console()
    print_summary(console, run.summary, run.samples, run.scored, report=page, every=every)


def _run(
    workspace: Workspace,
    suite: Suite,
    asked: _Asked,
    folder: RunFolder,
    options: RunOptions,
    remarks: Remarks,
) -> LoadedRun:
    measure, plan = _choose_measure(asked, suite), _plan_options(workspace, asked, suite)
    measure.plan(suite.samples, plan)  # what cannot be is said before anything slow
    with ExitStack() as stack:
        with ProgressDisplay(remarks) as building:
            opened = open_bench(workspace, suite, parallel=options.parallel, on_progress=building)
            bench = stack.enter_context(opened)
        judges = _open_judges(workspace, bench, plan.judges)
        display = stack.enter_context(RunDisplay(remarks))
        options = replace(options, judges=judges, on_progress=display)
        return run_suite(measure, plan, bench=bench, folder=folder, options=options)


def _open_judges(
    workspace: Workspace, bench: Bench, names: tuple[str, ...]
) -> tuple[CheckedJudge, ...]:
    """Return the judges that are asked for; one that nobody has checked is refused."""
    return tuple(
        check_judge(
            open_judge(name, load_encoder=lambda: bench.encoder, load_llm=lambda: bench.llm.model),
            workspace.evals_dir,
        )
        for name in dict.fromkeys(names)
    )


def _plan_options(workspace: Workspace, asked: _Asked, suite: Suite) -> PlanOptions:
    return PlanOptions(
        size=asked.size or "default",
        budget=asked.budget,
        axes=tuple(axis.strip() for axis in (asked.axes or "").split(",") if axis.strip()),
        strategy=workspace.settings.strategy,
        seed=workspace.settings.seed,
        instructions=own_instructions(suite.folder),
        judges=asked.judges,
    )


def _choose_measure(asked: _Asked, suite: Suite) -> Measure:
    name = asked.measure or suite.measures[0]
    if name not in MEASURES:
        raise unknown_name("measure", name, MEASURES)
    return MEASURES[name]


def _new_folder(workspace: Workspace, name: str, out: str | None) -> RunFolder:
    """Return the folder of a run that begins now.

    Raises:
        UsageError: There is something in it.
    """
    runs_dir = runs_dir_of(workspace)
    if not out:
        path = runs_dir / f"{name}-{datetime.now():%Y%m%d-%H%M%S}"
        others = (path.with_name(f"{path.name}-{number}") for number in count(2))
        return RunFolder(next(one for one in chain((path,), others) if not one.exists()))
    path = Path(out) if "/" in out or "\\" in out else runs_dir / out
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UsageError(
            f"there is something in {path} already",
            hint=f"give another name with --out, or go on with it: --resume {out}",
        )
    return RunFolder(path)


def _find_begun(workspace: Workspace, suite: Suite, resume: str) -> RunFolder:
    """Return the run to go on with.

    Raises:
        UsageError: There is none.
    """
    runs_dir = runs_dir_of(workspace)
    if resume != _UNFINISHED:
        return RunFolder(find_run(resume, runs_dir=runs_dir))
    for folder in map(RunFolder, find_runs(runs_dir)):
        if not folder.is_finished and folder.read_header()[0]["suite"]["name"] == suite.name:
            return folder
    raise UsageError(
        f"no run of {suite.name} was left unfinished", hint="begin one: leave --resume out"
    )


def _go_on(
    folder: RunFolder, asked: _Asked, flags: Mapping[str, Any]
) -> tuple[_Asked, dict[str, Any]]:
    """Return what is asked for to go on with a run: what it began with, where nothing was said."""
    header, plan = folder.read_header()
    given = header.get("given", {})
    asked = replace(
        asked,
        measure=asked.measure or header["measure"],
        size=asked.size or plan.size,
        budget=asked.budget or plan.budget,
        axes=asked.axes or ",".join(plan.axes),
        judges=asked.judges or plan.judges,
    )
    merged = {name: given.get(name) if flag is None else flag for name, flag in flags.items()}
    return asked, merged


def _report_interruption(stop: RunInterruptedError, suite: str) -> int:
    step = shlex.join(["ragkit", "eval", "run", suite, "--resume", stop.folder.path.name])
    click.echo(f"interrupted: {stop.done} of {stop.total} are done and kept", err=True)
    click.echo(f"  next: {step}", err=True)
    return EXIT_INTERRUPTED
