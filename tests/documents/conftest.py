"""Documents made on the spot, by the programs that people make them with."""

from pathlib import Path

import pytest
import typst

from ragkit.documents import read_document
from ragkit.records import Document


@pytest.fixture
def read(tmp_path):
    """Write a file and read it: `read("notes.md", "# Title")`."""

    def write_and_read(name: str, content: str | bytes, **options) -> Document:
        path = tmp_path / Path(name).name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_document(path, name=name, **options)

    return write_and_read


@pytest.fixture
def read_typst(read):
    """Typeset a source and read the PDF."""

    def typeset_and_read(source: str, name: str = "notes.pdf", **options) -> Document:
        return read(name, typst.compile(source.encode()), **options)

    return typeset_and_read
