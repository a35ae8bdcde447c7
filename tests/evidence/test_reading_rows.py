"""What a reader's scores become before sentences are ranked by them."""

from ragkit.evidence.ranking import Candidate, level_rows
from ragkit.evidence.units import Unit, units_of
from ragkit.records import Block, Chunk, Hit, Sentence, SpanAnswer


def candidate(passage, *, row):
    return Candidate(
        Hit(Chunk(passage, "a.md", "", 0, 0), 1.0, 1), Unit(Sentence("", 0, 0), "", is_row=row)
    )


def test_rows_of_a_passage_are_as_sure_as_the_surest_of_them():
    candidates = [
        candidate("grading", row=False),
        candidate("grading", row=True),
        candidate("grading", row=True),
        candidate("dates", row=True),
    ]
    answers = [SpanAnswer(0, 1, score) for score in (1.0, -2.0, 3.0, -4.0)]
    assert level_rows(candidates, answers) == (1.0, 3.0, 3.0, -4.0)
    assert level_rows(candidates, ()) == ()


def test_a_row_of_a_table_is_known_as_one():
    text = "It counts.\nPart: Project; Weight: 25%"
    blocks = [Block("paragraph", 0, 10), Block("row", 11, len(text))]
    units = units_of(Chunk("0", "a.md", text, 0, len(text)), blocks)
    assert [unit.is_row for unit in units] == [False, True]
