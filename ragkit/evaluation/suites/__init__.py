"""What is asked: folders of samples, found by name, read with every mistake named by its line."""

from ragkit.evaluation.suites.finding import (
    FoundSuite,
    built_in_folder,
    find_suite,
    find_suites,
    fixture_folder,
    is_built_in,
    load_suite,
)
from ragkit.evaluation.suites.folders import (
    BUILT_IN,
    MEASURES,
    describe_suite,
    read_rows,
    read_samples,
    read_suite,
    samples_file,
    save_rows,
    save_samples,
)
from ragkit.evaluation.suites.rows import KINDS, SIZES, form_of_sample, parse_sample

__all__ = [
    "BUILT_IN",
    "KINDS",
    "MEASURES",
    "SIZES",
    "FoundSuite",
    "built_in_folder",
    "describe_suite",
    "find_suite",
    "find_suites",
    "fixture_folder",
    "form_of_sample",
    "is_built_in",
    "load_suite",
    "parse_sample",
    "read_rows",
    "read_samples",
    "read_suite",
    "samples_file",
    "save_rows",
    "save_samples",
]
