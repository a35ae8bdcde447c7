"""The course in corpus/: what a person finds in its documents is in one block, word for word."""

from pathlib import Path

import pytest

from ragkit.documents import find_documents, read_document
from tests.documents.looking import assert_well_formed, kinds

CORPUS = Path(__file__).parents[2] / "corpus"
LATE = "A: As one day begun. Five minutes cost a grace day, or 10 percentage points."
CODES = "Encoder: image to code. Decoder: code to image."
FILES = find_documents(CORPUS).files if CORPUS.is_dir() else ()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_document_of_the_course_is_read_whole(file):
    document = read_document(file.path, name=file.name)
    assert_well_formed(document)
    assert document.warnings == ()
    assert document.title
    assert len(document.text) > 1000
    assert any(block.kind == "heading" for block in document.blocks)


@pytest.mark.parametrize(
    ("name", "block"),
    [
        ("syllabus.docx", ("row", "Part: Assignment 1; Weight: 15%")),
        ("syllabus.docx", ("row", "Lecturer: Dr. Ilse Marwede")),
        ("faq.txt", ("paragraph", LATE)),
        ("lectures/week01-language-models.pdf", ("heading", "What is a language model?")),
        ("notes/lecture-notes.pdf", ("heading", "1.3 Smoothing")),
        ("lectures/week09-image-models.pptx", ("item", CODES)),
    ],
)
def test_a_fact_is_one_block(name, block):
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the course has no {name}")
    assert block in kinds(read_document(path, name=name))
