"""Tables of PDF pages: taken for tables only where places make it sure, with names of columns."""

import pytest

from tests.documents.looking import kinds, texts
from tests.documents.raw_pdf import make_pdf, paragraph_at, text_at


def row_at(y: float, *cells: tuple[float, str], font: str = "F1") -> str:
    return "".join(text_at(x, y, text, font=font) for x, text in cells)


def table(rows: list[tuple[str, ...]], *, xs=(40, 150, 250), top=400, bold=False) -> str:
    lines = []
    for place, row in enumerate(rows):
        cells = [(x, text) for x, text in zip(xs, row, strict=True) if text]
        lines.append(row_at(top - 16 * place, *cells, font="F2" if bold and not place else "F1"))
    return "".join(lines)


MARKS = [
    ("Part", "Weight", "Place"), ("Exam", "60", "Hall"), ("Labs", "30", "B 2"), ("Talk", "10", ""),
]  # fmt: skip
LEFT, RIGHT = "words of the left column go on here and", "words of the right column stand there"


def test_a_column_of_figures_tells_which_row_is_the_header(read):
    assert texts(read("x.pdf", make_pdf(table(MARKS))), "row") == [
        "Part: Exam; Weight: 60; Place: Hall",
        "Part: Labs; Weight: 30; Place: B 2",
        "Part: Talk; Weight: 10",
    ]


def test_without_figures_bold_print_tells_it_and_nothing_else(read):
    rows = [("Group", "Tutor", "Room"), ("Red", "Ada", "North"), ("Blue", "Alan", "South")]
    assert texts(read("x.pdf", make_pdf(table(rows, bold=True))), "row") == [
        "Group: Red; Tutor: Ada; Room: North",
        "Group: Blue; Tutor: Alan; Room: South",
    ]
    assert texts(read("x.pdf", make_pdf(table(rows))), "row") == [
        "Group; Tutor; Room", "Red; Ada; North", "Blue; Alan; South",
    ]  # fmt: skip


def test_a_table_in_one_string_is_parted_at_its_wide_gaps(read):
    lines = [("Part", "Weight"), ("Exam", "60"), ("Labs", "30"), ("Talk", "10")]
    content = "".join(
        f"BT /F2 10 Tf 40 {400 - 14 * n} Td [({a}) -6000 ({b})] TJ ET\n"
        if n == 0
        else f"BT /F1 10 Tf 40 {400 - 14 * n} Td [({a}) -6000 ({b})] TJ ET\n"
        for n, (a, b) in enumerate(lines)
    )
    assert texts(read("x.pdf", make_pdf(content)), "row") == [
        "Part: Exam; Weight: 60", "Part: Labs; Weight: 30", "Part: Talk; Weight: 10",
    ]  # fmt: skip


def test_a_name_over_two_columns_belongs_to_both(read):
    content = row_at(416, (40, "Set"), (145, "Counts of the two groups"), font="F2")
    content += table([("red", "12", "15"), ("blue", "20", "31"), ("green", "7", "9")])
    assert texts(read("x.pdf", make_pdf(content)), "row")[0] == (
        "Set: red; Counts of the two groups: 12; Counts of the two groups: 15"
    )


def test_a_label_beside_two_rows_does_not_make_them_one(read):
    content = table([("", "DPR", "78"), ("", "BM25", "76"), ("", "Both", "79")], top=400)
    content += row_at(392, (40, "Single"))
    rows = texts(read("x.pdf", make_pdf(content)), "row")
    assert [row for row in rows if "78" in row and "76" in row] == []


@pytest.mark.parametrize(
    "content",
    [
        # formulas with their numbers
        table([("a = b + c", "", "(1)"), ("b = c", "", "(2)"), ("c = a", "", "(3)")]),
        # items with bullets that stand apart
        "".join(row_at(400 - 14 * n, (40, "-"), (60, text)) for n, text in enumerate("abc")),
        # two columns of a page, drawn line by line
        "".join(
            row_at(400 - 12 * n, (40, LEFT), (240, RIGHT))
            for n in range(3)
        ),
    ],
)  # fmt: skip
def test_what_only_stands_below_each_other_is_no_table(read, content):
    document = read("x.pdf", make_pdf(paragraph_at(40, 450, ["Here it begins."]) + content))
    assert not [text for text in texts(document, "row") if ": " in text]


def test_text_around_a_table_stays_out_of_it(read):
    content = paragraph_at(40, 450, ["The parts of the grade and their weights"])
    content += table(MARKS, top=430)
    content += paragraph_at(40, 360, ["The exam is in the large hall; labs are in the annex."])
    found = kinds(read("x.pdf", make_pdf(content)))
    assert [kind for kind, _ in found] == ["paragraph", "row", "row", "row", "paragraph"]
