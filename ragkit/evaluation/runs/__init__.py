"""A suite to a folder of outcomes and what they come to; interrupted runs go on, old ones are read.

`run` does the tasks, `folder` writes them, `header` says what they depend on, `loading` reads and
rescores them.
"""

from ragkit.evaluation.runs.folder import RunFolder
from ragkit.evaluation.runs.forms import form_of, record_of
from ragkit.evaluation.runs.header import describe_run, differences
from ragkit.evaluation.runs.loading import LoadedRun, find_run, find_runs, load_run, rescore
from ragkit.evaluation.runs.noise import choose_repeated, measure_noise
from ragkit.evaluation.runs.ordering import group_tasks
from ragkit.evaluation.runs.run import RunInterruptedError, RunOptions, run_suite

__all__ = [
    "LoadedRun",
    "RunFolder",
    "RunInterruptedError",
    "RunOptions",
    "choose_repeated",
    "describe_run",
    "differences",
    "find_run",
    "find_runs",
    "form_of",
    "group_tasks",
    "load_run",
    "measure_noise",
    "record_of",
    "rescore",
    "run_suite",
]
