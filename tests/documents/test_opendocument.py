import pytest

from ragkit.errors import DocumentError
from tests.documents.archives_made import make_archive, make_opendocument
from tests.documents.looking import assert_well_formed, kinds, page_texts, texts

STYLES = """
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/>
<style:style style:name="Heading_20_2" style:display-name="Heading 2"/>
<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Up"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="Down"><style:text-properties style:text-position="-33% 58%"/></style:style>
<style:style style:name="Gone"><style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L1">
  <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=")"/>
  <text:list-level-style-bullet text:level="2"/>
</text:list-style>"""

TEXT = """<office:text>
<text:tracked-changes><text:deletion><text:p>Deleted.</text:p></text:deletion>
</text:tracked-changes>
<text:h text:outline-level="1">Week 1</text:h>
<text:table-of-content><text:index-body><text:p>Week 1 ... 3</text:p></text:index-body>
</text:table-of-content>
<text:p>The<text:s text:c="2"/>loss<text:note text:note-class="footnote">
<text:note-citation>1</text:note-citation><text:note-body><text:p>Not the gain.</text:p>
</text:note-body></text:note> x<text:span text:style-name="Up">2</text:span> of
H<text:span text:style-name="Down">2</text:span>O
<text:span text:style-name="Gone">hidden</text:span>.
<office:annotation><text:p>A comment.</text:p></office:annotation></text:p>
<text:p text:style-name="P1">Rules</text:p>
<text:p text:style-name="B">Late work</text:p>
<text:list text:style-name="L1">
  <text:list-item><text:p>Read</text:p><text:list><text:list-item><text:p>a lot</text:p>
  </text:list-item></text:list></text:list-item>
  <text:list-item><text:p>Write</text:p></text:list-item>
</text:list>
<text:p>See:</text:p>
<text:list text:style-name="L1" text:continue-numbering="true">
  <text:list-item><text:p>Hand in</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row>
  <table:table-cell><text:p>Part</text:p></table:table-cell>
  <table:table-cell><text:p>Weight</text:p></table:table-cell></table:table-row>
</table:table-header-rows><table:table-row>
  <table:table-cell><text:p>Exam</text:p></table:table-cell>
  <table:table-cell table:number-columns-repeated="1000000"><text:p>60 %</text:p></table:table-cell>
</table:table-row></table:table>
<text:p>Before<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame>
<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>.</text:p>
</office:text>"""
FORMULA = (
    '<math:math {0}><math:mi>E</math:mi><math:annotation encoding="StarMath 5.0">E = m c^2'
    "</math:annotation></math:math>"
)


def test_text(read):
    parts = {"Object 1__content": FORMULA}
    source = make_opendocument(TEXT, styles=STYLES, title="Course notes", **parts)
    document = read("notes.odt", source)
    assert document.title == "Course notes"
    assert kinds(document) == [
        ("heading", "Week 1"),
        ("paragraph", "The loss x² of H₂O ."),
        ("note", "Footnote: Not the gain."),
        ("heading", "Rules"),
        ("heading", "Late work"),
        ("item", "1) Read"),
        ("item", "a lot"),
        ("item", "2) Write"),
        ("paragraph", "See:"),
        ("item", "3) Hand in"),
        ("row", "Part: Exam; Weight: 60 %"),
        ("paragraph", "Before E = m c^2."),
        ("paragraph", "In a box."),
    ]
    assert document.blocks[-1].heading == ("Week 1", "Rules", "Late work")
    assert_well_formed(document)


SLIDES = """<office:presentation>
<draw:page><draw:frame svg:y="9cm"><draw:text-box><text:p>Below.</text:p></draw:text-box>
</draw:frame>
<draw:g><draw:frame svg:x="9in" svg:y="2.3cm"><draw:text-box><text:p>Right.</text:p></draw:text-box>
</draw:frame><draw:custom-shape svg:x="1cm" svg:y="2.5cm"><text:p>Left.</text:p></draw:custom-shape>
</draw:g>
<draw:frame presentation:class="title" svg:y="12cm"><draw:text-box><text:p>Loss</text:p>
</draw:text-box></draw:frame>
<draw:frame presentation:class="page-number"><draw:text-box><text:p>7</text:p></draw:text-box>
</draw:frame>
<draw:frame presentation:class="outline" presentation:placeholder="true"><draw:text-box>
<text:p>Click to add text</text:p></draw:text-box></draw:frame>
<draw:frame><svg:desc>A curve that falls</svg:desc><draw:image/></draw:frame>
<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Say it slowly.
</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
<draw:page/>
<draw:page><draw:frame presentation:class="outline"><draw:text-box><text:list><text:list-item>
<text:p>One</text:p></text:list-item></text:list></draw:text-box></draw:frame></draw:page>
</office:presentation>"""


def test_slides_are_pages(read):
    document = read("week1.odp", make_opendocument(SLIDES))
    assert document.title == "Loss"
    picture = "Picture: A curve that falls"
    notes = "Speaker notes: Say it slowly."
    assert page_texts(document) == [
        f"Loss\n\n{picture}\n\nLeft.\n\nRight.\n\nBelow.\n\n{notes}", "", "One",
    ]  # fmt: skip
    assert texts(document, "item") == ["One"]
    assert texts(document, "note") == [notes]
    assert_well_formed(document)


def test_a_slide_without_a_title_has_one_in_larger_print(read):
    styles = "".join(
        f'<style:style style:name="S{size}"><style:text-properties fo:font-size="{size}pt"/>'
        "</style:style>"
        for size in (18, 44)
    )

    def shape(text, size):
        line = f'<text:p text:style-name="S{size}">{text}</text:p>'
        return f"<draw:custom-shape>{line}</draw:custom-shape>"

    slides = [("Loss", 44), ("It falls.", 18)], [("Even", 44), ("print", 44)], [("Small", 18)]
    body = "".join(
        f"<draw:page>{''.join(shape(*one) for one in slide)}</draw:page>" for slide in slides
    )
    source = make_opendocument(f"<office:presentation>{body}</office:presentation>", styles=styles)
    assert texts(read("x.odp", source), "heading") == ["Loss"]


def test_an_encrypted_file_says_so(read):
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    with pytest.raises(DocumentError, match=r"x\.odt is encrypted") as caught:
        read("x.odt", make_opendocument("<office:text/>", manifest=manifest))
    assert "without a password" in caught.value.hint


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"PK\x03\x04 and no more", "broken"),
        (make_archive({"content.xml": "<a>"}), "broken"),
        (make_opendocument("<office:spreadsheet/>"), "neither"),
        (make_opendocument("<office:text/>"), "no text"),
    ],
)
def test_what_is_no_document_is_one_clear_line(read, source, said):
    with pytest.raises(DocumentError, match=said) as caught:
        read("x.odt", source)
    assert caught.value.hint


def test_entities_cannot_read_files_or_grow(read, tmp_path):
    (tmp_path / "secret").write_text("the password")
    for entity in (f'SYSTEM "{tmp_path}/secret"', '"&b;&b;"><!ENTITY b "&c;&c;"><!ENTITY c "x"'):
        content = (
            f"<!DOCTYPE x [<!ENTITY a {entity}>]>"
            '<o:c xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
            ' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
            "<o:body><o:text><t:p>Text.&a;</t:p></o:text></o:body></o:c>"
        )
        source = make_archive({"content.xml": content})
        assert read("x.odt", source).text == "Text."
