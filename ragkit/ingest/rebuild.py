"""An index made anew for another encoder, beside the old one, which is searched until then.

What cannot be read at the moment, or lies outside of what was asked for, is encoded from the text
that the old index holds of it, so that a rebuild loses nothing. An interrupted one is taken up
again; the new index takes the place of the old one in a single transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ragkit.ingest.batches import Source, cut_in_batches
from ragkit.ingest.plan import IngestPlan, plan_ingest
from ragkit.ingest.report import IngestReport
from ragkit.ingest.sync import Job, Sync
from ragkit.protocols import Index
from ragkit.records import StoredDocument


def rebuild(plan: IngestPlan, stored: Mapping[str, StoredDocument], job: Job) -> IngestReport:
    """Make an index anew for an encoder that did not make it; return what was done.

    Args:
        plan: What differs from the old index; everything is to be read.
        stored: What the old index holds, by path.
        job: Where, and how.
    """
    planned = plan.foretell(prune=job.options.prune is not False)
    with job.index.open_successor(job.encoder) as successor:
        held = {document.path: document for document in successor.documents()}
        options = replace(job.options, rebuild=False, prune=True)
        inner = replace(job, index=successor, options=options)
        sync = Sync(plan_ingest(job.paths, corpus=job.corpus, stored=held, options=options), inner)
        sync.run()
        report = sync.report(stored)
        settled = {*planned.removed, *(document.path for document in successor.documents())}
        left = [known for path, known in stored.items() if path not in settled]
        sync.writer.expected += len(left)
        carried = cut_in_batches(
            _stored_sources(left, job.index),
            encoder=job.encoder,
            chunk_tokens=options.chunk_tokens,
        )
        for batch in carried:
            sync.writer.write(batch)
    job.index.replace_by_successor()
    read = (*report.new, *report.changed)
    return replace(
        report,
        new=tuple(name for name in read if name not in stored),
        changed=tuple(name for name in read if name in stored),
        removed=planned.removed,
        kept=planned.kept,
        encoded_chunks=sync.writer.encoded,
    )


def _stored_sources(documents: Iterable[StoredDocument], old: Index) -> Iterator[Source]:
    for known in documents:
        document = old.document(known.path)
        yield Source(document, known.size_bytes, known.mtime_ns, known.recipe)
