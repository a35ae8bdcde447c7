"""A query to hits, over the small course."""

import pytest

from ragkit.index import LocalIndex
from ragkit.records import Ranks
from ragkit.retrieval import Retriever
from tests.small_index import COURSE, ENCODER, change_of, write_course


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "default"), writable=True) as index:
        yield index


def search(index, query, *, top_n=5):
    return Retriever(index, ENCODER).search(query, top_n=top_n)


def test_the_chunk_that_both_rankings_prefer_comes_first(index):
    hits = search(index, "Homework is due on Friday at noon.")
    assert hits[0].chunk.text == "Homework is due on Friday at noon."
    assert hits[0].chunk.document == "syllabus.txt"
    assert hits[0].ranks == Ranks(dense=1, lexical=1)
    assert hits[0].score == pytest.approx(1.0)
    assert hits[0].cosine == pytest.approx(1.0, abs=1e-5)


def test_ranks_and_scores(index):
    """Places are 1, 2, 3...; better in both rankings is better in all."""
    hits = search(index, "token embeddings", top_n=6)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5, 6]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] < scores[0] <= 1
    for hit in hits:
        for other in hits:
            if hit.ranks.dense < other.ranks.dense and (hit.ranks.lexical or 9) <= (
                other.ranks.lexical or 9
            ):
                assert hit.score >= other.score


def test_dense_ranks_follow_the_cosines(index):
    hits = search(index, "token embeddings", top_n=6)
    by_rank = sorted(hits, key=lambda hit: hit.ranks.dense)
    cosines = [hit.cosine for hit in by_rank]
    assert cosines == sorted(cosines, reverse=True)


def test_a_hit_by_its_words_only(tmp_path):
    """250 chunks are closer to the query than the one that holds a form of its word."""
    with LocalIndex(tmp_path / "default", writable=True) as index:
        far = change_of("far.md", "zebras")
        near = change_of("near.md", *(f"near {n}" for n in range(250)))
        rows = ENCODER.encode_passages(["zebra"] * 250)
        index.apply([near._replace(embeddings=rows), far])
        hits = search(index, "zebra", top_n=3)
    (found,) = [hit for hit in hits if hit.chunk.text == "zebras"]
    assert found.ranks == Ranks(dense=None, lexical=1)
    assert found.cosine is None


def test_a_hit_by_its_meaning_only(index):
    change = change_of("new.md", "No word in common")
    index.apply([change._replace(embeddings=ENCODER.encode_passages(["zebra"]))])
    hit = search(index, "zebra")[0]
    assert hit.chunk.text == "No word in common"
    assert hit.ranks == Ranks(dense=1, lexical=None)


@pytest.mark.parametrize(("top_n", "expected"), [(1, 1), (3, 3), (6, 6), (100, 6)])
def test_top_n(index, top_n, expected):
    hits = search(index, "token", top_n=top_n)
    assert len(hits) == expected
    assert hits == search(index, "token", top_n=6)[:top_n]


def test_top_n_beyond_the_usual_candidates(index):
    index.apply([change_of("long.md", *(f"zebra {n}" for n in range(300)))])
    assert len(search(index, "zebra", top_n=270)) == 270


def test_the_same_text_in_two_documents_is_answered_once(index):
    """Mended: only copies of a whole file were noticed, not a slide that stands in two decks."""
    index.apply(
        [
            change_of("copy of syllabus.txt", *COURSE["syllabus.txt"]),
            change_of("exam.txt", "The exam is in July.", *COURSE["syllabus.txt"]),
        ]
    )
    hits = search(index, "homework friday", top_n=10)
    texts = [hit.chunk.text for hit in hits]
    assert texts.count("Homework is due on Friday at noon.") == 1
    assert len(texts) == len(set(texts)) == 7
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5, 6, 7]
    assert hits[0].chunk.document == "syllabus.txt"


def test_nearly_the_same_text_is_answered_once_unless_a_number_differs(index):
    slide = "Late homework loses a tenth of its points for every day that it is late, at most all."
    texts = (slide, f"{slide} Questions?", slide.replace("a tenth", "10 percent"))
    index.apply([change_of(f"deck{n}.pdf", text) for n, text in enumerate(texts)])
    found = [hit.chunk.text for hit in search(index, "late homework points", top_n=9)]
    assert found.count(texts[0]) + found.count(texts[1]) == 1
    assert texts[2] in found


@pytest.mark.parametrize("query", ["", "?", "\0", "the", "東京"])
def test_a_query_without_words_of_the_index(index, query):
    assert len(search(index, query, top_n=2)) == 2


def test_an_empty_index(tmp_path):
    with LocalIndex(tmp_path / "default", writable=True) as index:
        assert search(index, "mean pooling") == ()


def test_twice_the_same(index):
    assert search(index, "token embeddings") == search(index, "token embeddings")


class RacingIndex(LocalIndex):
    """An index that a writer changes between the two halves of every search."""

    writer: LocalIndex

    def search_dense(self, query, **options):
        found = super().search_dense(query, **options)
        zebra = change_of("notes.md", "Mean pooling of zebra embeddings.")
        self.writer.apply([zebra], removed=["lecture.pdf"])
        return found


def test_a_search_is_of_one_state(tmp_path):
    """Mended: it fused the ranks of two states, and lost the hits that were gone in between."""
    folder = write_course(tmp_path / "default")
    query = "mean pooling of embeddings"
    with LocalIndex(folder) as index:
        before = Retriever(index, ENCODER).search(query, top_n=5)
    with LocalIndex(folder, writable=True) as writer, RacingIndex(folder) as index:
        index.writer = writer
        assert Retriever(index, ENCODER).search(query, top_n=5) == before
        after = Retriever(writer, ENCODER).search(query, top_n=5)
    assert {hit.chunk.document for hit in after} == {"notes.md", "syllabus.txt"}
