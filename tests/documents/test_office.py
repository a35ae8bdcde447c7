import io

import docx
import pptx
import pytest

from ragkit.errors import DocumentError
from tests.documents.looking import assert_well_formed, kinds, texts


def saved(thing) -> bytes:
    buffer = io.BytesIO()
    thing.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def deck():
    presentation = pptx.Presentation()
    title = presentation.slides.add_slide(presentation.slide_layouts[0])
    title.shapes.title.text = "Prompting"
    title.placeholders[1].text = "Week 5"
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Few-shot"
    slide.placeholders[1].text = "Show examples\nKeep them short"
    slide.notes_slide.notes_text_frame.text = "Mention the Brown et al. paper."
    return presentation


def test_slides_are_pages_with_titles_items_and_notes(read, deck):
    document = read("week5.pptx", saved(deck))
    assert kinds(document) == [
        ("heading", "Prompting"),
        ("paragraph", "Week 5"),
        ("heading", "Few-shot"),
        ("item", "Show examples"),
        ("item", "Keep them short"),
        ("note", "Speaker notes: Mention the Brown et al. paper."),
    ]
    assert [page.label for page in document.pages] == ["1", "2"]
    assert document.title == "Prompting"
    assert_well_formed(document)


def test_a_table_on_a_slide_is_read_by_rows(read, deck):
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Assessment"
    cells = [["Part", "Weight", "Due"], ["Exam", "60 %", "2 June"]]
    table = slide.shapes.add_table(2, 3, 0, 1_500_000, 5_000_000, 800_000).table
    for row, values in enumerate(cells):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    document = read("week5.pptx", saved(deck))
    assert texts(document, "row") == ["Part: Exam; Weight: 60 %; Due: 2 June"]
    assert document.blocks[-1].heading == ("Assessment",)


def test_a_footer_in_a_text_box_is_read_once(read):
    presentation = pptx.Presentation()
    for number in range(1, 5):
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        for top, text in ((1, f"Slide {'abcd'[number - 1]}"), (7, f"INF 2140, {number} / 4")):
            slide.shapes.add_textbox(0, top * 914400, 914400, 914400).text_frame.text = text
    text = read("x.pptx", saved(presentation)).text
    assert text == "Slide a\n\nINF 2140, 1 / 4\n\nSlide b\n\nSlide c\n\nSlide d"


def test_boxes_are_read_from_top_to_bottom_and_left_to_right(read):
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    for text, left, top in (("third", 0, 3), ("second", 4, 1), ("first", 0, 1)):
        box = slide.shapes.add_textbox(left * 914400, top * 914400, 914400, 914400)
        box.text_frame.text = text
    assert read("x.pptx", saved(presentation)).text == "first\n\nsecond\n\nthird"


@pytest.fixture
def syllabus():
    document = docx.Document()
    document.add_heading("Syllabus", level=0)
    document.add_heading("Assessment", level=1)
    document.add_paragraph("Two parts count.")
    document.add_paragraph("late work loses 10 % a day", style="List Bullet")
    table = document.add_table(rows=3, cols=3)
    values = [
        ["Component", "Weight", "Due"],
        ["Final exam", "40 %", "12 June"],
        ["Labs", "60 %", ""],
    ]
    for row, cells in zip(table.rows, values, strict=True):
        for cell, value in zip(row.cells, cells, strict=True):
            cell.text = value
    document.add_paragraph("Ask early.")
    return document


def test_word_keeps_the_order_of_paragraphs_and_tables(read, syllabus):
    document = read("syllabus.docx", saved(syllabus))
    assert kinds(document) == [
        ("heading", "Syllabus"),
        ("heading", "Assessment"),
        ("paragraph", "Two parts count."),
        ("item", "late work loses 10 % a day"),
        ("row", "Component: Final exam; Weight: 40 %; Due: 12 June"),
        ("row", "Component: Labs; Weight: 60 %"),
        ("paragraph", "Ask early."),
    ]
    assert document.blocks[2].heading == ("Syllabus", "Assessment")
    assert document.pages == ()
    assert_well_formed(document)


def test_a_bold_first_row_names_the_columns_of_a_word_table(read):
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table.rows[0].cells, ("Part", "Weight"), strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    for cell, text in zip(table.rows[1].cells, ("Exam", "35%"), strict=True):
        cell.text = text
    assert read("x.docx", saved(document)).text == "Part: Exam; Weight: 35%"


def test_the_style_of_a_word_table_names_its_columns_unless_they_say_nothing(read):
    document = docx.Document()
    for header in (("Part", "Weight"), ("Item", "Details")):
        table = document.add_table(rows=2, cols=2, style="Light Grid Accent 1")
        for row, values in zip(table.rows, (header, ("Exam", "35%")), strict=True):
            for cell, text in zip(row.cells, values, strict=True):
                cell.text = text
    assert read("x.docx", saved(document)).text == "Part: Exam; Weight: 35%\nExam: 35%"


def test_superscripts_and_typed_headings_of_word(read):
    document = docx.Document()
    document.add_paragraph().add_run("Deadlines").bold = True
    paragraph = document.add_paragraph("area in m")
    paragraph.add_run("2").font.superscript = True
    assert kinds(read("x.docx", saved(document))) == [
        ("heading", "Deadlines"),
        ("paragraph", "area in m²"),
    ]


@pytest.mark.parametrize("name", ["x.docx", "x.pptx"])
@pytest.mark.parametrize("data", [b"PK\x03\x04 cut off", b"not a zip", b"\xd0\xcf\x11\xe0 old"])
def test_broken_office_files_are_one_clear_line(read, name, data):
    with pytest.raises(DocumentError, match="is broken"):
        read(name, data)


def test_the_wrong_kind_of_office_file_is_said_to_be_broken(read, deck):
    with pytest.raises(DocumentError, match="cannot be read as a Word document"):
        read("x.docx", saved(deck))
