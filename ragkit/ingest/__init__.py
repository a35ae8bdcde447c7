"""A folder of documents to an index equal to it.

`scope` says where to look, `plan` what differs, `sync` does it in `batches`, `rebuild` does it for
another encoder, and `report` tells what was done.
"""

from ragkit.ingest.plan import IngestPlan, plan_ingest, refuse_mass_removal
from ragkit.ingest.report import (
    FailedFile,
    IngestInterruptedError,
    IngestOptions,
    IngestReport,
)
from ragkit.ingest.run import ingest
from ragkit.ingest.scope import check_paths, find_something, name_within

__all__ = [
    "FailedFile",
    "IngestInterruptedError",
    "IngestOptions",
    "IngestPlan",
    "IngestReport",
    "check_paths",
    "find_something",
    "ingest",
    "name_within",
    "plan_ingest",
    "refuse_mass_removal",
]
