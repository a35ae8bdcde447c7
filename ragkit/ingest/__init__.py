"""A folder of documents to an index equal to it: what differs (`plan`), and doing it (`run`)."""

from ragkit.ingest.plan import check_paths, find_something
from ragkit.ingest.run import FailedFile, IngestOptions, IngestReport, ingest

__all__ = ["FailedFile", "IngestOptions", "IngestReport", "check_paths", "find_something", "ingest"]
