"""Collections in BEIR form: read as they are published, and run as suites."""

import gzip
import json
from pathlib import Path

import pytest

from ragkit.encoders import HashingEncoder
from ragkit.errors import UsageError
from ragkit.evaluation.measures.retrieval import RetrievalMeasure
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.runs.filling import fill_index
from ragkit.evaluation.suites import (
    form_of_sample,
    is_collection,
    load_collection,
    load_documents,
    load_suite,
    parse_sample,
)
from ragkit.index import LocalIndex

CORPUS = [
    {"_id": "pool", "title": "Pooling", "text": "Mean pooling averages the token embeddings."},
    {"_id": "late", "title": "", "text": "Late homework loses a tenth of its points."},
    {"_id": "empty", "title": "", "text": " "},
]
QUERIES = [
    {"_id": "1", "text": "how does mean pooling work"},
    {"_id": "2", "text": "late homework"},
    {"_id": "3", "text": "judged by nobody"},
]
JUDGEMENTS = "query-id\tcorpus-id\tscore\n1\tpool\t2\n1\tlate\t1\n2\tlate\t1\n2\tpool\t0\n"


def as_lines(rows) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def write_collection(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(as_lines(CORPUS), encoding="utf-8")
    (folder / "queries.jsonl").write_text(as_lines(QUERIES), encoding="utf-8")
    (folder / "qrels.tsv").write_text(JUDGEMENTS, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path) -> Path:
    return write_collection(tmp_path / "evals" / "tiny")


def test_a_collection_is_a_suite_by_path_and_by_name(folder):
    suite = load_suite(folder, evals_dir=folder / "none")
    assert suite == load_suite("tiny", evals_dir=folder.parent)
    assert suite.measures == ("retrieval",)
    assert suite.corpus == folder.resolve()
    first, second = suite.samples
    assert (first.id, first.question) == ("1", "how does mean pooling work")
    assert [(one.document, one.part, one.grade) for one in first.gold] == [
        ("pool", 0, 2),
        ("late", 1, 1),
    ]
    assert [one.document for one in second.gold] == ["late"], "a grade of 0 is no relevance"
    assert first.size == "smoke"


def test_a_run_can_keep_its_samples(folder):
    for sample in load_suite(folder, evals_dir=folder).samples:
        assert parse_sample(form_of_sample(sample), place="") == sample


def test_it_is_searched_and_nothing_is_asked(folder):
    samples = load_suite(folder, evals_dir=folder).samples
    tasks = RetrievalMeasure().plan(samples, PlanOptions())
    assert {task.call for task in tasks} == {"search"}
    assert len(tasks) == 6


def test_files_may_be_packed_and_judgements_lie_where_they_are_published(folder):
    plain = load_collection(folder)
    for name in ("corpus.jsonl", "queries.jsonl"):
        path = folder / name
        (folder / f"{name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert is_collection(folder)
    assert load_collection(folder) == plain


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("queries.jsonl", '{"_id": 1, "text": "a"}\n{"_id": 2}', "queries.jsonl:2: .* no text"),
        ("queries.jsonl", "\n{\n", "queries.jsonl:2: no JSON"),
        ("qrels.tsv", "1\tpool\t2\n", "qrels.tsv:1: the columns must be query-id, corpus-id"),
        ("qrels.tsv", f"{JUDGEMENTS}2\tpool\tyes\n", "qrels.tsv:6: the score 'yes' is no number"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "has a relevant document"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(folder, name, text, told):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        load_suite(folder, evals_dir=folder)


def test_an_index_is_filled_once_and_gone_on_with(folder, tmp_path):
    class Counting(HashingEncoder):
        passages = 0

        def encode_passages(self, texts):
            Counting.passages += len(texts)
            return super().encode_passages(texts)

    documents, encoder = load_documents(folder), Counting(dim=32)
    with LocalIndex(tmp_path / "index", writable=True) as index:
        fill_index(index, documents[:1], encoder=encoder, max_tokens=0)
        assert Counting.passages == 1
        fill_index(index, documents, encoder=encoder, max_tokens=0)
        assert Counting.passages == 2, "what is there stays as it is"
        assert [document.path for document in index.documents()] == ["late", "pool"]
        assert index.chunk_count() == 2
