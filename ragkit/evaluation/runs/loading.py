"""A run as it was written, and its outcomes scored anew without a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ragkit.errors import StorageError, UsageError, unknown_name
from ragkit.evaluation.judges import measure_grounded
from ragkit.evaluation.protocols import Measure, PlanOptions
from ragkit.evaluation.records import JudgeCard, Sample, Scored, Summary
from ragkit.evaluation.runs.folder import REPEATS_FILE, RunFolder
from ragkit.evaluation.runs.noise import measure_noise
from ragkit.evaluation.scoring import score_outcome

LATEST, PREVIOUS = "latest", "previous"


@dataclass(frozen=True, slots=True)
class LoadedRun:
    """A run with all that a report shows or a comparison joins."""

    folder: Path
    header: Mapping[str, Any]
    """What its outcomes depend on."""
    options: PlanOptions
    samples: tuple[Sample, ...]
    scored: tuple[Scored, ...]
    summary: Summary

    @property
    def name(self) -> str:
        """What a user calls it by."""
        return self.folder.name


def load_run(folder: Path) -> LoadedRun:
    """Return a run that came to its end.

    Raises:
        UsageError: There is no run, or it did not come to its end.
        StorageError: It is damaged, or was written by a later version.
    """
    run = RunFolder(folder)
    if not run.is_run:
        raise UsageError(f"there is no run in {folder}", hint="begin one: ragkit eval run SUITE")
    header, options = run.read_header()
    summary = run.read_summary()
    if summary is None:
        suite = header.get("suite", {}).get("name", "SUITE")
        raise UsageError(
            f"run {folder.name} has not come to its end",
            hint=f"go on with it: ragkit eval run {suite} --resume {folder.name}",
        )
    return LoadedRun(folder, header, options, run.read_samples(), run.read_items(), summary)


def find_runs(runs_dir: Path) -> tuple[Path, ...]:
    """Return the folders of the runs in a folder, those begun last first."""
    if not runs_dir.is_dir():
        return ()
    begun = [(_begun(folder), folder) for folder in runs_dir.iterdir()]
    return tuple(folder for time, folder in sorted(begun, reverse=True) if time)


def find_run(name: str, *, runs_dir: Path) -> Path:
    """Return the folder of a run.

    Args:
        name: Of a folder in `runs_dir`, or the path of one, or "latest" or "previous".
        runs_dir: Where runs are written.

    Raises:
        UsageError: There is none of that name.
    """
    found = find_runs(runs_dir)
    for place, word in enumerate((LATEST, PREVIOUS)):
        if name == word and place < len(found):
            return found[place]
    for folder in (runs_dir / name, Path(name)):
        if RunFolder(folder).is_run:
            return folder
    names = [folder.name for folder in found] + [LATEST, PREVIOUS][: len(found)]
    if not names:
        raise UsageError(f"there is no run in {runs_dir}", hint="begin one: ragkit eval run SUITE")
    raise unknown_name("run", name, names)


def rescore(folder: Path, measures: Mapping[str, Measure]) -> LoadedRun:
    """Score the outcomes of a run anew, write that in place of the old scores, and return the run.

    No model is asked: what it said is in the folder.

    Raises:
        UsageError: There is no run, or its measure is not known.
        StorageError: It is damaged, or the disk is full.
    """
    run = RunFolder(folder)
    if not run.is_run:
        raise UsageError(f"there is no run in {folder}", hint="begin one: ragkit eval run SUITE")
    header, options = run.read_header()
    name = str(header["measure"])
    if name not in measures:
        raise unknown_name("measure", name, measures)
    samples = run.read_samples()
    scored = _score_all(run.read_items(), samples)
    again = _score_all(run.read_items(REPEATS_FILE), samples)
    before = run.read_summary()
    header |= {"effort": before.header["effort"]} if before and "effort" in before.header else {}
    summary = measures[name].summarise(samples, scored, options)
    judges = before.judges if before else ()
    summary = complete_summary(summary, scored, again, header, judges=judges)
    run.write_items(scored)
    run.write_items(again, REPEATS_FILE)
    run.write_summary(summary)
    run.write_junit(header, scored)
    return LoadedRun(folder, header, options, samples, scored, summary)


def complete_summary(
    summary: Summary,
    scored: Sequence[Scored],
    again: Sequence[Scored],
    header: Mapping[str, Any],
    *,
    judges: tuple[JudgeCard, ...] = (),
) -> Summary:
    """Return a summary with the noise floor, what judges say, and what the run depends on."""
    return replace(
        summary,
        metrics=(*summary.metrics, *measure_grounded(scored, judges)),
        noise=measure_noise(scored, again),
        judges=judges,
        header=dict(header),
    )


def _score_all(items: Sequence[Scored], samples: Sequence[Sample]) -> tuple[Scored, ...]:
    by_id = {sample.id: sample for sample in samples}
    unknown = sorted({item.outcome.sample_id for item in items} - set(by_id))
    if unknown:
        raise StorageError(f"the run holds no sample {unknown[0]!r}")
    return tuple(score_outcome(by_id[item.outcome.sample_id], item.outcome) for item in items)


def _begun(folder: Path) -> str:
    """Return when a run began; empty for what is no run."""
    run = RunFolder(folder)
    try:
        return str(run.read_header()[0].get("started", "-")) if run.is_run else ""
    except StorageError:
        return ""
