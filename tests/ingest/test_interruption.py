"""Stop an ingest anywhere: what was committed is kept, and the next one ends where it would have.

The corpus is cut so finely that it is committed in several parts.
"""

import signal

import numpy as np
import pytest

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.ingest import IngestOptions, ingest
from tests.ingest.reading import read_here
from tests.small_project import run_process, run_ragkit, write_project

DOCUMENTS = {
    f"part-{part}.md": "".join(
        f"Sentence {number} of part {part} names the animal {part * 1000 + number} plainly "
        "and then goes on for a while about nothing in particular at all.\n\n"
        for number in range(120)
    )
    for part in range(6)
}
CHUNK_TOKENS = ("--chunk-tokens", "32")


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("RAGKIT_ENCODER", "hashing")
    return write_project(tmp_path / "project", DOCUMENTS)


def state(folder):
    """Return all that an index holds, in an order that does not depend on how it came about."""
    encoder = HashingEncoder()
    with LocalIndex(folder) as index:
        documents = [
            (document, index.document(document.path).text) for document in index.documents()
        ]
        query = encoder.encode_queries(["which animal is named plainly in part 3"])
        found = index.search_dense(query, top_n=index.chunk_count())
        chunks = index.chunks([key for key, _ in found])
        scores = sorted((chunk.id, chunk.text, round(score, 5))
                        for chunk, (_, score) in zip(chunks, found, strict=True))  # fmt: skip
        words = index.document_frequencies(["animal", "3007", "plainly"])
        assert len(scores) == index.chunk_count()
        return documents, scores, words, (index.encoder_name, index.encoder_fingerprint)


STOPPED = """
import os, signal, sys
import ragkit.ingest.batches as run
from ragkit.cli.main import main
from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
step, count, stop = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
calls = 0
def counted(function):
    def call(*arguments, **options):
        global calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), stop)
        return function(*arguments, **options)
    return call
if step == "read":
    run.chunk_document = counted(run.chunk_document)  # called as soon as a document is read
elif step == "encode":
    HashingEncoder.encode_passages = counted(HashingEncoder.encode_passages)
else:
    setattr(LocalIndex, step, counted(getattr(LocalIndex, step)))
main(sys.argv[4:])
"""


def stop_at(project, step, count, stop=signal.SIGKILL, *arguments):
    """Ingest in a process that ends before the nth call of a step."""
    words = (step, str(count), str(int(stop)), "ingest", *CHUNK_TOKENS, *arguments)
    return run_process(project, *words, code=STOPPED)


@pytest.mark.parametrize(
    ("step", "count"),
    [("read", 1), ("read", 5), ("encode", 4), ("apply", 1), ("apply", 2), ("save_vectors", 1)],
)
def test_killed_then_ingest_is_ingest(project, capfd, step, count):
    done = stop_at(project, step, count)
    assert done.code == -signal.SIGKILL, done.err
    here = ("--project", project)
    resumed = run_ragkit(capfd, "ingest", *here, *CHUNK_TOKENS)
    assert (resumed.code, resumed.out.count(" 0 failed")) == (0, 1), resumed.err
    whole = run_ragkit(capfd, "ingest", *here, *CHUNK_TOKENS, "--index", "whole")
    assert whole.out.startswith("6 new")
    assert state(project / "indexes/default") == state(project / "indexes/whole")


@pytest.mark.parametrize("step", ["apply", "replace_by_successor", "discard_successor"])
def test_a_killed_rebuild_goes_on(project, capfd, step):
    """Until the new index is whole there is the old one, and from then on the new one."""
    folder, old = project / "indexes/default", HashingEncoder(dim=64)
    options = IngestOptions(chunk_tokens=32, read=read_here)
    with LocalIndex(folder, writable=True) as index:
        ingest((), corpus=project / "corpus", index=index, encoder=old, options=options)
    done = stop_at(project, step, 2 if step == "apply" else 1, signal.SIGKILL, "--rebuild")
    assert done.code == -signal.SIGKILL, done.err
    with LocalIndex(folder) as index:
        encoder = HashingEncoder() if step == "discard_successor" else old
        assert index.encoder_fingerprint == encoder.fingerprint
        query = encoder.encode_queries(["which animal is named plainly"])
        assert len(index.search_dense(query, top_n=5)) == 5
    run_ragkit(capfd, "ingest", "--project", project, *CHUNK_TOKENS, "--rebuild")
    run_ragkit(capfd, "ingest", "--project", project, *CHUNK_TOKENS, "--index", "whole")
    assert state(folder) == state(project / "indexes/whole")
    assert not (folder / "successor").exists()


def test_what_was_committed_is_not_read_again(project, capfd):
    """Two documents of about 120 chunks each are committed at a time or so."""
    stop_at(project, "read", 6)
    done = run_ragkit(capfd, "ingest", "--project", project, *CHUNK_TOKENS, "--json")
    assert done.form["new"] + done.form["unchanged"] == 6
    assert done.form["unchanged"] >= 2


def test_ctrl_c_keeps_what_was_committed(project, capfd):
    done = stop_at(project, "read", 6, signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    with LocalIndex(project / "indexes/default") as index:
        kept = len(list(index.documents()))
        assert index.info().vectors_current  # it was closed in order
    assert kept >= 2
    done = run_ragkit(capfd, "ingest", "--project", project, *CHUNK_TOKENS)
    assert done.out.startswith(f"{6 - kept} new, 0 changed, {kept} unchanged")


def test_killed_while_a_document_is_replaced(project, capfd):
    """The old version is there until the new one is."""
    here = ("--project", project)
    run_ragkit(capfd, "ingest", *here, *CHUNK_TOKENS)
    before = state(project / "indexes/default")
    (project / "corpus/part-1.md").write_text("Part one is about zebras now.\n")
    stop_at(project, "apply", 1)
    assert state(project / "indexes/default") == before
    assert run_ragkit(capfd, "ingest", *here, *CHUNK_TOKENS).out.startswith("0 new, 1 changed")
    assert "zebras" in run_ragkit(capfd, "search", *here, "zebras").out


def test_embeddings_are_unit_rows(project, capfd):
    run_ragkit(capfd, "ingest", "--project", project, *CHUNK_TOKENS)
    with LocalIndex(project / "indexes/default") as index:
        _, matrix = index._catalog.embeddings()
    norms = np.linalg.norm(matrix, axis=1)
    assert np.allclose(norms, 1.0, atol=1e-5)
