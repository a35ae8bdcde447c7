"""Doing what is planned: move, read, encode and commit, then remove what is gone.

Documents are committed a few at a time as they are done, so an interruption costs at most the few
in flight, and the next run goes on from there. What is gone is removed last: until then a document
that was renamed and edited at once still lends its embeddings.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from ragkit.documents import rename_document
from ragkit.errors import DocumentError
from ragkit.ingest.batches import Source, Writer, cut_in_batches
from ragkit.ingest.plan import IngestPlan, Rename
from ragkit.ingest.report import FailedFile, IngestInterruptedError, IngestOptions, IngestReport
from ragkit.protocols import DocumentMove, Encoder, Index, Progress, ProgressListener
from ragkit.records import StoredDocument


@dataclass(frozen=True, slots=True)
class Job:
    """What an ingest is given; see `ragkit.ingest.ingest`."""

    paths: Sequence[Path]
    corpus: Path
    index: Index
    encoder: Encoder
    options: IngestOptions
    on_progress: ProgressListener


class Sync:
    """One run: what was planned, and what is done of it so far.

    Args:
        plan: What to do.
        job: Where, and how.
    """

    def __init__(self, plan: IngestPlan, job: Job) -> None:
        self._plan = plan
        self._job = job
        self._index = job.index
        self._options = job.options
        self.writer = Writer(
            job.index, job.encoder, expected=len(plan.to_read), on_progress=job.on_progress
        )
        self._failed: list[FailedFile] = []
        self._warnings: list[str] = []

    def run(self) -> None:
        """Do what is planned."""
        plan, index = self._plan, self._index
        index.set_encoder(self._job.encoder)
        moved = [*plan.touched, *map(self._move_of, plan.renamed)]
        if plan.early or moved:
            index.apply((), removed=plan.early, moved=moved)
        try:
            with closing(self._read()) as sources:
                for batch in cut_in_batches(
                    sources, encoder=self._job.encoder, chunk_tokens=self._options.chunk_tokens
                ):
                    self.writer.write(batch)
        except KeyboardInterrupt as error:
            done = plan.unchanged + len(plan.renamed) + len(self.writer.stored)
            raise IngestInterruptedError(done=done, total=plan.files) from error
        removed = [*plan.gone, *self._failed_successions()]
        if removed and self._options.prune is not False:
            index.apply((), removed=removed)

    def _move_of(self, rename: Rename) -> DocumentMove:
        old_path, file = rename
        document = rename_document(self._index.document(old_path), name=file.name)
        return DocumentMove(old_path, file.name, document.metadata, file.mtime_ns)

    def _failed_successions(self) -> Iterable[str]:
        failed = {failure.name for failure in self._failed}
        return (old for name, old in self._plan.succeeded.items() if name in failed)

    def _read(self) -> Generator[Source]:
        files, succeeded = self._plan.to_read, self._plan.succeeded
        options = self._options
        results = options.read(
            files,
            password=options.password,
            ocr=options.ocr,
            limits=options.limits,
            debug=options.debug,
        )
        with closing(results):
            for done, file in enumerate(files):
                self._job.on_progress(Progress("reading", done, len(files), file.name))
                outcome = next(results).outcome
                if isinstance(outcome, DocumentError):
                    self._failed.append(FailedFile(file.name, outcome.message, outcome.hint))
                    self.writer.expected -= 1
                    continue
                self._warnings += (f"{file.name}: {warning}" for warning in outcome.warnings)
                old = succeeded.get(file.name, "")
                recipe = options.recipe_of(file.name)
                yield Source(outcome, file.size_bytes, file.mtime_ns, recipe, old)
        self._job.on_progress(Progress("reading", len(files), len(files)))

    def report(self, stored: Mapping[str, StoredDocument]) -> IngestReport:
        """Return what was done.

        Args:
            stored: What the index held before.
        """
        read = {*self.writer.stored, *(file.name for _, file in self._plan.renamed)}
        planned = self._plan.foretell(prune=self._options.prune is not False)
        return replace(
            planned,
            new=tuple(name for name in planned.new if name in read),
            changed=tuple(name for name in planned.changed if name in read),
            renamed=tuple((old, name) for old, name in planned.renamed if name in read),
            failed=tuple(fail._replace(kept=fail.name in stored) for fail in self._failed),
            warnings=tuple(self._warnings),
            encoded_chunks=self.writer.encoded,
        )
