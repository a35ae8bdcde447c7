"""Runs whose outcomes are chosen, written as `ragkit eval run` writes them."""

from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import (
    Metric,
    Outcome,
    Reading,
    ReadSentence,
    Sample,
    Score,
    Scored,
    Summary,
)
from ragkit.evaluation.runs import RunFolder, load_run
from ragkit.evaluation.statistics import cluster_bootstrap

RIGHT, WRONG, ABSTAINED = "right", "wrong", "abstained"


def make_samples(count, *, a_base=2):
    """Return answerable samples, some about the same fact."""
    return tuple(
        Sample(f"s{n}", f"b{n // a_base}", "answerable", f"What is {n}?", (f"{n}",), f"It is {n}.")
        for n in range(count)
    )


def make_scored(sample, verdict, *, support="supported", error="", values=None):
    """Return an outcome with the verdict that is wanted, in both views."""
    text = {RIGHT: sample.reference, WRONG: "It is 1,000.", ABSTAINED: ""}[verdict]
    said = () if verdict == ABSTAINED else (ReadSentence(text, (1,), support),)
    reading = Reading(text, verdict == ABSTAINED, said)
    outcome = Outcome(
        sample_id=sample.id,
        base_id=sample.base_id,
        kind=sample.kind,
        variant="base",
        axis="base",
        level="as it is",
        call="ask",
        question=sample.question,
        readings={} if error else {"shown": reading, "model": reading},
        error=error,
        seconds=0.25,
    )
    score = Score("correct" if verdict == RIGHT else verdict, verdict == RIGHT, values or {})
    return Scored(outcome, {"shown": score, "model": score})


def make_metrics(scored):
    """Return the headline of a run, as a measure would."""
    metrics = []
    for name, better, holds in (
        ("wrong_and_asserted", "lower", lambda score: score.verdict == "wrong"),
        ("coverage", "higher", lambda score: score.verdict != "abstained"),
        ("right", "higher", lambda score: score.right),
    ):
        for view in ("shown", "model"):
            values = [float(holds(one.scores[view])) for one in scored]
            found = cluster_bootstrap(values, [one.outcome.base_id for one in scored])
            group = "headline" if name == "right" else ""
            metrics.append(Metric(name, name, *found, view=view, better=better, group=group))
    return tuple(metrics)


def write_run(folder, scored, samples, *, noise=0.0, metrics=None, **header):
    """Write a run into a folder and return it as it is read back."""
    head = {
        "ragkit": "0.1.0",
        "suite": {"name": "mine", "version": 1, "sha256": "abc"},
        "measure": "hallucination",
        "model": {"name": "scripted"},
        "started": f"2026-01-01T00:00:{len(list(folder.parent.glob('*'))):02}",
    } | header
    run = RunFolder(folder)
    run.begin(head, PlanOptions(), samples)
    run.write_items(scored)
    floor = None if noise is None else Metric("noise", "noise", noise, n=20)
    found = make_metrics(scored) if metrics is None else metrics
    run.write_summary(Summary(head["measure"], found, "So it is.", noise=floor, header=head))
    return load_run(folder)


def run_of(folder, verdicts, **options):
    """Write and return a run with these verdicts, one for each of as many samples."""
    samples = make_samples(len(verdicts))
    scored = [make_scored(*pair) for pair in zip(samples, verdicts, strict=True)]
    return write_run(folder, scored, samples, **options)
