"""Another encoder: the old index is searched until the new one is whole, and nothing is lost."""

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.index import LocalIndex
from ragkit.ingest import IngestInterruptedError, IngestOptions, ingest
from tests.ingest.reading import read_here
from tests.ingest.states import found, fresh_state, state_of
from tests.small_project import COURSE

OTHER = HashingEncoder(dim=32)


@pytest.fixture
def rebuild(corpus, index):
    """Rebuild for the other encoder."""

    def run(*paths, on_progress=lambda _: None, **options):
        return ingest(
            paths,
            corpus=corpus,
            index=index,
            encoder=OTHER,
            options=IngestOptions(rebuild=True, read=read_here, **options),
            on_progress=on_progress,
        )

    return run


def test_the_new_index_is_the_one_made_at_once(sync, rebuild, corpus, index, tmp_path):
    sync()
    (corpus / "new.md").write_text("A zebra came along.\n")
    (corpus / "notes.md").unlink()
    report = rebuild()
    assert report.new == ("new.md",)
    assert report.changed == ("week1/lecture.html", "week1/syllabus.txt")
    assert (report.removed, report.encoded_chunks) == (("notes.md",), 3)
    assert state_of(index, OTHER) == fresh_state(corpus, tmp_path / "indexes/fresh", OTHER)
    with LocalIndex(index.folder) as reader:
        assert reader.info().vectors_current
    assert not (index.folder / "successor").exists()


def test_the_old_index_is_searched_until_the_new_one_is_whole(sync, rebuild, index, encoder):
    sync()
    before = state_of(index, encoder)
    with LocalIndex(index.folder) as reader:
        found(reader, encoder, "dropout")
        seen = []
        rebuild(on_progress=lambda _: seen.append(state_of(reader, encoder) == before))
        assert seen
        assert all(seen)
        assert reader.encoder_fingerprint == OTHER.fingerprint
        assert len(found(reader, OTHER, "dropout")[0]) == 3


@pytest.mark.parametrize("phase", ["reading", "encoding", "saving"])
def test_an_interrupted_rebuild_is_taken_up_again(sync, rebuild, index, corpus, phase, tmp_path):
    encoder = HashingEncoder(dim=64)
    for number in range(4):
        (corpus / f"long{number}.md").write_text(
            "".join(f"# Part {part}\n\nText {part} of {number}.\n\n" for part in range(40))
        )
    sync(chunk_tokens=16)
    before = state_of(index, encoder)
    steps = []

    def interrupt(progress):
        steps.append(progress)
        if progress.phase == phase and index_holds(index, 2):
            raise KeyboardInterrupt

    with pytest.raises(IngestInterruptedError) as stopped:
        rebuild(on_progress=interrupt, chunk_tokens=16)
    assert 2 <= stopped.value.done < stopped.value.total == 7
    assert state_of(index, encoder) == before
    report = rebuild(chunk_tokens=16)
    assert report.unchanged >= 2  # done before the interruption
    made = state_of(index, OTHER)
    assert made == fresh_state(corpus, tmp_path / "indexes/fresh", OTHER, chunk_tokens=16)


def index_holds(index, documents):
    """Say whether the index in the making holds so many documents."""
    with LocalIndex(index.folder / "successor") as successor:
        return len(list(successor.documents())) >= documents


def test_an_unfinished_rebuild_is_forgotten_by_an_ordinary_ingest(sync, rebuild, index):
    def interrupt(_progress):
        raise KeyboardInterrupt

    sync()
    with pytest.raises(KeyboardInterrupt):
        rebuild(on_progress=interrupt)
    assert (index.folder / "successor").exists()
    sync()
    assert not (index.folder / "successor").exists()


def test_a_rebuild_for_a_third_encoder_starts_anew(sync, rebuild, index, corpus):
    sync()
    with index.open_successor(HashingEncoder(dim=16)) as successor:
        ingest(
            (),
            corpus=corpus,
            index=successor,
            encoder=HashingEncoder(dim=16),
            options=IngestOptions(read=read_here),
        )
    assert rebuild().encoded_chunks == 3
    assert index.encoder_fingerprint == OTHER.fingerprint


def test_what_is_not_asked_for_or_cannot_be_read_is_encoded_from_its_stored_text(
    sync, rebuild, index, corpus, tmp_path, stored
):
    outside = tmp_path / "article.md"
    outside.write_text("An article on my desk about zebras.\n")
    sync()
    sync(outside)
    before = {path: index.document(path) for path in stored()}
    outside.unlink()
    (corpus / "notes.md").write_bytes(b"\x00\x01\x02" * 40)
    report = rebuild(corpus / "notes.md", corpus / "week1/lecture.html")
    assert [(fail.name, fail.kept) for fail in report.failed] == [("notes.md", True)]
    assert report.changed == ("week1/lecture.html",)
    assert {path: index.document(path) for path in stored()} == before
    assert index.chunk_count() == len(found(index, OTHER, "dropout")[0]) == 4


def test_documents_that_are_gone_can_be_kept(sync, rebuild, corpus, stored):
    sync()
    (corpus / "notes.md").unlink()
    assert rebuild(prune=False).kept == ("notes.md",)
    assert stored() == sorted(COURSE)
