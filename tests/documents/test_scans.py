"""Pages that are pictures of text, or whose fonts cannot be read: named, and read if asked for."""

import shutil

import pytest
import typst
from PIL import Image

from ragkit.documents.ocr import Ocr, advise_ocr
from ragkit.documents.pages import list_pages
from ragkit.errors import DocumentError, UsageError
from tests.documents.looking import assert_well_formed, page_texts, texts
from tests.documents.raw_pdf import joined, make_pdf, scan, text_at, without_character_maps

ADVICE = "tesseract|ragkit|ocr"
NOTES = "The exam takes ninety minutes\nand is held in the large hall.\n\nBring a pencil."
needs_tesseract = pytest.mark.skipif(
    bool(advise_ocr(asked=True)), reason="the extra ocr or tesseract is not installed"
)


def typeset(*pages: str) -> bytes:
    return typst.compile("\n#pagebreak()\n".join(pages).encode())


def test_a_scan_is_told_from_a_document(read):
    with pytest.raises(DocumentError, match="has no text: 3 pages look like scans") as caught:
        read("scan.pdf", scan(NOTES, NOTES, NOTES))
    assert "ocr" in caught.value.hint
    with pytest.raises(DocumentError, match="its 2 pages are blank"):
        read("blank.pdf", make_pdf("", ""))


def test_pictures_among_pages_are_named(read):
    printed = typeset("This page has enough text to be read.")
    document = read("mixed.pdf", joined(printed, scan(NOTES), printed, scan(NOTES, NOTES)))
    (warning,) = document.warnings
    assert warning.startswith("3 of 5 pages have almost no text (2, 4-5); ")
    assert "ocr" in warning


def test_blank_pages_dividers_and_logos_are_no_scans(read_typst):
    logo = "#place(bottom)[#rect(width: 1cm, height: 1cm, fill: blue)]\n"
    document = read_typst(
        "This page has enough text to be read.\n#pagebreak()\n#pagebreak()\nPart II\n" + logo
    )
    assert document.warnings == ()


def test_a_background_that_every_slide_has_is_no_scan(read, tmp_path):
    background = tmp_path / "back.png"
    Image.new("RGB", (320, 180), "navy").save(background)
    source = tmp_path / "deck.typ"
    slides = ["Enough text on a slide to be read", "Part II", "More text on a slide to be read"]
    source.write_text(
        '#set page(paper: "presentation-16-9", background: image("back.png", width: 100%))\n'
        + "\n#pagebreak()\n".join(slides)
    )
    assert read("deck.pdf", typst.compile(str(source))).warnings == ()


def test_text_without_a_character_map_is_not_taken_for_text(read):
    garbled = without_character_maps(typeset("Nobody can copy this text from the page."))
    with pytest.raises(DocumentError, match="its fonts have no character map"):
        read("garbled.pdf", garbled)
    printed = typeset("This page has enough text to be read.")
    document = read("half.pdf", joined(printed, garbled))
    assert document.text == "This page has enough text to be read."
    (warning,) = document.warnings
    assert "1 of 2 pages cannot be read: its fonts have no character map (2)" in warning


def test_a_glyph_without_a_character_is_a_bullet_only_where_a_line_begins(read):
    signs = {
        "/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Signs",
        "/Encoding": {"/Type": "/Encoding", "/Differences": [65, "/SM590000", "/C0"]},
    }  # fmt: skip
    content = "".join(
        [
            text_at(40, 400, "It grows by the following rules, which are these:"),
            text_at(40, 380, "A", font="F3") + text_at(50, 380, " no phones in the hall"),
            text_at(40, 360, "A", font="F3") + text_at(50, 360, " no notes in the hall"),
            text_at(40, 320, "The slope is ")
            + text_at(100, 320, "B", font="F3")
            + text_at(106, 320, "0.5 here."),
        ]
    )
    document = read("signs.pdf", make_pdf(content, fonts={"/F3": signs}))
    assert texts(document, "item") == ["no phones in the hall", "no notes in the hall"]
    assert texts(document, "paragraph")[-1] == "The slope is −0.5 here."


def test_page_numbers_are_listed_in_short():
    assert list_pages([1, 2, 3, 7]) == "1-3, 7"
    assert list_pages(range(1, 100, 2)).endswith("21, 23, ...")


@needs_tesseract
@pytest.mark.parametrize("turned", [0, 180])
def test_scans_are_read_if_asked_for(read, turned):
    printed = typeset("This page has enough text to be read.")
    document = read("mixed.pdf", joined(printed, scan(NOTES, turned=turned)), ocr=Ocr())
    _, second = page_texts(document)
    assert "The exam takes ninety minutes and is held in the large hall." in second
    assert document.warnings == ("1 of 2 pages were read by OCR (2): expect wrong letters",)
    assert_well_formed(document)


@needs_tesseract
def test_an_unknown_language_is_named_with_those_that_are_known(read):
    with pytest.raises(UsageError, match=r"language 'tlh'; it knows: .*eng") as caught:
        read("scan.pdf", scan(NOTES), ocr=Ocr(languages="tlh"))
    assert "ocr_languages" in caught.value.hint


@needs_tesseract
def test_a_page_that_takes_too_long_is_left_unread(read):
    with pytest.raises(DocumentError, match="its one page looks like a scan"):
        read("scan.pdf", scan(NOTES), ocr=Ocr(page_timeout_s=0.001))


def test_the_advice_names_what_is_missing(monkeypatch):
    assert "ocr" in advise_ocr(asked=False)
    monkeypatch.setenv("PATH", "")
    assert shutil.which("tesseract") is None
    assert "tesseract" in advise_ocr(asked=True)
