"""Documents that mean harm: each ends in one clear line or in text, in little time and memory.

Tried by hand, for they take long: 300,000 pages, 500,000 paragraphs in a Word document, 20 MB of
one word, 2 GB of zeros in a PDF, 200,000 brackets of Markdown.
"""

import io
import json
import zipfile
import zlib

import docx
import pptx
import pytest

from ragkit.documents import ReadingLimits, find_documents, read_documents
from ragkit.records import Document
from tests.documents.bombs import pdf_of, pdf_of_objects, zip_of

LIMITS = ReadingLimits(timeout_s=30, memory_bytes=600 << 20)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LAUGHS = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
BILLION_LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'lol'>{LAUGHS}]>"
QUADRATIC = f"<!DOCTYPE x [<!ENTITY a11 '{'x' * 500_000}'>]>"


def saved(thing) -> dict[str, bytes]:
    """Return the members of an Office file."""
    buffer = io.BytesIO()
    thing.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def word(body: str, before: str = "") -> bytes:
    """Return a Word document with this body, and a document type before it."""
    xml = f"{before}<w:document xmlns:w='{W}'><w:body>{body}</w:body></w:document>"
    return zip_of(saved(docx.Document()) | {"word/document.xml": xml.encode()})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def deck(title: str, before: str) -> bytes:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[0])
    slide.shapes.title.text = "TITLE"
    members = saved(presentation)
    name = "ppt/slides/slide1.xml"
    xml = members[name].decode().replace("TITLE", title)
    start = xml.index("<p:sld")
    return zip_of(members | {name: (xml[:start] + before + xml[start:]).encode()})


def book(chapter: str) -> bytes:
    container = "<container><rootfiles><rootfile full-path='b.opf'/></rootfiles></container>"
    package = (
        "<package><manifest><item id='c' href='c.xhtml' media-type='application/xhtml+xml'/>"
        "</manifest><spine><itemref idref='c'/></spine></package>"
    )
    return zip_of({"META-INF/container.xml": container, "b.opf": package, "c.xhtml": chapter})


def opendocument(content: str) -> bytes:
    return zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def outline(levels: int) -> str:
    """Return an OpenDocument text with a heading of each level, down to the depths."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    headings = "".join(f"<t:h t:outline-level='{n}'>Down</t:h><t:p>x</t:p>" for n in range(levels))
    return (
        f"<o:document-content xmlns:o='{space}:office:1.0' xmlns:t='{space}:text:1.0'><o:body>"
        f"<o:text>{headings}</o:text></o:body></o:document-content>"
    )


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
EMPTY_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def pdf_with_labels(labels: bytes) -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /PageLabels " + labels + b" >>"
    return pdf_of_objects(catalog, ONE_PAGE, EMPTY_PAGE, b"<< /Kids [4 0 R 4 0 R] >>")


def deep_pages(depth: int) -> bytes:
    kids = (b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 3) for n in range(depth))
    return pdf_of_objects(CATALOG, *kids, EMPTY_PAGE)


def endless_forms() -> bytes:
    """Return a PDF whose forms draw each other 2^40 times."""
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R"
    forms = (head % (n + 5) + b" >> >> /Length 11 >>\nstream\n/X Do /X Do\nendstream"
             for n in range(40))  # fmt: skip
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
    return pdf_of_objects(
        CATALOG, ONE_PAGE, page + b" /Resources << /XObject << /X 4 0 R >> >> >>", *forms
    )


def hostile_files(secret: str) -> dict[str, bytes | str]:
    """Return names and contents; `secret` is the URL of a file that nothing may tell."""
    external = f"<!DOCTYPE x [<!ENTITY a11 SYSTEM '{secret}'>]>"
    remote = "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>"
    page = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&a11; end</p></body></html>"
    office = outline(1).replace("Down", "&a11; end")
    files: dict[str, bytes | str] = {"remote.docx": word(paragraph("fine"), remote)}
    for name, before in (("laughs", BILLION_LAUGHS), ("quadratic", QUADRATIC), ("out", external)):
        files |= {
            f"{name}.docx": word(paragraph("&a11;" * 2000 + " end"), before),
            f"{name}.pptx": deck("&a11;" * 2000 + " end", before),
            f"{name}.epub": book(before + page),
            f"{name}.odt": opendocument(before + office),
            f"{name}.xhtml": before + page,
        }
    return files | {
        "text.docx": word(paragraph("word " * 2_100_000)),
        "deep.docx": word("<w:sdt><w:sdtContent>" * 10_000 + "</w:sdtContent></w:sdt>" * 10_000),
        "boxes.docx": word("<w:p><w:r><w:txbxContent>" * 60 + "</w:txbxContent></w:r></w:p>" * 60),
        "tables.docx": word("<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60),
        "zeros.pdf": pdf_of(b"\0" * 80_000_000),
        "arrays.pdf": pdf_of(b"[" * 500_000),
        "cycle.pdf": pdf_of_objects(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"),
        "depth.pdf": deep_pages(5_000),
        "forms.pdf": endless_forms(),
        "labels.pdf": pdf_with_labels(b"4 0 R"),
        "roman.pdf": pdf_with_labels(b"<< /Nums [0 << /S /r /St 2000000000 >>] >>"),
        "letters.pdf": pdf_with_labels(b"<< /Nums [0 << /S /a /St 9000000000000 >>] >>"),
        "deep.ipynb": "[" * 100_000,
        "cell.ipynb": json.dumps({"cells": [{"cell_type": "markdown", "source": "X"}]}).replace(
            '"X"', "[" * 50_000 + "]" * 50_000
        ),
        "deep.html": "<div>" * 10_000 + "deep",
        "comments.html": "<!--" * 200_000,
        "quote.md": ">" * 100_000 + " deep",
        "rows.md": "|a|b|\n|-|-|\n" + "|" * 300_000,
        "heading.md": "# " + "word " * 40_000 + "\n\n" + "Text.\n\n" * 3000,
        "levels.odt": opendocument(outline(3000)),
        "escapes.txt": "\x1b[1m" * 300_000 + "end",
        "bytes.txt": zlib.compress(b"x" * 1000) * 3000,
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What came of each hostile file."""
    folder = tmp_path_factory.mktemp("hostile")
    secret = folder.parent / "secret"
    secret.write_text("TOP SECRET")
    for name, content in hostile_files(secret.as_uri()).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_documents(find_documents(folder).files, limits=LIMITS))


def test_each_ends_in_one_clear_line_or_in_text(results):
    assert len(results) == 38
    for result in results:
        if not isinstance(result.outcome, Document):
            assert result.outcome.message.startswith(result.file.name)
            assert "\n" not in result.outcome.message
            assert result.outcome.hint
            assert "crashed" not in result.outcome.message
            assert "reader failed" not in result.outcome.message
            assert "Error" not in result.outcome.hint


def test_none_takes_long_or_much(results):
    for result in results:
        assert result.seconds < 15, result.file.name  # 1 s on an idle core
        assert "of memory" not in str(result.outcome), result.file.name
        assert len(getattr(result.outcome, "text", "")) < 1_000_000, result.file.name


def test_none_tells_what_lies_elsewhere(results):
    for result in results:
        assert "SECRET" not in str(result.outcome)


def test_what_is_said_of_some(results):
    said = {result.file.name: str(result.outcome) for result in results}
    for name in ("laughs.docx", "quadratic.pptx", "laughs.odt", "deep.docx", "text.docx"):
        assert f"{name} is broken" in said[name]
    assert "deep.ipynb cannot be read: it is nested too deeply" in said["deep.ipynb"]
    assert "bytes.txt is broken: it is not text" in said["bytes.txt"]
    texts = {r.file.name: r.outcome.text for r in results if isinstance(r.outcome, Document)}
    assert texts["remote.docx"] == "fine"
    assert texts["escapes.txt"] == "end"


def test_headings_are_not_carried_along_a_thousandfold(results):
    for result in results:
        if isinstance(result.outcome, Document):
            for block in result.outcome.blocks:
                assert sum(map(len, block.heading)) < 5000, result.file.name
