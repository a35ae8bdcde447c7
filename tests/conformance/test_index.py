"""What every index promises, whatever database it is made of."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ragkit.index import LocalIndex
from ragkit.protocols import DocumentChange, DocumentMove
from ragkit.records import Block, Chunk, Document, DocumentFilter, Page, StoredDocument
from tests.small_index import COURSE, ENCODER, change_of, find_like, find_words, texts_of

INDEXES = {"local": lambda folder: LocalIndex(folder, writable=True)}

FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=INDEXES)
def empty(request, tmp_path):
    with INDEXES[request.param](tmp_path / "default") as index:
        yield index


@pytest.fixture
def index(empty):
    """An index of the course."""
    empty.set_encoder(ENCODER)
    empty.apply([change_of(path, *texts) for path, texts in COURSE.items()])
    return empty


def keys_of(index):
    return [key for key, _ in index.search_dense(ENCODER.encode_queries(["a"]), top_n=1000)]


def test_an_empty_index(empty):
    assert list(empty.documents()) == []
    assert empty.chunk_count() == 0
    assert empty.search_dense(ENCODER.encode_queries(["mean pooling"]), top_n=5) == ()
    assert empty.search_lexical("mean pooling", top_n=5) == ()
    assert empty.document_frequencies(["mean"]) == (0,)
    assert empty.chunks([]) == ()
    assert (empty.encoder_name, empty.encoder_fingerprint) == ("", "")
    with pytest.raises(KeyError):
        empty.document("lecture.pdf")
    with pytest.raises(KeyError):
        empty.chunks([1])


def test_what_is_stored_comes_back_field_by_field(empty):
    text = "Überblick ﬁn\n東京 🎓\n\ttab \"quotes\" 'n' \\ \u202e"
    document = Document(
        path="Ordner/Vorlesung 1 – 東京.pdf",
        format="pdf",
        title='Titel "eins" 🎓',
        text=text,
        sha256="ab" * 32,
        pages=(Page(1, "iv", 0, 12), Page(2, "1", 12, len(text))),
        blocks=(Block("heading", 0, 9), Block("item", 10, 12, ("Überblick", 'B, "x"'))),
        warnings=("1 of 2 pages has almost no text",),
        language="de",
        metadata={"week": "3", "thème": '"é"'},
    )
    place = {"document": document.path, "title": document.title}
    chunks = (
        Chunk("c1", text=text[:12], start=0, end=12, heading=("A", 'B, "x"', "東"), page=1,
              page_label="iv", **place),
        Chunk("c2", text=text[12:], start=12, end=len(text), **place),
    )  # fmt: skip
    rows = ENCODER.encode_passages([chunk.text for chunk in chunks])
    change = DocumentChange(
        document=document,
        size_bytes=2**40,
        mtime_ns=2**60 + 1,
        recipe="pdf 1, 200",
        chunks=chunks,
        passages=("passage one", "passage two"),
        embeddings=rows,
    )
    empty.apply([change])
    assert list(empty.documents()) == [
        StoredDocument(
            path=document.path,
            format="pdf",
            title=document.title,
            sha256="ab" * 32,
            size_bytes=2**40,
            mtime_ns=2**60 + 1,
            recipe="pdf 1, 200",
            page_count=2,
            chunk_count=2,
            language="de",
            metadata=document.metadata,
            warnings=document.warnings,
        )
    ]
    assert empty.document(document.path) == document
    found = empty.chunks(sorted(keys_of(empty)))
    assert found == chunks
    assert found[1].page is None
    assert found[1].page_label is None


@FEW
@given(text=st.text(min_size=1, max_size=80), heading=st.lists(st.text(max_size=20), max_size=3))
def test_any_text_comes_back_and_goes_away(empty, text, heading):
    empty.apply([change_of("a", text, heading=tuple(heading), title=text[:10])])
    (chunk,) = empty.chunks(keys_of(empty))
    assert (chunk.text, chunk.heading, chunk.title) == (text, tuple(heading), text[:10])
    assert empty.document("a").text == text
    empty.apply((), removed=["a"])
    assert empty.search_lexical(f"{text} {' '.join(heading)}", top_n=5) == ()
    assert empty.chunk_count() == 0


def test_documents_come_in_the_order_of_paths(empty):
    paths = ["b", "a/z", "Z", "ä", "a", "a b", "東"]
    empty.apply(change_of(path, path) for path in paths)
    assert [document.path for document in empty.documents()] == sorted(paths)


def test_a_document_without_chunks(empty):
    empty.apply([change_of("blank.pdf")])
    (document,) = empty.documents()
    assert document.chunk_count == 0
    assert empty.document("blank.pdf").text == ""


def test_lexical_search_finds_words_by_their_stem(index):
    assert find_words(index, "pooling")[0] in (COURSE["lecture.pdf"][0], COURSE["notes.md"][1])
    assert set(find_words(index, "pools")) == {COURSE["lecture.pdf"][0], COURSE["notes.md"][1]}
    assert find_words(index, "homeworks friday") == ["Homework is due on Friday at noon."]
    assert find_words(index, "zebra") == []


def test_a_rare_word_tells_more_than_a_common_one(empty):
    empty.apply([change_of("a", "token one", "token two", "token three", "zebra four", "x", "y")])
    assert find_words(empty, "token zebra")[0] == "zebra four"


def test_words_that_tell_nothing_are_left_out_unless_there_are_no_others(index):
    assert find_words(index, "what is the zebra") == []
    assert find_words(index, "is it the") != []


def test_titles_and_headings_are_searched(empty):
    empty.apply(
        [change_of("a", "Nothing here.", heading=("Grading", "Late work"), title="Syllabus")]
    )
    for query in ("grading", "late", "syllabus"):
        assert find_words(empty, query) == ["Nothing here."]


def test_accents_do_not_matter(empty):
    """Mended: an accent written as a character of its own ended the word."""
    empty.apply([change_of("a", "Les cafés de Zürich")])
    for query in ("cafés", "cafes", "cafe\u0301s", "ZURICH", "Zu\u0308rich"):
        assert find_words(empty, query) == ["Les cafés de Zürich"]


def test_document_frequencies(index):
    words = [
        "token",
        "tokens",
        "Tokens",
        "embedding",
        "homework",
        "zebra",
        "",
        "_",
        '"',
        "friday homework",
    ]
    assert index.document_frequencies(words) == (3, 3, 3, 2, 1, 0, 0, 0, 0, 0)
    assert index.document_frequencies([]) == ()


OPERATORS = st.sampled_from(
    ['"', '""', "*", "NEAR(", "NEAR", ")", "(", "-", "+", "^", ":", "AND", "OR", "NOT", "\0", "'",
     "text:", "{", "}", ";", "--", "token", " ", "_", "\u0301", "%", "?"]
)  # fmt: skip


@FEW
@given(query=st.text(max_size=40) | st.lists(OPERATORS, max_size=8).map(" ".join))
def test_nothing_a_user_types_is_an_operator(index, query):
    assert len(index.search_lexical(query, top_n=3)) <= 3
    assert len(index.document_frequencies([query])) == 1


def test_a_very_long_query(index):
    query = " ".join(f"word{n}" for n in range(5000)) + " homework"
    assert find_words(index, query) == ["Homework is due on Friday at noon."]


def test_dense_search_is_that_of_numpy(empty):
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(200, 64)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    change = change_of("a", *(f"text {n}" for n in range(200)))
    empty.apply([change._replace(embeddings=rows)])
    for query in rows[:5] + np.float32(0.1):
        scores = rows @ query
        expected = [f"text {n}" for n in np.argsort(-scores)[:10]]
        found = empty.search_dense(query[np.newaxis], top_n=10)
        assert texts_of(empty, found) == expected
        np.testing.assert_allclose([hit.score for hit in found], np.sort(scores)[::-1][:10], 1e-5)


@pytest.mark.parametrize(("top_n", "expected"), [(0, 0), (1, 1), (6, 6), (7, 6), (1000, 6)])
def test_top_n_and_an_index_that_is_smaller(index, top_n, expected):
    found = index.search_dense(ENCODER.encode_queries(["token"]), top_n=top_n)
    assert len(found) == expected
    assert len(index.search_lexical("token", top_n=top_n)) == min(top_n, 3)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)


def test_a_replaced_document_is_found_by_its_new_words_only(index):
    index.apply([change_of("syllabus.txt", "The exam is in July.")])
    assert find_words(index, "homework friday") == []
    assert find_words(index, "exam") == find_like(index, "exam july", top_n=1)
    assert index.chunk_count() == 6
    assert index.document_frequencies(["homework", "exam"]) == (0, 1)


def test_a_removed_document_is_gone(index):
    index.apply((), removed=["lecture.pdf", "not-there.pdf"])
    assert [document.path for document in index.documents()] == ["notes.md", "syllabus.txt"]
    assert find_words(index, "attention learning") == []
    assert len(keys_of(index)) == index.chunk_count() == 3
    with pytest.raises(KeyError):
        index.document("lecture.pdf")


def test_a_removed_and_added_document_is_what_was_added(index):
    index.apply([change_of("notes.md", "New notes.")], removed=["notes.md"])
    assert find_words(index, "notes splits") == ["New notes."]


def test_apply_twice_is_apply_once(index):
    before = find_words(index, "token embeddings"), list(index.documents())
    index.apply([change_of(path, *texts) for path, texts in COURSE.items()])
    assert (find_words(index, "token embeddings"), list(index.documents())) == before


def test_all_changes_or_none(index):
    """A change that fails takes those before it along."""

    def changes():
        yield change_of("new.md", "A new document about zebras.")
        raise RuntimeError("the encoder stopped")

    before = list(index.documents())
    with pytest.raises(RuntimeError, match="the encoder stopped"):
        index.apply(changes(), removed=["notes.md"])
    assert list(index.documents()) == before
    assert find_words(index, "zebras") == []
    assert len(find_words(index, "splits")) == 1
    index.apply([change_of("new.md", "A new document about zebras.")])
    assert len(find_words(index, "zebras")) == 1


def test_a_chunk_without_its_embedding_is_refused(index):
    change = change_of("new.md", "one", "two")
    with pytest.raises(ValueError, match="zip"):
        index.apply([change._replace(embeddings=change.embeddings[:1])])
    assert index.chunk_count() == 6


def test_keys_are_never_used_again(index):
    """So that what was derived from an older state cannot point to another chunk."""
    before = set(keys_of(index))
    index.apply((), removed=list(COURSE))
    index.apply([change_of("new.md", "one", "two")])
    assert not before & set(keys_of(index))


def stored_by_path(index):
    return {document.path: document for document in index.documents()}


def test_a_moved_document_keeps_all_but_its_path(index):
    before, keys = stored_by_path(index), keys_of(index)
    index.apply((), moved=[DocumentMove("notes.md", "week2/notes.md", {"week": "2"}, mtime_ns=5)])
    after = stored_by_path(index)
    assert after.pop("week2/notes.md") == dataclasses.replace(
        before.pop("notes.md"), path="week2/notes.md", metadata={"week": "2"}, mtime_ns=5
    )
    assert after == before
    assert keys_of(index) == keys
    assert index.document("week2/notes.md").text == "\n".join(COURSE["notes.md"])
    (found,) = index.chunks([index.search_lexical("tokenizer", top_n=1)[0].key])
    assert found.document == "week2/notes.md"


def test_documents_move_all_at_once(index):
    """Two swap their paths, and a third takes that of a removed one."""
    index.apply([change_of("exam.txt", "The exam is in July.")])
    texts = {path: index.document(path).text for path in (*COURSE, "exam.txt")}
    swap = [("notes.md", "lecture.pdf"), ("lecture.pdf", "notes.md"), ("exam.txt", "syllabus.txt")]
    index.apply(
        [change_of("exam.txt", "The exam is in August.")],
        removed=["syllabus.txt"],
        moved=[DocumentMove(old, new, {}, mtime_ns=1) for old, new in swap],
    )
    for old, new in swap:
        assert index.document(new).text == texts[old]
    assert index.document("exam.txt").text == "The exam is in August."
    assert find_words(index, "homework") == []


def test_a_move_that_cannot_be_made_changes_nothing(index):
    before = list(index.documents())
    with pytest.raises(KeyError):
        index.apply(
            (),
            removed=["syllabus.txt"],
            moved=[DocumentMove("not-there.md", "syllabus.txt", {}, mtime_ns=1)],
        )
    assert list(index.documents()) == before


def test_the_encoder_is_remembered(index):
    assert (index.encoder_name, index.encoder_fingerprint) == ("hashing", ENCODER.fingerprint)


def test_embeddings_are_found_by_what_was_embedded(index):
    passage = COURSE["notes.md"][0]
    found = index.find_embeddings([passage, "never seen", passage])
    assert list(found) == [passage]
    assert found[passage].tobytes() == ENCODER.encode_passages([passage])[0].tobytes()
    index.apply((), removed=["notes.md"])
    assert index.find_embeddings([passage]) == {}


def stored_as(change, **fields):
    return change._replace(document=dataclasses.replace(change.document, **fields))


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (DocumentFilter(), {"w1/a.pdf", "w1/b.md", "w10/a.pdf", "/out/c.md"}),
        (DocumentFilter(documents=("w1/a.pdf",)), {"w1/a.pdf"}),
        (DocumentFilter(documents=("a.pdf",)), {"w1/a.pdf", "w10/a.pdf"}),
        (DocumentFilter(documents=(".pdf",)), set()),
        (DocumentFilter(documents=("b.md", "/out/c.md")), {"w1/b.md", "/out/c.md"}),
        (DocumentFilter(under=("w1",)), {"w1/a.pdf", "w1/b.md"}),
        (DocumentFilter(under=("./w1/", "w10")), {"w1/a.pdf", "w1/b.md", "w10/a.pdf"}),
        (DocumentFilter(under=("/out",)), {"/out/c.md"}),
        (DocumentFilter(under=(".",)), {"w1/a.pdf", "w1/b.md", "w10/a.pdf"}),
        (DocumentFilter(formats=("PDF",)), {"w1/a.pdf", "w10/a.pdf"}),
        (DocumentFilter(where=(("week", "1"),)), {"w1/a.pdf", "w1/b.md"}),
        (DocumentFilter(where=(("week", "1"), ("week", "10"))),
         {"w1/a.pdf", "w1/b.md", "w10/a.pdf"}),
        (DocumentFilter(where=(("week", "1"), ("language", "DE"))), {"w1/b.md"}),
        (DocumentFilter(formats=("pdf",), where=(("week", "1"),)), {"w1/a.pdf"}),
        (DocumentFilter(documents=("'; DROP TABLE documents; --",)), set()),
        (DocumentFilter(where=(("week' OR 1=1 --", "1"),)), set()),
    ],
)  # fmt: skip
def test_only_documents_that_meet_the_filter_are_searched(empty, within, expected):
    empty.apply([
        stored_as(change_of("w1/a.pdf", "mean one"), format="pdf", metadata={"week": "1"}),
        stored_as(
            change_of("w1/b.md", "mean two"), format="md", metadata={"week": "1"}, language="de"
        ),
        stored_as(change_of("w10/a.pdf", "mean three"), format="pdf", metadata={"week": "10"}),
        stored_as(change_of("/out/c.md", "mean four"), format="md", language="de"),
    ])  # fmt: skip
    query = ENCODER.encode_queries(["mean"])
    for scored in (
        empty.search_dense(query, top_n=9, within=within),
        empty.search_lexical("mean", top_n=9, within=within),
    ):
        assert {chunk.document for chunk in empty.chunks([key for key, _ in scored])} == expected
