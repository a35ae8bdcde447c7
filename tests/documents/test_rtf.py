import pytest

from ragkit.errors import DocumentError
from tests.documents.looking import assert_well_formed, kinds

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}"
    r"{\f2\fcharset2 Symbol;}{\f3\fcharset128 MS Mincho;}}{\colortbl;\red0;}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 caption;}{\s9 toc 1;}}"
    r"{\info{\title Course notes}{\author Somebody}}{\header Page 3}"
)


def rtf(body: str) -> str:
    return HEAD + body + "}"


def test_structure(read):
    body = (
        r"\pard\s9 Week 1 \tab 3\par"
        r"\pard\s1 Week 1\par"
        r"\pard\plain The loss{\footnote\pard Not the gain.} x{\super 2} of H{\sub 2}O"
        r"{\v hidden}{\deleted gone}.\line Next line.\par"
        r"\pard{\b Late work}\par"
        r"\pard{\listtext\f2\'b7\tab}\ls1 Read\par{\listtext 2.\tab}Write\par"
        r"\trowd\trhdr\pard\intbl Part\cell Weight\cell\row"
        r"\trowd\intbl Exam\par or oral\cell 60 %\cell\row"
        r'\pard After. {\field{\*\fldinst HYPERLINK "x"}{\fldrslt A link}} end.\par'
        r"{\*\unknown dropped}{\pict 010203}{\*\shpinst{\sp{\sv x}}{\shptxt In a box.\par}}"
        r"\pard\s2 Figure 1: a curve\par"
    )  # fmt: skip
    document = read("notes.rtf", rtf(body))
    assert document.title == "Course notes"
    assert kinds(document) == [
        ("heading", "Week 1"),
        ("paragraph", "The loss x² of H₂O.\nNext line."),
        ("note", "Footnote: Not the gain."),
        ("heading", "Late work"),
        ("item", "Read"),
        ("item", "2. Write"),
        ("row", "Part: Exam or oral; Weight: 60 %"),
        ("paragraph", "After. A link end."),
        ("caption", "Figure 1: a curve"),
        ("paragraph", "In a box."),
    ]
    assert_well_formed(document)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"caf\'e9 \emdash \lquote a\rquote\~b\_c\-d \{x\}", "café —‘a’ b-cd {x}"),
        (r"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}, {\f3 \'93\'fa\'96\'7b}", "Привет, 日本"),
        (r"\u8364? and \uc2\u8364\'80\'80x and \uc0\u-10179\u-8704", "€ and €x and 😀"),
        (r"\uc1\u960 {\uc0 b}c", "πbc"),
        ("a\\\nb\\tab c", "a\n\nb c"),
        (r"\bin5 \\}}{ab", "ab"),
        (r"{\upr{ansi}{\*\ud unicode}}", "unicode"),
    ],
)
def test_characters(read, body, text):
    assert read("x.rtf", rtf(rf"\pard {body}\par")).text == text


def test_the_code_page_of_the_file_counts_where_no_font_says_another(read):
    source = rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset0 Arial;}}\f0 \'cf\'f0\'e8}"
    assert read("x.rtf", source).text == "При"


@pytest.mark.parametrize("source", ["{", "Text.", "<html>"])
def test_what_is_no_rtf_is_one_clear_line(read, source):
    with pytest.raises(DocumentError, match="cannot be read as RTF"):
        read("x.rtf", source)


def test_many_braces_are_no_traceback(read):
    assert read("x.rtf", rtf("{" * 100_000 + "deep" + "}" * 300_000 + "end")).text == "deepend"
