"""What PowerPoint keeps in tables, charts, diagrams, groups and pictures."""

import io

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

from ragkit.documents.ocr import Ocr, advise_ocr
from ragkit.errors import DocumentError
from tests.documents.looking import kinds, texts
from tests.documents.raw_pdf import picture_of
from tests.documents.test_office import saved


@pytest.fixture
def presentation():
    return pptx.Presentation()


def add_slide(presentation, title: str = ""):
    slide = presentation.slides.add_slide(presentation.slide_layouts[5 if title else 6])
    if title:
        slide.shapes.title.text = title
    return slide


def add_box(shapes, text: str, *, left: float = 1, top: float = 1, size: int | None = None):
    frame = shapes.add_textbox(Inches(left), Inches(top), Inches(3), Inches(1)).text_frame
    frame.text = text
    if size:
        frame.paragraphs[0].runs[0].font.size = Pt(size)
    return frame


def test_merged_cells_of_a_table_keep_their_columns(read, presentation):
    slide = add_slide(presentation, "Plan")
    shape = slide.shapes.add_table(3, 3, 0, Inches(2), Inches(6), Inches(2))
    rows = [("Part", "When", ""), ("Exam", "2 June", "10:00"), ("", "9 June", "12:00")]
    for row, values in zip(shape.table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    shape.table.cell(0, 1).merge(shape.table.cell(0, 2))
    shape.table.cell(1, 0).merge(shape.table.cell(2, 0))
    assert texts(read("x.pptx", saved(presentation)), "row") == [
        "Part: Exam; When: 2 June; When: 10:00",
        "Part: Exam; When: 9 June; When: 12:00",
    ]


@pytest.mark.parametrize("kind", [XL_CHART_TYPE.COLUMN_CLUSTERED, XL_CHART_TYPE.LINE])
def test_a_chart_is_read_as_its_values(read, presentation, kind):
    data = CategoryChartData()
    data.categories = ["2025", "2026"]
    data.add_series("Students", (120, 4.3))
    slide = add_slide(presentation, "Growth")
    area = (Inches(1), Inches(2), Inches(4), Inches(3))
    chart = slide.shapes.add_chart(kind, *area, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Students by year"
    assert kinds(read("x.pptx", saved(presentation)))[1:] == [
        ("caption", "Students by year"),
        ("row", "2025; Students: 120"),
        ("row", "2026; Students: 4.3"),
    ]


def test_shapes_of_a_group_stay_together(read, presentation):
    shapes = add_slide(presentation).shapes
    add_box(shapes, "below both", top=5)
    group = shapes.add_group_shape()
    add_box(group.shapes, "second in group", top=3)
    add_box(group.shapes, "first in group", top=1)
    add_box(shapes, "between by height", top=2, left=8)
    assert read("x.pptx", saved(presentation)).text.split("\n\n") == [
        "first in group", "second in group", "between by height", "below both",
    ]  # fmt: skip


def test_numbers_and_bullets_of_a_text_box_make_items(read, presentation):
    frame = add_box(add_slide(presentation, "Steps").shapes, "Boil\nStir\nServe\nEnjoy", top=3)
    for paragraph, mark in zip(
        frame.paragraphs,
        ['<a:buAutoNum {} type="arabicPeriod"/>'] * 2 + ['<a:buChar {} char="-"/>', ""],
        strict=True,
    ):
        if mark:
            paragraph._p.get_or_add_pPr().append(parse_xml(mark.format(nsdecls("a"))))
    assert kinds(read("x.pptx", saved(presentation)))[1:] == [
        ("item", "1. Boil"),
        ("item", "2. Stir"),
        ("item", "Serve"),
        ("paragraph", "Enjoy"),
    ]


def test_the_largest_line_is_the_title_of_a_slide_without_one(read, presentation):
    shapes = add_slide(presentation).shapes
    add_box(shapes, "How lenses work", size=32)
    add_box(shapes, "They bend light.", top=3, size=18)
    assert kinds(read("x.pptx", saved(presentation))) == [
        ("heading", "How lenses work"),
        ("paragraph", "They bend light."),
    ]


def test_hidden_slides_say_so_in_their_label(read, presentation):
    add_slide(presentation, "Shown")
    add_slide(presentation, "Backup")._element.set("show", "0")
    labels = [page.label for page in read("x.pptx", saved(presentation)).pages]
    assert labels == ["1", "2 (hidden)"]


def add_picture(slide, text: str, *, name: str = "") -> None:
    buffer = io.BytesIO()
    picture_of(text).save(buffer, "PNG")
    picture = slide.shapes.add_picture(buffer, 0, 0, Inches(6))
    if name:
        picture._element.nvPicPr.cNvPr.set("descr", name)


def test_slides_that_are_pictures_are_named(read, presentation):
    add_picture(add_slide(presentation), "Light is bent\nby every lens.")
    with pytest.raises(DocumentError, match="its one slide is a picture"):
        read("x.pptx", saved(presentation))
    frame = add_box(add_slide(presentation, "Lenses").shapes, "They bend light.", top=3)
    assert frame.text
    (warning,) = read("x.pptx", saved(presentation)).warnings
    assert warning.startswith("1 of 2 slides have almost no text (1)")


@pytest.mark.skipif(bool(advise_ocr(asked=True)), reason="no tesseract or no extra ocr")
def test_slides_that_are_pictures_are_read_if_asked_for(read, presentation):
    add_picture(add_slide(presentation), "Light is bent\nby every lens.")
    document = read("x.pptx", saved(presentation), ocr=Ocr())
    assert "Light is bent" in document.text
    assert "read by OCR (1)" in document.warnings[0]


def test_descriptions_of_pictures_lose_what_the_program_adds(read, presentation):
    name = "A duck holds a paper\n\nAI-generated content may be incorrect."
    add_picture(add_slide(presentation, "Ducks in the pond behind the hall"), "x", name=name)
    document = read("x.pptx", saved(presentation))
    assert texts(document, "caption") == ["Picture: A duck holds a paper"]
