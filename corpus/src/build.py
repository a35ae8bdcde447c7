"""Builds the PDF, PPTX and DOCX documents of the course from their sources.

Run ``python corpus/src/build.py``. Building twice gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import typst
from docx_syllabus import build_syllabus
from pptx_deck import build_deck

SOURCES = Path(__file__).resolve().parent
CORPUS = SOURCES.parent
PDFS = {
    "week01.typ": "lectures/week01-language-models.pdf",
    "week04.typ": "lectures/week04-embeddings-and-retrieval.pdf",
    "week06.typ": "lectures/week06-prompting-and-decoding.pdf",
    "notes.typ": "notes/lecture-notes.pdf",
}


def build_pdfs() -> None:
    """Typesets the slides and the lecture notes."""
    for source, target in PDFS.items():
        path = CORPUS / target
        path.parent.mkdir(parents=True, exist_ok=True)
        typst.compile(SOURCES / source, output=path, ignore_system_fonts=True)
        print(target)


def main() -> None:
    """Builds every document that is not written by hand."""
    build_pdfs()
    build_deck(SOURCES / "image-models.toml", CORPUS / "lectures/week09-image-models.pptx")
    print("lectures/week09-image-models.pptx")
    build_syllabus(SOURCES / "syllabus.toml", CORPUS / "syllabus.docx")
    print("syllabus.docx")


if __name__ == "__main__":
    main()
