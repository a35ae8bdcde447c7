"""Pictures of pages are read once that is asked for and possible, without a rebuild."""

import pytest
import typst

from ragkit.documents import Ocr
from ragkit.documents.ocr import advise_ocr
from tests.documents.raw_pdf import joined, scan


@pytest.mark.skipif(bool(advise_ocr(asked=True)), reason="no tesseract or no extra ocr")
def test_scans_are_read_by_the_next_ingest_once_ocr_is_there(sync, corpus, index):
    printed = typst.compile(b"This page has enough text to be read.")
    (corpus / "mixed.pdf").write_bytes(joined(printed, scan("Light is bent\nby every lens.")))
    first = sync(corpus / "mixed.pdf")
    assert "mixed.pdf: 1 of 2 pages have almost no text (2)" in first.warnings[0]
    assert sync(corpus / "mixed.pdf").unchanged == 1
    sync()
    second = sync(ocr=Ocr())  # documents without pictures are not read again
    assert (second.changed, second.unchanged) == (("mixed.pdf",), 3)
    assert "by OCR (2)" in second.warnings[0]
    assert "Light is bent" in index.document("mixed.pdf").text
