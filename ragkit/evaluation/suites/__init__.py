"""What is asked: folders of samples, found by name, read with every mistake named by its line."""

from ragkit.evaluation.suites.collections import (
    Collection,
    collection_suite,
    document_of,
    is_collection,
    load_collection,
    load_documents,
)
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
    start_suite,
)
from ragkit.evaluation.suites.rows import KINDS, SIZES, form_of_sample, parse_sample

__all__ = [
    "BUILT_IN",
    "KINDS",
    "MEASURES",
    "SIZES",
    "Collection",
    "FoundSuite",
    "built_in_folder",
    "collection_suite",
    "describe_suite",
    "document_of",
    "find_suite",
    "find_suites",
    "fixture_folder",
    "form_of_sample",
    "is_built_in",
    "is_collection",
    "load_collection",
    "load_documents",
    "load_suite",
    "parse_sample",
    "read_rows",
    "read_samples",
    "read_suite",
    "samples_file",
    "save_rows",
    "save_samples",
    "start_suite",
]
