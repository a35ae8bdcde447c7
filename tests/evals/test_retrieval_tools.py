"""The tools that measure retrieval, on a collection made on the spot."""

import json
import os
import sys
from pathlib import Path

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.evaluation.suites import document_of
from ragkit.index import LocalIndex

TOOLS = Path(__file__).parents[2] / "evals" / "tools"

CORPUS = [
    {"_id": "pool", "title": "Pooling", "text": "Mean pooling averages the token embeddings."},
    {
        "_id": "late",
        "title": "",
        "text": "Late homework loses a tenth of its points.\n\nEvery day.",
    },
    {"_id": "empty", "title": "", "text": " "},
]
QUERIES = [
    {"_id": "1", "text": "how does mean pooling work"},
    {"_id": "2", "text": "late homework"},
    {"_id": "3", "text": "judged by nobody"},
]
JUDGEMENTS = "query-id\tcorpus-id\tscore\n1\tpool\t2\n2\tlate\t1\n2\tpool\t0\n"


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    yield
    for name in ("score_retrieval", "embedding_cache", "spans", "sweep_chunking"):
        sys.modules.pop(name, None)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, rows in (("corpus", CORPUS), ("queries", QUERIES)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "qrels.tsv").write_text(JUDGEMENTS, encoding="utf-8")
    return folder


def test_a_collection_is_read_and_scored(tools, folder):
    from score_retrieval import score_collection

    from ragkit.evaluation.suites import load_collection

    collection = load_collection(folder)
    assert collection.queries == {"1": "how does mean pooling work", "2": "late homework"}
    assert collection.relevant == {"1": {"pool": 2}, "2": {"late": 1}}
    for max_tokens in (0, 8):
        scores = score_collection(collection, HashingEncoder(dim=64), max_tokens=max_tokens)
        assert scores["hybrid", "nDCG@10"] == [1.0, 1.0]
        assert scores["lexical", "R@10"] == [1.0, 1.0]


def test_an_entry_becomes_the_document_that_its_markdown_would(tools, tmp_path):
    from ragkit.documents import read_document

    path = tmp_path / "pool.md"
    path.write_text(f"# {CORPUS[0]['title']}\n\n{CORPUS[0]['text']}\n", encoding="utf-8")
    made, read = document_of(CORPUS[0]), read_document(path, name="pool.md")
    assert (made.title, made.text, made.blocks) == (read.title, read.text, read.blocks)


def test_embeddings_are_remembered(tools, tmp_path):
    from embedding_cache import CachingEncoder

    class Counting(HashingEncoder):
        encoded = 0

        def encode_passages(self, texts):
            Counting.encoded += len(texts)
            return super().encode_passages(texts)

    plain = Counting(dim=32)
    texts = ["one", "two", "one"]
    for _ in range(2):
        cached = CachingEncoder(plain, tmp_path / "cache.sqlite")
        assert (
            cached.encode_passages(texts) == HashingEncoder(dim=32).encode_passages(texts)
        ).all()
    assert Counting.encoded == 2
    assert cached.encode_queries(["one"]).shape == (1, 32)


def test_a_hashed_quote_is_found_where_it_has_moved_to(tools):
    from spans import find_hashed, hash_quote

    gold = {"document": "a.md", "start": 0, "words": 2, "sha256": hash_quote("mean pooling")}
    text = "Now there is more. Here mean\npooling stands."
    start, end = find_hashed(text, gold)
    assert text[start:end] == "mean\npooling"
    with pytest.raises(LookupError, match=r"a\.md"):
        find_hashed("Nothing of it.", gold)


def test_an_index_of_chunks_holds_every_document(tools, folder, tmp_path):
    from ragkit.evaluation.runs.filling import fill_index
    from ragkit.evaluation.suites import load_collection

    collection = load_collection(folder)
    with LocalIndex(tmp_path / "index", writable=True) as index:
        fill_index(index, collection.documents, encoder=HashingEncoder(dim=32), max_tokens=8)
        assert [document.path for document in index.documents()] == ["late", "pool"]


DATA = Path(os.environ.get("RAGKIT_DATA", Path(__file__).parents[3] / "shared" / "data"))
PUBLIC = TOOLS.parent / "public" / "cs231n-d2l"


def test_public_questions_are_well_formed():
    items = [
        json.loads(line) for line in (PUBLIC / "samples.jsonl").read_text("utf-8").splitlines()
    ]
    assert len({item["id"] for item in items}) == len(items) == 85
    kinds = [item["kind"] for item in items]
    assert (kinds.count("answerable"), kinds.count("unanswerable-near")) == (57, 12)
    for item in items:
        assert bool(item["gold"]) == (item["kind"] in ("answerable", "false-premise"))


@pytest.mark.skipif(not (DATA / "docs" / "d2l").is_dir(), reason="set RAGKIT_DATA to public data")
def test_public_gold_is_found_in_its_documents(tools):
    from spans import load_suite

    questions = load_suite(PUBLIC, DATA / "docs", extra=["d2l/chapter_optimization/gd.md"])
    assert len(questions.documents) == 50
    assert sum(bool(question.gold) for question in questions.questions) == 60


def test_ways_to_cut_are_measured_alike(tools, tmp_path):
    """Two notes; the answer is in one chunk however they are cut, and only headings name it."""
    from spans import Question, QuestionSet, place_in
    from sweep_chunking import PREFIXES, Setting, measure

    rows = [{"_id": "a", "title": "Pooling", "text": "It averages the embeddings of all tokens."}]
    rows += [{"_id": "b", "title": "Homework", "text": "It is due on Friday at noon."}]
    documents = tuple(document_of(row) for row in rows)
    start = documents[1].text.index("due")
    question = Question("1", "when is homework due", (place_in(documents[1], start, start + 10),))
    asked = QuestionSet("notes", documents, (question, Question("2", "who is it", ())))
    settings = [Setting(32, 1, prefix) for prefix in PREFIXES]
    rows = list(measure(asked, settings, HashingEncoder(dim=64)))
    assert [(row["n"], row["chunks"], row["hit@1"], row["in 512"]) for row in rows] == [
        (1, 2, 1.0, 1.0)
    ] * len(PREFIXES)
