"""`ragkit eval compare` and `gate`: two runs held against each other, and whether one may pass."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from ragkit.cli.eval.running import runs_dir_of
from ragkit.cli.opening import open_workspace
from ragkit.cli.options import Common, common_options
from ragkit.cli.render.comparing import print_comparison, print_gate
from ragkit.cli.render.console import Remarks, answer_console
from ragkit.cli.render.forms import print_form
from ragkit.errors import UsageError
from ragkit.evaluation.comparing import (
    Finding,
    GateResult,
    built_in_policy_text,
    compare,
    judge_run,
    load_policy,
)
from ragkit.evaluation.records import VIEWS, View
from ragkit.evaluation.report.looking import right_text
from ragkit.evaluation.runs import find_run, form_of, load_run
from ragkit.evaluation.runs.junit import CaseKind, JunitCase, render_junit
from ragkit.files import write_text_atomically

_KINDS: dict[Finding, CaseKind] = {
    "pass": "passed",
    "regression": "failure",
    "inconclusive": "error",
    "not checked": "skipped",
}


@click.command("compare")
@click.argument("first")
@click.argument("second")
@click.option(
    "--view",
    type=click.Choice(VIEWS),
    help="The answers as shown (the default), or what the model said.",
)
@click.option("--all", "every", is_flag=True, help="All numbers and all changed answers.")
@common_options
def compare_command(
    first: str, second: str, *, common: Common, view: View | None, every: bool, **flags: Any
) -> int:
    """Say in what the SECOND of two runs differs from the FIRST.

    Each is the name of a run, its folder, latest or previous.
    """
    remarks = Remarks(quiet=common.quiet)
    runs_dir = runs_dir_of(open_workspace(common, flags, remarks))
    before, after = (load_run(find_run(name, runs_dir=runs_dir)) for name in (first, second))
    comparison = compare(before, after, view=view)
    for warning in comparison.warnings:
        remarks.warn(warning)
    if common.as_json:
        wanted = {sample.id: right_text(sample) for sample in after.samples}
        form = form_of(comparison)
        for changed in (*form["broke"], *form["fixed"]):
            changed["right"] = wanted.get(changed["sample_id"], "")
        print_form(form)
        return 0
    print_comparison(answer_console(), comparison, after.samples, every=every)
    return 0


@click.command("gate")
@click.argument("run", required=False)
@click.option("--baseline", metavar="RUN", help="The run that it may not be worse than.")
@click.option(
    "--policy",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What is asked of it; a built-in policy by default.",
)
@click.option("--show-policy", is_flag=True, help="Print the policy that holds, and stop.")
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the verdict of each rule to this file, too, as CI systems read it.",
)
@common_options
def gate_command(
    run: str | None,
    *,
    common: Common,
    baseline: str | None,
    policy: Path | None,
    show_policy: bool,
    junit: Path | None,
    **flags: Any,
) -> int:
    """Say whether a RUN may pass: 0 for yes, 1 for a regression, 3 where that cannot be told.

    RUN is the name of a run, its folder, latest or previous.
    """
    remarks = Remarks(quiet=common.quiet)
    rules = load_policy(policy)
    if show_policy:
        text = policy.read_text(encoding="utf-8") if policy else built_in_policy_text()
        click.echo(text, nl=False)
        return 0
    if run is None:
        raise UsageError("say which run: its name, its folder, latest or previous")
    runs_dir = runs_dir_of(open_workspace(common, flags, remarks))
    judged = load_run(find_run(run, runs_dir=runs_dir))
    against = load_run(find_run(baseline, runs_dir=runs_dir)) if baseline else None
    result = judge_run(judged, rules, baseline=against)
    if junit:
        write_text_atomically(junit, _junit_of(result))
    _show(result, as_json=common.as_json)
    return result.exit_code


def _show(result: GateResult, *, as_json: bool) -> None:
    """Print the verdict; a reader of the pipe that has gone (head, say) does not change it."""
    try:
        if as_json:
            print_form(form_of(result))
        else:
            print_gate(answer_console(), result)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # rich makes the one into the other
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _junit_of(result: GateResult) -> str:
    """Return the rules as test cases; what cannot be told is no pass, so that CI shows it."""
    cases = [
        JunitCase(
            group=f"gate.{result.policy}",
            name=f"{rule.rule} {rule.limit} {rule.bound:g}",
            kind=_KINDS[rule.finding],
            message=rule.reason,
        )
        for rule in result.rules
    ]
    return render_junit(f"ragkit eval gate {result.run}", cases)
