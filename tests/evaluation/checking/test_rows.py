"""Each fault of a suite is found, with its line; a whole suite has none."""

from pathlib import Path

import pytest

from ragkit.documents import find_documents, read_document
from ragkit.evaluation.checking import Shelf, check_rows, relocate_row, stems_of
from ragkit.evaluation.suites import BUILT_IN, built_in_folder, read_rows, read_suite
from ragkit.records import Evidence, Sufficiency

NOTES = (
    "# Lake Ossel\n\nThe lake was formed 8,400 years ago.\n\n"
    "Its deepest point is called the Pit.\n\nFishing is allowed on Sundays.\n"
)
QUOTE = "The lake was formed 8,400 years ago."


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    (tmp_path / "faq.txt").write_text("The Pit is 90 metres deep, says the warden.", "utf-8")
    return Shelf(read_document(tmp_path / n, name=n) for n in ("notes.md", "faq.txt"))


def sample(shelf, **fields):
    start = shelf.documents["notes.md"].text.index(QUOTE)
    gold = {"document": "notes.md", "start": start, "end": start + len(QUOTE), "quote": QUOTE}
    return {
        "id": "a", "kind": "answerable", "question": "How old is Lake Ossel?",
        "answers": ["8,400 years"], "gold": [gold], **fields,
    }  # fmt: skip


def place(shelf, **fields):
    return {**sample(shelf)["gold"][0], **fields}


def check(shelf, *rows, gather=None):
    found = check_rows([(f"s.jsonl:{n}", row) for n, row in enumerate(rows, 1)], shelf, gather)
    return [(one.line, one.severity, one.rule) for one in found]


def test_a_whole_sample_has_no_findings(shelf):
    assert check(shelf, sample(shelf)) == []


UNANSWERABLE = {"answers": [], "gold": [], "kind": "unanswerable-near"}


@pytest.mark.parametrize(
    ("rule", "severity", "fields"),
    [
        ("answer-not-in-gold", "error", {"answers": ["9,000 years"]}),
        ("answer-in-question", "error", {"question": "Is Lake Ossel 8,400 years old?"}),
        ("answer-in-question", "error", {"paraphrases": ["Why 8,400 years?"]}),
        ("absent-found", "error", {**UNANSWERABLE, "absent": ["Fishing"]}),
        ("absent-unnamed", "warning", UNANSWERABLE),
        (
            "world-found",
            "error",
            {**UNANSWERABLE, "kind": "leak", "absent": ["x"], "world": ["8,400"]},
        ),
        ("draft", "warning", {"draft": True}),
        ("of-missing", "warning", {"of": "b"}),
        ("document-missing", "error", {"within": ["slides.pdf"]}),
        ("kept-words-lost", "error", {"keep": ["Ossel"], "paraphrases": ["How old is it?"]}),
        (
            "premise-not-in-question",
            "error",
            {**UNANSWERABLE, "kind": "false-premise", "premise": "2,100"},
        ),
        ("premise-unnamed", "warning", {**UNANSWERABLE, "kind": "false-premise"}),
        (
            "twin-differs",
            "error",
            {"twin": {"original": QUOTE, "swapped": QUOTE, "swap": ["8,400", "9,100"]}},
        ),
    ],
)
def test_each_fault_is_found(shelf, rule, severity, fields):
    assert (2, severity, rule) in check(shelf, {"id": "z", **SOUND}, sample(shelf, **fields))


SOUND = {"question": "Who owns it?", "kind": "unanswerable-far", "absent": ["owner"]}


def test_a_quote_that_moved_is_found_and_put_right(shelf):
    moved = sample(shelf, gold=[place(shelf, start=0, end=36)])
    assert check(shelf, moved) == [(1, "error", "quote-moved")]
    bare = sample(shelf, gold=[{"document": "notes.md", "quote": "The lake was\nformed"}])
    assert check(shelf, bare) == [(1, "error", "unreadable")]
    for row, quote in ((moved, QUOTE), (bare, "The lake was formed")):
        mended, count = relocate_row(row, shelf)
        assert count == 1
        assert mended["gold"][0]["quote"] == quote
        assert ("quote-moved" in str(check(shelf, mended))) is False
    assert relocate_row(sample(shelf), shelf) == (sample(shelf), 0)


def test_a_quote_that_stands_elsewhere_or_nowhere_is_told(shelf):
    gold = [place(shelf, quote="The Pit is 90 metres deep")]
    found = check_rows([("s:1", sample(shelf, gold=gold))], shelf)
    assert found[0].rule == "quote-missing"
    assert "it stands in faq.txt" in found[0].message
    lost = sample(shelf, gold=[place(shelf, document="slides.pdf")])
    assert (1, "error", "document-missing") in check(shelf, lost)


def test_a_twin_stands_in_its_document_and_its_swap_in_none(shelf):
    swap = ["8,400", "9,100"]
    twin = {"original": QUOTE, "swapped": QUOTE.replace(*swap), "swap": swap}
    assert check(shelf, sample(shelf, twin=twin)) == []
    absent = {"original": f"Not {QUOTE}", "swapped": f"Not {QUOTE.replace(*swap)}", "swap": swap}
    assert check(shelf, sample(shelf, twin=absent)) == [(1, "error", "twin-missing")]
    back = {"original": twin["swapped"], "swapped": QUOTE, "swap": swap[::-1]}
    assert check(shelf, sample(shelf, twin=back)) == [
        (1, "error", "twin-missing"),
        (1, "error", "twin-found"),
    ]


def test_an_answer_that_stands_elsewhere_about_the_same_is_told(shelf):
    text = shelf.documents["notes.md"].text
    quote = "Its deepest point is called the Pit."
    gold = place(shelf, start=text.index(quote), end=text.index(quote) + len(quote), quote=quote)
    asked = {"question": "Where is the lake deep?", "answers": ["Pit"], "gold": [gold]}
    assert check(shelf, sample(shelf, **asked)) == [(1, "warning", "answer-elsewhere")]
    asked["question"] = "Which name has the lowest place under water?"
    assert check(shelf, sample(shelf, **asked)) == []


def test_sides_of_a_conflict_stand_in_their_own_places(shelf):
    other = place(shelf, part=1)
    sides = [["8,400"], ["9,100"]]
    row = sample(shelf, kind="conflicting", sides=sides, gold=[place(shelf), other])
    assert check(shelf, row) == [(1, "error", "answer-not-in-gold")]


def test_what_is_wrong_with_lines_and_between_them_is_told(shelf):
    twice = sample(shelf, question="How old is the lake?")
    same = sample(shelf, id="b")
    assert check(shelf, sample(shelf), [1], twice, same) == [
        (2, "error", "unreadable"),
        (3, "error", "id-twice"),
        (4, "warning", "asked-twice"),
    ]


def test_evidence_that_seems_to_answer_is_shown(shelf):
    from ragkit.records import Chunk, EvidenceSentence, Hit, Sentence, Source

    sentence = EvidenceSentence(Sentence("The warden owns it.", 0, 19), 1, 1.0, 0.9, 1.0)
    source = Source(1, Hit(Chunk("c", "notes.md", "", 0, 19), 1.0, 1), (sentence,))
    for score, expected in ((0.95, [(1, "warning", "answerable")]), (0.4, [])):
        evidence = Evidence((source,), (sentence,), Sufficiency(score, 0.5))
        assert check(shelf, {"id": "z", **SOUND}, gather=lambda _, e=evidence: e) == expected


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_built_in_suites_are_free_of_errors(name):
    folder = built_in_folder() / name
    corpus = read_suite(folder).corpus
    files = find_documents(corpus).files
    shelf = Shelf(read_document(Path(file.path), name=file.name) for file in files)
    found = check_rows(read_rows(folder / "samples.jsonl"), shelf)
    assert not [one for one in found if one.severity == "error"]
    assert len(found) <= 3


def test_statements_about_a_question_are_those_that_share_its_words(shelf):
    stems = stems_of("How deep is the deepest point of the lake?")
    found = [one.text for one in shelf.about(stems)]
    assert "Its deepest point is called the Pit." in found
    assert "Fishing is allowed on Sundays." not in found
    assert shelf.about(stems, share=1.0) == []
    assert shelf.about([]) == []
