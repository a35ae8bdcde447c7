from hypothesis import given
from hypothesis import strategies as st

from ragkit.documents.build import build_document, choose_title
from ragkit.documents.draft import Draft, RawBlock
from tests.documents.looking import assert_well_formed, kinds


def build(*blocks, **fields):
    return build_document(Draft(blocks, **fields), name="a/b.pdf", kind="pdf", sha256="00")


def test_blocks_are_joined_and_know_their_headings():
    document = build(
        RawBlock("heading", "Course", level=1),
        RawBlock("heading", "Exam", level=2),
        RawBlock("paragraph", "It is  written."),
        RawBlock("item", "• no phones"),
        RawBlock("item", "• no notes"),
        RawBlock("heading", "Labs", level=2),
        RawBlock("paragraph", "Weekly."),
    )
    assert document.text == (
        "Course\n\nExam\n\nIt is written.\n\nno phones\nno notes\n\nLabs\n\nWeekly."
    )
    assert [block.heading for block in document.blocks] == [
        (), ("Course",), ("Course", "Exam"), ("Course", "Exam"), ("Course", "Exam"),
        ("Course",), ("Course", "Labs"),
    ]  # fmt: skip
    assert_well_formed(document)


def test_a_paragraph_goes_on_over_a_page_break():
    document = build(
        RawBlock("paragraph", "The exam takes 90 min-", page=1),
        RawBlock("paragraph", "utes in room 4.", page=2, continues=True),
        page_labels=("i", "ii", "iii"),
    )
    assert kinds(document) == [("paragraph", "The exam takes 90 minutes in room 4.")]
    first, second, third = document.pages
    assert document.text[first.start : first.end] == "The exam takes 90 min"
    assert document.text[second.start : second.end] == "utes in room 4."
    assert (third.label, third.start, third.end) == ("iii", second.end, second.end)
    assert_well_formed(document)


def test_titles_that_programs_invent_are_not_used():
    heading = RawBlock("heading", "Week 3: \ufb01ne-tuning", level=1)
    for invented in (
        "Microsoft Word - w3.doc",
        "untitled",
        "slides.pptx",
        "",
        "PowerPoint-Präsentation",
    ):
        assert (
            choose_title(Draft((heading,), title=invented), name="x.pdf") == "Week 3: fine-tuning"
        )
    assert choose_title(Draft((heading,), title="Tuning"), name="x.pdf") == "Tuning"
    assert choose_title(Draft(()), name="lab/week_03-tuning.ipynb") == "week 03 tuning"


RAW = st.builds(
    RawBlock,
    kind=st.sampled_from(["heading", "paragraph", "item", "row", "code", "note", "caption"]),
    text=st.text(st.sampled_from("ab.- \n\t\x1b•1\ud800"), max_size=12),
    level=st.integers(0, 4),
    page=st.just(1),
    continues=st.booleans(),
)


@given(st.lists(RAW, max_size=8), st.lists(st.integers(0, 2), max_size=8))
def test_any_draft_gives_a_well_formed_document(blocks, steps):
    page, placed = 1, []
    for block, step in zip(blocks, steps, strict=False):
        page += step
        placed.append(
            RawBlock(block.kind, block.text, block.level, page, block.continues and step > 0)
        )
    document = build(*placed, page_labels=tuple(map(str, range(1, page + 1))))
    assert_well_formed(document)


def test_code_over_a_page_break_keeps_its_lines_and_indents():
    """Mended: its first line on the new page was joined to the last one on the old."""
    document = build(
        RawBlock("code", "for x in y:", page=1),
        RawBlock("code", "    print(x)", page=2, continues=True),
        page_labels=("1", "2"),
    )
    assert document.text == "for x in y:\n    print(x)"
    assert_well_formed(document)
