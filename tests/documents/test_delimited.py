import pytest

from tests.documents.looking import assert_well_formed, kinds


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("x.csv", 'Part,Weight,"Due, at"\nExam,60 %,"June\n3"\n'),
        ("x.csv", "\ufeffPart;Weight;Due, at\r\nExam;60 %;June 3\r\n\r\n"),
        ("x.tsv", "Part\tWeight\tDue, at\nExam\t60 %\tJune 3\n"),
    ],
)
def test_rows_name_their_columns(read, name, source):
    document = read(name, source)
    assert kinds(document) == [("row", "Part: Exam; Weight: 60 %; Due, at: June 3")]
    assert_well_formed(document)


def test_a_title_above_the_table_is_a_heading(read):
    document = read("marks.csv", "Marks 2025,,\nName,Points,Grade\nAda,90,1.0\n")
    assert kinds(document) == [
        ("heading", "Marks 2025"),
        ("row", "Name: Ada; Points: 90; Grade: 1.0"),
    ]


def test_a_data_set_of_numbers_is_one_line(read):
    rows = "".join(f"{n},{n / 7:.3f},{n % 2}\n" for n in range(300))
    assert read("iris.csv", "id,width,label\n" + rows).text == (
        "A data set of 300 rows. Columns: id, width, label."
    )


def test_of_a_long_table_the_beginning_is_read(read):
    document = read("words.csv", "word,meaning\n" + "a,first letter\n" * 5_000)
    assert len(document.blocks) == 2_000
    assert document.warnings == ("the first 2,000 rows are read, 3,000 more are not",)


def test_a_table_of_one_column(read):
    assert read("x.csv", "one\ntwo\n").text == "one\ntwo"
