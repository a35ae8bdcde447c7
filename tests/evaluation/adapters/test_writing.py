"""A published set as a suite folder that is read, checked and run like any other."""

import json

import pytest
from click.testing import CliRunner

from ragkit.cli.main import cli
from ragkit.documents import read_document
from ragkit.errors import UsageError
from ragkit.evaluation.adapters import FORMS, write_suite
from ragkit.evaluation.suites import load_suite

CONTEXT = "Q: is how it begins. The lighthouse of Orla was  lit in 1712.\nIt stands on granite."
LINES = [
    {"id": "q1", "question": "When was it lit?", "context": CONTEXT, "title": "Orla_(rock)",
     "answers": ["1712"]},
    {"id": "q2", "question": "Who lit it?", "context": CONTEXT, "title": "Orla_(rock)",
     "answers": [], "answerable": False},
    {"id": "q3", "question": "On what?", "context": CONTEXT, "title": "Orla_(rock)",
     "answers": ["basalt"]},
]  # fmt: skip


@pytest.fixture
def published(tmp_path):
    path = tmp_path / "dev.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)))
    return path


def test_gold_stands_in_what_is_read(published, tmp_path):
    conversion = FORMS["squad"].convert([published], limit=None, seed=0)
    imported = write_suite(conversion, tmp_path / "squad", form="squad")
    assert (imported.samples, imported.documents, imported.without_gold) == (3, 1, 1)
    suite = load_suite(tmp_path / "squad", evals_dir=tmp_path)
    assert suite.name == "squad"
    assert suite.corpus == tmp_path / "squad" / "corpus"
    samples = {sample.id: sample for sample in suite.samples}
    (place,) = samples["q1"].gold
    text = read_document(suite.corpus / place.document, name=place.document).text
    assert text[place.start : place.end] == place.quote
    assert place.quote == "The lighthouse of Orla was lit in 1712."
    assert samples["q2"].gold == samples["q3"].gold == ()


def test_a_folder_that_holds_something_is_left_alone(published, tmp_path):
    conversion = FORMS["squad"].convert([published], limit=None, seed=0)
    with pytest.raises(UsageError, match="is there already"):
        write_suite(conversion, tmp_path, form="squad")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dev.jsonl"]


def test_a_set_without_documents_needs_no_project(tmp_path):
    path = tmp_path / "sums.jsonl"
    path.write_text(json.dumps({"question": "1 + 1?", "answer": "#### 2"}))
    conversion = FORMS["reasoning"].convert([path], limit=None, seed=0)
    write_suite(conversion, tmp_path / "sums", form="reasoning")
    suite = load_suite(tmp_path / "sums", evals_dir=tmp_path)
    assert suite.corpus is not None
    assert [file.name for file in suite.corpus.iterdir()] == ["about.txt"]


def test_the_command_says_what_it_wrote_and_what_comes_next(published, tmp_path):
    out = tmp_path / "orla"
    result = CliRunner().invoke(cli, ["eval", "import", "squad", str(published), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "3 samples over 1 documents" in result.output
    assert "1 answers stand in no document word for word" in result.output
    assert "ragkit eval run" in result.output


def test_an_unknown_form_lists_the_known(published, tmp_path):
    result = CliRunner().invoke(
        cli, ["eval", "import", "trivia", str(published), "--out", str(tmp_path / "x")]
    )
    assert isinstance(result.exception, UsageError)
    assert "squad" in result.exception.message
