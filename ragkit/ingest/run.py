"""`ingest`: make an index equal to a folder of documents."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ragkit.ingest.duplicates import find_duplicates
from ragkit.ingest.plan import plan_ingest, refuse_mass_removal
from ragkit.ingest.rebuild import rebuild
from ragkit.ingest.report import IngestOptions, IngestReport
from ragkit.ingest.sync import Job, Sync
from ragkit.protocols import Encoder, Index, ProgressListener, ignore_progress


def ingest(
    paths: Sequence[Path],
    *,
    corpus: Path,
    index: Index,
    encoder: Encoder,
    options: IngestOptions | None = None,
    on_progress: ProgressListener = ignore_progress,
) -> IngestReport:
    """Make what the index holds of some paths equal to what lies there; return what was done.

    Args:
        paths: Folders or files; empty for the whole corpus. What the index holds from elsewhere is
            left alone.
        corpus: The folder that documents are named relative to.
        index: Open for writing; it holds embeddings of this encoder or none, unless it is to be
            rebuilt.
        encoder: Encodes the chunks.
        options: How to read and cut.
        on_progress: Told how far each phase is.

    Raises:
        StorageError: A path does not exist or holds nothing to read, most of the documents are
            gone, or the disk is full.
        IngestInterruptedError: Ctrl-C; what was committed stays.
    """
    start = time.perf_counter()
    options = options or IngestOptions()
    stored = {document.path: document for document in index.documents()}
    plan = plan_ingest(paths, corpus=corpus, stored=stored, options=options)
    if options.prune is None:
        refuse_mass_removal(plan)
    job = Job(paths, corpus, index, encoder, options, on_progress)
    if options.rebuild and index.encoder_fingerprint not in ("", encoder.fingerprint):
        report = rebuild(plan, stored, job)
    else:
        index.discard_successor()
        sync = Sync(plan, job)
        sync.run()
        report = sync.report(stored)
    return replace(
        report,
        duplicates=find_duplicates(index, {*report.new, *report.changed}),
        seconds=time.perf_counter() - start,
    )
