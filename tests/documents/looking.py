"""Ways to look at a Document that make a test's expectation readable."""

from ragkit.records import Document


def kinds(document: Document) -> list[tuple[str, str]]:
    """Return kind and text of each block."""
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def texts(document: Document, kind: str) -> list[str]:
    return [text for other, text in kinds(document) if other == kind]


def page_texts(document: Document) -> list[str]:
    return [document.text[page.start : page.end] for page in document.pages]


def assert_well_formed(document: Document) -> None:
    """Check what `records.Document` promises of blocks and pages."""
    text = document.text
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(text)
        assert not text[end : block.start].strip()
        assert text[block.start : block.end].strip()
        end = block.end
    assert not text[end:].strip()
    end = 0
    for number, page in enumerate(document.pages, start=1):
        assert page.number == number
        assert end <= page.start <= page.end <= len(text)
        assert not text[end : page.start].strip()
        end = page.end
    assert not document.pages or not text[end:].strip()
    assert not [c for c in text + document.title if c < " " and c != "\n"]
    text.encode()  # no lone surrogates: SQLite and terminals could not take them
