"""Dense search in both of its forms: exact scores, whatever was added, removed or narrowed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragkit.index.catalog import Catalog
from ragkit.index.dense import DenseSearch
from ragkit.index.runs import KeyRuns, join_runs, runs_of
from ragkit.index.vectors_file import load_vectors
from ragkit.records import DocumentFilter
from tests.small_index import change_of

DIM = 132  # no multiple of 8


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def centre_of(path, *, dim=DIM):
    """Return what the embeddings of a document lie around: not far from each other's."""
    return 3.0 + np.random.default_rng(list(path.encode())).standard_normal((1, dim))


def query_for(path):
    return unit(centre_of(path))


def a_change(path, count, *, dim=DIM):
    """Return a change with so many random embeddings."""
    texts = [f"{path} {n}" for n in range(count)]
    noise = np.random.default_rng([count, *path.encode()]).standard_normal((count, dim))
    return change_of(path, *texts)._replace(embeddings=unit(centre_of(path, dim=dim) + 0.7 * noise))


@pytest.fixture
def catalog(tmp_path):
    catalog = Catalog(tmp_path / "catalog.sqlite", writable=True)
    yield catalog
    catalog.close()


@pytest.fixture(params=[10_000, 0], ids=["exact", "bits"])
def dense(request, catalog, tmp_path):
    """A search in each of the two forms."""
    return lambda: DenseSearch(catalog, tmp_path / "vectors.faiss", exact_chunks=request.param)


def best(catalog, query, top_n, paths=None):
    """Return what a search has to find: every embedding compared with plain numpy."""
    keys, rows = catalog.embeddings()
    if paths is not None:
        kept = np.concatenate([catalog.find_runs(DocumentFilter((p,))).keys() for p in paths])
        is_kept = np.isin(keys, kept)
        keys, rows = keys[is_kept], rows[is_kept]
    scores = rows.astype(np.float64) @ query[0].astype(np.float64)
    order = np.lexsort((keys, -scores.round(6)))[:top_n]
    return [(int(keys[at]), pytest.approx(float(scores[at]), abs=1e-5)) for at in order]


def test_it_finds_the_closest_chunks_with_their_cosines(catalog, dense):
    catalog.apply([a_change(f"{n}", 300) for n in range(9)])
    for n in range(9):
        query = query_for(f"{n}")
        assert list(dense().search(query, top_n=5)) == best(catalog, query, 5)


def test_more_than_there_are(catalog, dense):
    catalog.apply([a_change("a", 3)])
    query = unit(np.ones((1, DIM)))
    assert len(dense().search(query, top_n=1000)) == 3
    assert dense().search(query, top_n=0) == ()


def test_equal_scores_come_in_the_order_of_keys(catalog, dense):
    change = a_change("a", 900)
    same = change._replace(embeddings=np.repeat(change.embeddings[:1], 900, axis=0))
    catalog.apply([same])
    found = dense().search(change.embeddings[:1], top_n=7)
    assert [key for key, _ in found] == [1, 2, 3, 4, 5, 6, 7]
    assert len({score for _, score in found}) == 1


STEPS = st.lists(
    st.tuples(st.sampled_from("abcde"), st.integers(0, 400), st.booleans()), max_size=5
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS, exact_chunks=st.sampled_from([0, 500, 10_000]))
def test_whatever_is_added_and_removed(tmp_path_factory, steps, exact_chunks):
    """A search that lives on, one that opens the saved file, and one without a file agree."""
    folder = tmp_path_factory.mktemp("steps")
    catalog = Catalog(folder / "catalog.sqlite", writable=True)
    catalog.apply([a_change("f", 10)])
    living = DenseSearch(catalog, folder / "none", exact_chunks=exact_chunks)
    for path, count, saves in steps:
        query = query_for(path if count >= 5 else "f")
        catalog.apply([a_change(path, count)] if count else (), removed=[path])
        opened = DenseSearch(catalog, folder / "vectors", exact_chunks=exact_chunks)
        fresh = DenseSearch(catalog, folder / "none", exact_chunks=exact_chunks)
        expected = best(catalog, query, 5)
        assert list(living.search(query, top_n=5)) == expected
        assert list(opened.search(query, top_n=5)) == expected
        assert list(fresh.search(query, top_n=5)) == expected
        if saves:
            opened.save()
            assert opened.is_saved()
            assert not opened.is_newer_than_file
    catalog.close()


def test_only_what_was_added_is_read(catalog, dense, monkeypatch):
    catalog.apply([a_change("a", 1000), a_change("b", 1000)])
    dense().save()
    read = []
    iterate = catalog.iterate_embeddings
    monkeypatch.setattr(
        catalog,
        "iterate_embeddings",
        lambda runs, *, dim: read.append(len(runs)) or iterate(runs, dim=dim),
    )
    catalog.apply([a_change("c", 10)], removed=["a"])
    dense().save()
    assert read == [10]


def test_a_flipped_bit_is_not_kept(catalog, dense, tmp_path):
    """Where an older file is brought up to date, what decayed in it is made anew."""
    path = tmp_path / "vectors.faiss"
    catalog.apply([a_change("a", 500)])
    dense().save()
    data = bytearray(path.read_bytes())
    data[100] ^= 4
    path.write_bytes(data)
    catalog.apply([a_change("b", 10)])
    dense().save()
    mended = path.read_bytes()
    path.unlink()
    dense().save()
    assert len(path.read_bytes()) == len(mended)
    assert path.read_bytes()[: 500 * 16] == mended[: 500 * 16]


@pytest.mark.parametrize("documents", [1, 3, 40])
def test_among_some_documents_as_many_are_found_as_wanted(catalog, dense, documents):
    """The chunks closest to the query lie elsewhere, and do not crowd the others out."""
    catalog.apply([a_change("near", 3000), *(a_change(f"{n}/x", 30) for n in range(40))])
    query = query_for("near")
    paths = tuple(f"{n}/x" for n in range(documents))
    found = dense().search(query, top_n=25, within=DocumentFilter(documents=paths))
    assert len(found) == 25
    chunks = catalog.chunks([key for key, _ in found])
    assert {chunk.document for chunk in chunks} <= set(paths)
    if documents < 40:  # beyond, 450 of them are scored
        assert list(found) == best(catalog, query, 25, paths)


def test_a_file_of_a_later_state(catalog, dense, tmp_path):
    """As after a catalog was put back from a copy: what it proposes too much is dropped."""
    catalog.apply([a_change("a", 20), a_change("b", 700)])
    dense().save()
    catalog.apply((), removed=["b"])
    query = query_for("a")
    assert list(dense().search(query, top_n=9)) == best(catalog, query, 9)
    assert len(load_vectors(tmp_path / "vectors.faiss", catalog.stamp().identity).vectors.runs) > 20


def test_embeddings_of_another_length(catalog, dense):
    """As between two encoders: those of the older one compare with nothing."""
    catalog.apply([a_change("old", 600, dim=DIM + 4)])
    dense().save()
    catalog.apply([a_change("new", 600)])
    query = query_for("a")
    paths = {
        chunk.document for chunk in catalog.chunks([k for k, _ in dense().search(query, top_n=9)])
    }
    assert paths == {"new"}
    catalog.apply((), removed=["old"])
    assert list(dense().search(query, top_n=9)) == best(catalog, query, 9)


def test_among_documents_that_another_process_changes(catalog, dense):
    """What a reader remembers of a filter does not outlive a change."""
    within = DocumentFilter(under=("w1",))
    reader = Catalog(catalog.path, writable=False)
    catalog.apply([a_change("w1/a", 3), a_change("w2/b", 3)])
    assert reader.find_runs(within).keys().tolist() == [1, 2, 3]
    assert catalog.find_runs(within).keys().tolist() == [1, 2, 3]
    catalog.apply([a_change("w1/c", 2)], removed=["w1/a"])
    assert reader.find_runs(within).keys().tolist() == [7, 8]
    assert catalog.find_runs(within).keys().tolist() == [7, 8]
    assert catalog.find_runs().keys().tolist() == [4, 5, 6, 7, 8]
    reader.close()


# --- runs of keys ---------------------------------------------------------------------------------

SETS = st.sets(st.integers(1, 60))


@given(keys=SETS, asked=SETS)
def test_runs_are_the_keys_they_were_made_of(keys, asked):
    runs = runs_of(sorted(keys))
    assert runs.keys().tolist() == sorted(keys)
    assert len(runs) == len(keys)
    some = np.array(sorted(asked), dtype=np.int64)
    assert runs.hold(some).tolist() == [key in keys for key in sorted(asked)]
    held = some[runs.hold(some)]
    assert runs.keys()[runs.positions_of(held)].tolist() == held.tolist()
    assert runs.keys_at(runs.positions_of(held)).tolist() == held.tolist()
    assert (runs.starts[1:] > runs.ends[:-1] + 1).all()
    assert runs.same_as(join_runs(runs.starts, runs.ends))
    assert runs.same_as(runs_of(sorted(asked))) == (keys == asked)


def test_no_runs():
    empty = KeyRuns(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert len(empty) == 0
    assert empty.same_as(runs_of([]))
