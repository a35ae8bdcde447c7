"""Lines in the order of a reader, words without the gaps that letters are spaced out with."""

from tests.documents.looking import texts
from tests.documents.raw_pdf import make_pdf, paragraph_at, text_at

BEFORE = ["The parts of the grade are listed here,", "with their weights in percent."]
AFTER = ["The exam is written in the large hall,", "and nobody may leave it early."]


def test_what_is_drawn_last_goes_into_the_gap_that_was_left_for_it(read):
    content = paragraph_at(40, 450, BEFORE) + paragraph_at(40, 330, AFTER)
    content += paragraph_at(60, 400, ["Exam counts sixty of a hundred."])
    assert read("x.pdf", make_pdf(content)).text.split("\n\n") == [
        " ".join(BEFORE), "Exam counts sixty of a hundred.", " ".join(AFTER),
    ]  # fmt: skip


def test_a_title_that_is_drawn_last_comes_first(read):
    content = paragraph_at(40, 400, BEFORE) + text_at(40, 460, "Assessment", size=18, font="F2")
    document = read("x.pdf", make_pdf(content))
    assert document.text.startswith("Assessment")
    assert texts(document, "heading") == ["Assessment"]


def test_columns_stay_as_they_are_drawn(read):
    left = [f"left column line {n} of the page" for n in "abcdefgh"]
    right = [f"right column line {n} of the page" for n in "abcdefgh"]
    content = text_at(40, 480, "A wide title over both of the columns of the page", size=14)
    content += text_at(40, 30, "A wide footer below both of the columns of this page", size=9)
    content += paragraph_at(40, 450, left) + paragraph_at(220, 450, right)
    text = read("x.pdf", make_pdf(content)).text
    assert text.index("left column line h") < text.index("right column line a")


def test_text_printed_twice_to_look_bold_is_read_once(read):
    twice = "BT /F1 12 Tf 40 400 Td (Office hours) Tj 0.3 0 Td (Office hours) Tj ET\n"
    apart = text_at(40, 380, "Room B 2", size=12) + text_at(40.3, 380, "Room B 2", size=12)
    again = text_at(40, 300, "Again and again")
    lines = again + text_at(40, 360, "x") + again
    text = read("x.pdf", make_pdf(twice + apart + lines)).text
    assert [text.count(it) for it in ("Office hours", "Room B 2", "Again and again")] == [1, 1, 1]


def test_letters_that_are_spaced_out_make_words(read):
    widths = {
        "/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Narrow", "/FirstChar": 97,
        "/Widths": [500] * 26, "/Encoding": "/WinAnsiEncoding",
    }  # fmt: skip
    content = "BT /F3 10 Tf 40 400 Td [(to)-480(p)-112(erform)-480(b)-112(est)] TJ ET\n"
    assert read("x.pdf", make_pdf(content, fonts={"/F3": widths})).text == "to perform best"


def test_text_outside_the_visible_page_is_left_out(read):
    content = paragraph_at(40, 400, BEFORE) + text_at(40, 490, "slug.qxd 10/02/2012 page 12")
    document = read("x.pdf", make_pdf(content, page={"/CropBox": [0, 0, 400, 480]}))
    assert document.text == " ".join(BEFORE)


def test_a_mark_before_a_footnote_is_raised_and_a_label_after_an_icon_is_not_lowered(read):
    content = paragraph_at(40, 450, BEFORE)
    content += text_at(40, 300, "1", size=6) + text_at(44, 297, "See the syllabus for more.")
    content += text_at(40, 250, "XXXX", size=24) + text_at(130, 246, "Vision", size=14)
    text = read("x.pdf", make_pdf(content)).text
    assert "¹ See the syllabus" in text or "¹See the syllabus" in text
    assert "_" not in text


def test_narrow_letters_side_by_side_are_not_printed_twice(read):
    widths = {
        "/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Narrow", "/FirstChar": 97,
        "/Widths": [220] * 26, "/Encoding": "/WinAnsiEncoding",
    }  # fmt: skip
    strings = "".join(f"1 0 0 1 {40 + 2.2 * n} 400 Tm ({c}) Tj " for n, c in enumerate("willlow"))
    content = f"BT /F3 10 Tf {strings} ET\n"
    assert read("x.pdf", make_pdf(content, fonts={"/F3": widths})).text == "willlow"


def test_the_number_of_a_section_may_stand_apart_from_its_heading(read):
    heading = "BT /F2 10 Tf 40 400 Td [(5.1)-1150(Grading)] TJ ET\n"
    content = paragraph_at(40, 450, BEFORE) + heading + paragraph_at(40, 380, AFTER)
    assert texts(read("x.pdf", make_pdf(content)), "heading") == ["5.1 Grading"]
