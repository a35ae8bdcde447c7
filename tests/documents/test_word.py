"""What Word keeps outside the text of its paragraphs, and what it keeps but does not show."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.documents.looking import kinds, texts
from tests.documents.test_office import saved

FOOTNOTES = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:t>Closed on holidays.</w:t></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def add_xml(document, xml: str):
    element = parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1))
    document.element.body.insert(-1, element)
    return element


def add_footnotes(document) -> None:
    part = docx.opc.part.Part(
        docx.opc.packuri.PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        FOOTNOTES.encode(),
        document.part.package,
    )
    document.part.relate_to(part, KIND)


def test_a_footnote_follows_the_paragraph_that_refers_to_it(read):
    document = docx.Document()
    add_footnotes(document)
    add_xml(
        document,
        "<w:p><w:r><w:t>The library is open daily.</w:t></w:r>"
        '<w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
    )
    document.add_paragraph("Bring your card.")
    assert kinds(read("x.docx", saved(document))) == [
        ("paragraph", "The library is open daily."),
        ("note", "Footnote 1: Closed on holidays."),
        ("paragraph", "Bring your card."),
    ]


def test_numbers_of_lists_and_headings_are_those_that_word_prints(read):
    document = docx.Document()
    for text in ("Boil", "Stir"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("wash your hands", style="List Bullet")
    document.add_paragraph("Serve", style="List Number")
    assert texts(read("x.docx", saved(document)), "item") == [
        "1. Boil", "2. Stir", "wash your hands", "3. Serve",
    ]  # fmt: skip


def test_deleted_and_hidden_text_and_comments_are_left_out(read):
    document = docx.Document()
    add_xml(
        document,
        "<w:p><w:r><w:t>The exam is </w:t></w:r>"
        "<w:del><w:r><w:delText>written</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>oral</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> unless bribed</w:t></w:r></w:p>",
    )
    paragraph = document.add_paragraph("It takes an hour.")
    document.add_comment(paragraph.runs, text="Too long?")
    assert read("x.docx", saved(document)).text == "The exam is oral\n\nIt takes an hour."


def test_headers_and_footers_are_read_once_where_they_say_something(read):
    document = docx.Document()
    document.add_paragraph("Optics is fun.")
    document.sections[0].header.paragraphs[0].text = "PHY 1100, Autumn 2026"
    document.sections[0].footer.paragraphs[0].text = "Optics page 1 of 3"
    text = read("x.docx", saved(document)).text
    assert text == "Optics is fun.\n\nPHY 1100, Autumn 2026"


def test_lines_of_code_are_one_block(read):
    document = docx.Document()
    document.add_paragraph("Run this:")
    for line in ("for x in data:", "    print(x)"):
        document.add_paragraph().add_run(line).font.name = "Courier New"
    document.add_paragraph("A memo in typewriter face.").runs[0].font.name = "Courier New"
    assert kinds(read("x.docx", saved(document))) == [
        ("paragraph", "Run this:"),
        ("code", "for x in data:\n    print(x)"),
        ("paragraph", "A memo in typewriter face."),
    ]


@pytest.fixture
def table():
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    rows = [
        ("Part", "When", "Where"),
        ("Exam", "2 June", "Hall"),
        ("", "9 June", "Lab"),
        ("a", "b", "c"),
    ]
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    return document, table


def test_merged_cells_keep_their_columns(read, table):
    document, grid = table
    grid.cell(1, 0).merge(grid.cell(2, 0))
    grid.cell(3, 0).merge(grid.cell(3, 1)).text = "Resit"
    assert texts(read("x.docx", saved(document)), "row") == [
        "Part: Exam; When: 2 June; Where: Hall",
        "Part: Exam; When: 9 June; Where: Lab",
        "Part: Resit; Where: c",
    ]


def test_a_table_in_a_cell_is_read_by_rows_and_a_frame_is_no_table(read):
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    frame.text = "Read this first."
    inner = frame.add_table(rows=2, cols=3)
    for row, values in zip(
        inner.rows, (("Part", "When", "Who"), ("Exam", "June", "All")), strict=True
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    assert kinds(read("x.docx", saved(document))) == [
        ("paragraph", "Read this first."),
        ("row", "Part: Exam; When: June; Who: All"),
    ]


def test_a_file_in_the_strict_form_is_read_like_any_other(read):
    document = docx.Document()
    document.add_heading("Optics", level=1)
    document.add_paragraph("Light is refracted.")
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(document))) as usual,
        zipfile.ZipFile(buffer, "w") as strict,
    ):
        for name in usual.namelist():
            pattern = (
                rb"http://schemas\.openxmlformats\.org/(officeDocument|wordprocessingml)/2006/"
            )
            strict.writestr(
                name, re.sub(pattern, rb"http://purl.oclc.org/ooxml/\1/", usual.read(name))
            )
    assert kinds(read("x.docx", buffer.getvalue())) == [
        ("heading", "Optics"),
        ("paragraph", "Light is refracted."),
    ]
