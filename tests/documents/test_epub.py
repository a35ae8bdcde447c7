import pytest

from ragkit.errors import DocumentError
from tests.documents.archives_made import make_archive, make_epub
from tests.documents.looking import assert_well_formed, kinds, page_texts

NAV = """<nav epub:type="toc"><ol><li><a href="one.xhtml">One</a></li>
<li><a href="sub/two.xhtml">The second chapter</a></li>
<li><a href="one.xhtml#b">B</a></li></ol></nav>"""


def test_chapters_stand_in_the_order_of_the_spine(read):
    one = (
        "<header><p>Before the heading.</p></header><h1>One&nbsp;&mdash; start</h1>"
        "<p>See<a epub:type='noteref' href='#n'>2</a> it.</p><div/>"
        "<aside epub:type='footnote'><p>A note.</p></aside>"
    )
    source = make_epub({"one.xhtml": one, "sub/two.xhtml": "<p>No heading.</p>"}, nav=NAV)
    document = read("book.epub", source)
    assert document.title == "A book"
    assert kinds(document) == [
        ("paragraph", "Before the heading."),
        ("heading", "One — start"),
        ("paragraph", "See² it."),
        ("paragraph", "A note."),
        ("heading", "The second chapter"),
        ("paragraph", "No heading."),
    ]
    assert document.pages == ()
    assert_well_formed(document)


def test_printed_pages_keep_their_labels(read):
    body = (
        '<span class="pagenum">[Pg iv]</span><p>The fourth.</p>'
        '<p>It ends in mid-<span epub:type="pagebreak" id="p5" title="5"/>sentence or in a wo'
        '<a role="doc-pagebreak" aria-label="page 6"></a>rd. And goes on.</p>'
        '<p id="seven">Listed.</p><p class="pagenum">not a number</p>'
    )
    nav = '<nav epub:type="page-list"><ol><li><a href="one.xhtml#seven">7</a></li></ol></nav>'
    document = read("book.epub", make_epub({"one.xhtml": body}, nav=nav))
    assert [page.label for page in document.pages] == ["front matter", "iv", "5", "6", "7"]
    assert page_texts(document) == [
        "", "The fourth.\n\nIt ends in mid-sentence", "or in a word.", "And goes on.",
        "Listed.\n\nnot a number",
    ]  # fmt: skip
    assert_well_formed(document)


def test_a_chapter_that_is_no_xml_is_read_as_html(read):
    source = make_epub({"one.xhtml": "<p>First.<p>Second & third.<br>"})
    assert read("book.epub", source).text == "First.\n\nSecond & third."


def test_a_protected_book_says_so(read):
    def encryption(name):
        return (
            '<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
            f'<e:CipherReference URI="{name}"/></encryption>'
        )

    chapters = {"one.xhtml": "<p>Text.</p>"}
    fonts = make_epub(chapters, encryption=encryption("OPS/font.otf"))
    assert read("book.epub", fonts).text == "Text."
    with pytest.raises(DocumentError, match="protected by its seller"):
        read("book.epub", make_epub(chapters, encryption=encryption("OPS/one.xhtml")))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"PK\x03\x04 and no more", "broken"),
        (make_archive({"a.txt": "x"}), "archive without the contents of a book"),
        (make_epub({}), "no text"),
        (make_epub({"../../../etc/passwd": "<p/>"}), "it has a member named"),
    ],
)
def test_what_is_no_book_is_one_clear_line(read, source, said):
    with pytest.raises(DocumentError, match=said) as caught:
        read("x.epub", source)
    assert caught.value.hint
