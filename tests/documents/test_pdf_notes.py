"""Notes typed onto a PDF, comments, and forms that were filled in."""

import io

import pypdf
import typst
from pypdf.annotations import FreeText, Highlight
from pypdf.generic import ArrayObject, FloatObject, NameObject, NumberObject, TextStringObject

from tests.documents.looking import assert_well_formed, kinds
from tests.documents.raw_pdf import to_pdf, written


def annotated(*pages: str, notes) -> pypdf.PdfWriter:
    data = typst.compile("\n#pagebreak()\n".join(pages).encode())
    writer = pypdf.PdfWriter(io.BytesIO(data))
    for number, note in notes:
        writer.add_annotation(number, note)
    return writer


def comment(text: str):
    corners = ArrayObject(FloatObject(n) for n in (50, 700, 90, 700, 50, 690, 90, 690))
    note = Highlight(rect=(50, 690, 90, 700), quad_points=corners)
    note[NameObject("/Contents")] = TextStringObject(text)
    return note


def field(name: str, value: str, *, flags: int = 4):
    note = to_pdf(
        {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx", "/Rect": [50, 50, 90, 60]}
    )
    note[NameObject("/T")] = TextStringObject(name)
    note[NameObject("/V")] = TextStringObject(value)
    note[NameObject("/F")] = NumberObject(flags)
    return note


def test_notes_comments_and_filled_fields_stand_at_the_end_of_their_page(read):
    typed = FreeText(text="Ask about this in class", rect=(50, 600, 200, 620))
    notes = [(0, typed), (0, comment("not in the exam")), (1, field("Name", "Ada"))]
    document = read("x.pdf", written(annotated("Light is bent.", "Please fill in:", notes=notes)))
    assert kinds(document) == [
        ("paragraph", "Light is bent."),
        ("note", "Ask about this in class"),
        ("note", "Comment: not in the exam"),
        ("paragraph", "Please fill in:"),
        ("row", "Name: Ada"),
    ]
    assert [page.number for page in document.pages if page.end > page.start] == [1, 2]
    assert_well_formed(document)


def test_hidden_and_empty_fields_are_left_out(read):
    notes = [(0, field("Secret", "x", flags=2)), (0, field("Name", ""))]
    assert read("x.pdf", written(annotated("A form.", notes=notes))).text == "A form."


def test_a_note_does_not_part_a_sentence_over_two_pages(read):
    source = "#set page(height: 300pt, width: 220pt, margin: 30pt)\n#set text(10pt)\n"
    writer = annotated(source + "the passage goes on and on " * 40 + "until it ends.", notes=[])
    writer.add_annotation(0, FreeText(text="Ask about this", rect=(50, 60, 200, 80)))
    document = read("x.pdf", written(writer))
    assert [kind for kind, _ in kinds(document)] == ["note", "paragraph"]
    assert_well_formed(document)
