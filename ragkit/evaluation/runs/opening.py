"""The bench for a suite: over the project's index, or over one of the suite's own documents.

The latter is built when it is first needed and kept in the cache; its name depends on what the
documents hold and on how they are cut and encoded, so that nothing old is ever asked.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ragkit.errors import DocumentError
from ragkit.evaluation.bench import Bench
from ragkit.evaluation.known import KNOWN, open_known
from ragkit.evaluation.records import Suite
from ragkit.evaluation.runs.filling import fill_index
from ragkit.evaluation.suites import is_collection, load_documents
from ragkit.files import sha256_of
from ragkit.index import LocalIndex, has_index
from ragkit.ingest import ingest, plan_ingest
from ragkit.models import open_llm
from ragkit.models.opening import SCRIPTED
from ragkit.protocols import LLM, ProgressListener, ignore_progress
from ragkit.workspace import Workspace

_FOLDER = "suites"
_KEY_LENGTH = 16


@contextmanager
def open_bench(
    workspace: Workspace,
    suite: Suite,
    *,
    parallel: int = 0,
    on_progress: ProgressListener = ignore_progress,
) -> Iterator[Bench]:
    """Give what answers the questions of a suite.

    Args:
        workspace: Whose settings hold, and whose index is asked by a suite without documents.
        suite: What is to be run.
        parallel: Prompts that the model is to serve at a time; 0 for as many as there are cores and
            memory for.
        on_progress: Told how far the building of an index is.

    Raises:
        UnusableIndexError: There is no index, or another encoder made it.
        DocumentError: A document of the suite cannot be read.
    """
    if suite.corpus:
        own = _own_workspace(workspace, suite, suite.corpus)
        if is_collection(suite.corpus):
            _fill_index(own, suite.corpus, on_progress)
        else:
            _build_index(own, on_progress)
    else:
        own = workspace
        own.check_index()
    encoder = own.load_encoder()
    with own.open_index(encoder) as index:
        yield Bench(
            suite,
            index=index,
            encoder=encoder,
            load_llm=lambda: _load_llm(workspace, suite, parallel),
            options=workspace.ask_options,
            prompts_dir=workspace.prompts_dir,
        )


def _load_llm(workspace: Workspace, suite: Suite, parallel: int) -> LLM:
    settings = workspace.settings
    rule = settings.model.removeprefix(SCRIPTED)
    if rule != settings.model and rule in KNOWN:
        return open_known(rule, suite.samples)
    return open_llm(
        settings.model,
        cache_dir=settings.cache_path,
        options=replace(workspace.llm_options, engines=parallel),
        on_notice=workspace.on_notice,
    )


def _own_workspace(workspace: Workspace, suite: Suite, corpus: Path) -> Workspace:
    """Return a workspace with the same settings but for the documents and their index."""
    settings = workspace.settings
    encoder = workspace.load_encoder(anew=True)
    depends = (
        *_digests(corpus),
        encoder.fingerprint,
        settings.encoder,
        settings.encoder_runtime,
        settings.encoder_precision,
        str(settings.chunk_tokens),
    )
    key = hashlib.sha256("\n".join(depends).encode()).hexdigest()[:_KEY_LENGTH]
    folder = settings.cache_path.resolve() / _FOLDER
    return workspace.changed(
        {"corpus": str(corpus.resolve()), "indexes": str(folder), "index": f"{suite.name}-{key}"}
    )


def _digests(corpus: Path) -> Iterator[str]:
    for path in sorted(corpus.rglob("*")):
        if path.is_file():
            yield f"{sha256_of(path)} {path.relative_to(corpus).as_posix()}"


def _fill_index(workspace: Workspace, folder: Path, on_progress: ProgressListener) -> None:
    """Put the entries of a collection into the index, if they are not all there.

    Where a chunk may hold as much as the encoder reads, each entry is one, as is usual for such
    collections.
    """
    documents = load_documents(folder)
    if has_index(workspace.index_folder):
        with LocalIndex(workspace.index_folder) as index:
            held = sum(1 for _ in index.documents())
        if held == sum(bool(document.blocks) for document in documents):
            return
    encoder = workspace.load_encoder(anew=True, bulk=True)
    chunk_tokens = workspace.settings.chunk_tokens
    max_tokens = chunk_tokens if chunk_tokens < encoder.max_tokens else 0
    with LocalIndex(workspace.index_folder, writable=True) as index:
        fill_index(
            index, documents, encoder=encoder, max_tokens=max_tokens, on_progress=on_progress
        )


def _build_index(workspace: Workspace, on_progress: ProgressListener) -> None:
    """Make the index equal to the documents, if it is not.

    Raises:
        DocumentError: A document cannot be read: what is measured would not be what is asked.
    """
    options = workspace.ingest_options()
    if has_index(workspace.index_folder):
        with LocalIndex(workspace.index_folder) as index:
            stored = {document.path: document for document in index.documents()}
        plan = plan_ingest((), corpus=workspace.corpus, stored=stored, options=options)
        if not plan.to_read and not plan.gone:
            return
    with workspace.open_for_ingest((), options) as (index, encoder):
        report = ingest(
            (),
            corpus=workspace.corpus,
            index=index,
            encoder=encoder,
            options=options,
            on_progress=on_progress,
        )
    for failed in report.failed:
        raise DocumentError(
            f"{failed.name} of the suite cannot be read: {failed.reason}", hint=failed.hint
        )
