import io
from functools import partial

import pypdf
import pytest
import typst

from ragkit.documents.pdf.lines import Line, PageLines
from ragkit.documents.pdf.structure import find_structure
from ragkit.errors import DocumentError
from tests.documents.looking import assert_well_formed, kinds, page_texts, texts

FOOTER = "#set page(footer: context [Intro to AI, Lindenmoor #h(1fr) #counter(page).display()])\n"
NOTES = """
#set document(title: "Retrieval notes")
#set page(width: 190pt, height: 250pt, margin: 30pt, numbering: "i")
#set heading(numbering: "1.1")
#set par(justify: true)
#set text(size: 10pt, hyphenate: true, lang: "en")
= Retrieval
A retriever returns the passages that are most likely to hold the answer to a question, and
everything that comes later depends on it. Fine-tuning is not covered here.
== Chunking
The documents are split into chunks of two hundred tokens, because the encoder reads no more than
that; whatever comes after is silently ignored, which nobody notices until answers are missing from
the index, and by then the semester is over and the students have gone home for the long summer.
"""


def test_headings_paragraphs_and_page_labels_of_typeset_notes(read_typst):
    document = read_typst(NOTES)
    assert document.title == "Retrieval notes"
    assert texts(document, "heading") == ["1 Retrieval", "1.1 Chunking"]
    assert document.blocks[-1].heading == ("1 Retrieval", "1.1 Chunking")
    assert [page.label for page in document.pages] == ["i", "ii"]
    assert_well_formed(document)


def test_lines_become_paragraphs_also_over_a_page_break(read_typst):
    document = read_typst(NOTES)
    last = texts(document, "paragraph")[-1]
    assert last.startswith("The documents are split into chunks of two hundred tokens, because the")
    assert last.endswith("gone home for the long summer.")
    assert "\n" not in last
    first, second = page_texts(document)
    assert first.endswith(last[: len(last) - len(second)].rstrip())


def test_footers_are_removed_and_kept_once_when_they_say_something(read_typst):
    pages = "\n#pagebreak()\n".join(f"Page about topic {name}." for name in ("tea", "ink", "sea"))
    document = read_typst(FOOTER + pages)
    assert document.text.count("Lindenmoor") == 1
    assert [text.split("\n\n")[-1] for text in page_texts(document)] == [
        "Page about topic tea.", "Page about topic ink.", "Page about topic sea.",
    ]  # fmt: skip


def test_a_footer_does_not_cut_a_sentence(read_typst):
    source = FOOTER + "#set page(height: 300pt, width: 220pt, margin: 30pt)\n#set text(10pt)\n"
    words = "the passage goes on and on without a stop "
    document = read_typst(source + words * 30 + "until it ends.")
    (paragraph,) = [text for text in texts(document, "paragraph") if "passage" in text]
    assert paragraph == words * 30 + "until it ends."


LONG_ITEM = (
    "Queries meet keys; the softmax of their products weighs the values, which is a long sentence "
    "that needs two lines."
)
SLIDES = """
#set page(paper: "presentation-16-9", margin: 40pt)
#set text(size: 20pt)
#let slide(title, body) = {
  pagebreak(weak: true)
  text(28pt, weight: "bold", title)
  parbreak()
  body
}
#slide("Attention")[
- Queries meet keys; the softmax of their products weighs the values, which is a long sentence
  that needs two lines.
- It costs $n^2$ time for $w_(t-1)$.
]
#slide("Cost")[Twice the context is four times the work.]
"""


def test_slides_have_titles_and_items(read_typst):
    document = read_typst(SLIDES)
    assert kinds(document) == [
        ("heading", "Attention"),
        ("item", LONG_ITEM),
        ("item", "It costs n² time for wₜ₋₁."),
        ("heading", "Cost"),
        ("paragraph", "Twice the context is four times the work."),
    ]  # fmt: skip
    assert document.blocks[-1].heading == ("Cost",)
    assert document.title == "Attention"


def test_columns_are_read_one_after_the_other(read_typst):
    left = "Left column text that runs over a few lines and says what comes first. " * 6
    right = "Right column text that runs over a few lines and says what comes second. " * 6
    document = read_typst(
        f"#set page(width: 400pt, height: 300pt, margin: 20pt, columns: 2)\n#set text(10pt)\n"
        f"{left}\n#colbreak()\n{right}"
    )
    assert texts(document, "paragraph") == [left.strip(), right.strip()]


def test_rows_of_a_table_have_the_names_of_their_columns(read_typst):
    document = read_typst(
        "#set text(10pt)\n#table(columns: (4cm, 3cm, 3cm), [Part], [Weight], [Due],"
        "[Exam], [60 %], [2 June], [Labs], [40 %], [weekly])"
    )
    assert texts(document, "row") == [
        "Part: Exam; Weight: 60 %; Due: 2 June",
        "Part: Labs; Weight: 40 %; Due: weekly",
    ]


def test_code_keeps_its_lines(read_typst):
    source = "#set text(10pt)\nRun this:\n```python\nfor x in data:\n    print(x)\n```\nThen look."
    document = read_typst(source)
    assert texts(document, "code") == ["for x in data:\n    print(x)"]


def encrypted_pdf(password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(typst.compile(b"The password opens it.")))
    writer.encrypt(password, algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_an_encrypted_file_needs_its_password(read):
    data = encrypted_pdf("sesame")
    with pytest.raises(DocumentError, match="encrypted") as caught:
        read("exam.pdf", data)
    assert "--password" in caught.value.hint
    with pytest.raises(DocumentError, match="does not open it"):
        read("exam.pdf", data, password="wrong")
    assert read("exam.pdf", data, password="sesame").text == "The password opens it."


def test_a_file_locked_only_for_editing_opens(read):
    assert read("locked.pdf", encrypted_pdf("")).text == "The password opens it."


@pytest.mark.parametrize("data", [b"%PDF-1.7\nrubbish", b"not a pdf", b"%PDF-1.4\n1 0 obj<</Type"])
def test_a_broken_file_is_one_clear_line(read, data):
    with pytest.raises(DocumentError, match=r"^x\.pdf is broken") as caught:
        read("x.pdf", data)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_table_whose_cells_wrap_keeps_each_row_together(read_typst):
    document = read_typst(
        "#set text(10pt)\nBefore the table.\n"
        "#table(columns: (2cm, 3cm, 3cm), [Stage], [Fault], [Sign], [Reading], [columns mixed and "
        "tables flattened], [garbled passages], [Search], [names missed], [low recall])"
    )
    rows = document.text.split("\n")
    assert "Reading; columns mixed and tables flattened; garbled passages" in rows
    assert "Search; names missed; low recall" in rows


def test_a_table_of_contents_has_one_line_an_entry(read_typst):
    document = read_typst("#outline()\n#pagebreak()\n= Counting\nText.\n= Weighing\nText.")
    assert texts(document, "row") == ["Counting … 2", "Weighing … 2"]


def test_lines_of_a_title_page_stay_apart(read_typst):
    document = read_typst(
        "#align(center)[#text(24pt)[*Lecture notes*] \\ Dr. Ilse Marwede \\ "
        "University of Lindenmoor \\ Autumn 2025]\n\n"
        + "The notes follow the lectures and fill in what slides leave out. "
        * 8
    )
    assert texts(document, "paragraph")[:3] == [
        "Dr. Ilse Marwede", "University of Lindenmoor", "Autumn 2025",
    ]  # fmt: skip


def test_rotated_stamps_are_no_headings(read_typst):
    document = read_typst(
        "#place(dx: -40pt, dy: 300pt, rotate(-90deg, reflow: true, text(22pt)[arXiv:2004.04906]))\n"
        "= Retrieval\n" + "A retriever finds the passages. " * 20
    )
    assert texts(document, "heading") == ["Retrieval"]
    assert "arXiv:2004.04906" in texts(document, "paragraph")


def test_a_footer_kept_on_a_later_page_does_not_part_a_sentence():
    line = partial(Line, x=30, size=10)
    pages = [
        PageLines(200, 300, (line("The exam is held in the", y=40),)),
        PageLines(200, 300, (line("large hall.", y=270),), furniture=(line("INF 2140", y=20),)),
    ]
    first, second, third = find_structure(pages)
    assert (first.text, second.text, third.text) == (
        "The exam is held in the", "large hall.", "INF 2140",
    )  # fmt: skip
    assert second.continues
