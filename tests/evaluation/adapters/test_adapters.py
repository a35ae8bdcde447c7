"""Published sets as samples and documents: small files of our own in their forms."""

import gzip
import json

import pytest

from ragkit.errors import UsageError
from ragkit.evaluation.adapters import FORMS

ORLA = "The lighthouse of Orla was lit in 1712. It stands on a rock of red granite."
TIDE = "The tide at Orla rises by nine metres. Ships wait for it outside the harbour."
PUBLISHED = {
    "version": "v2.0",
    "data": [
        {
            "title": "Orla",
            "paragraphs": [
                {
                    "context": ORLA,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "When was the lighthouse lit?",
                            "answers": [
                                {"text": "1712", "answer_start": 35},
                                {"text": "in 1712", "answer_start": 32},
                            ],
                            "is_impossible": False,
                        },
                        {
                            "id": "q2",
                            "question": "Who built the lighthouse?",
                            "answers": [],
                            "plausible_answers": [{"text": "granite", "answer_start": 66}],
                            "is_impossible": True,
                        },
                    ],
                },
                {
                    "context": TIDE,
                    "qas": [
                        {
                            "id": "q3",
                            "question": "How far does the tide rise?",
                            "answers": [{"text": "nine metres", "answer_start": 26}],
                        }
                    ],
                },
            ],
        }
    ],
}


def write(path, value):
    text = "\n".join(map(json.dumps, value)) if isinstance(value, list) else json.dumps(value)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def convert(form, *files, limit=None, seed=0):
    return FORMS[form].convert(files, limit=limit, seed=seed)


def by_id(conversion):
    return {sample.id: sample for sample in conversion.samples}


def test_squad_asks_over_the_paragraph_and_its_neighbours(tmp_path):
    conversion = convert("squad", write(tmp_path / "dev.json", PUBLISHED))
    samples = by_id(conversion)
    assert samples["q1"].answers == ("1712", "in 1712")
    assert samples["q1"].kind == "answerable"
    assert samples["q1"].within == ("orla/001.txt", "orla/002.txt")
    assert samples["q2"].kind == "unanswerable-near"
    assert samples["q2"].answers == ()
    assert [paper.text for paper in conversion.papers] == [ORLA, TIDE]
    assert conversion.gold["q1"][0].document == "orla/001.txt"
    assert "q2" not in conversion.gold


def test_squad_in_lines_is_the_same_set(tmp_path):
    lines = [
        {"id": "q1", "question": "When was the lighthouse lit?", "context": ORLA, "title": "Orla",
         "answers": ["1712", "in 1712"], "answerable": True},
        {"id": "q2", "question": "Who built the lighthouse?", "context": ORLA, "title": "Orla",
         "answers": [], "answerable": False},
    ]  # fmt: skip
    lined = by_id(convert("squad", write(tmp_path / "dev.jsonl.gz", lines)))
    published = by_id(convert("squad", write(tmp_path / "dev.json", PUBLISHED)))
    assert set(lined) < set(published)
    for id_, other in lined.items():
        sample = published[id_]
        assert (other.kind, other.question, other.answers, other.base_id) == (
            sample.kind, sample.question, sample.answers, sample.base_id,
        )  # fmt: skip


def test_half_of_a_limited_number_is_unanswerable(tmp_path):
    lines = [
        {"id": f"q{n}", "question": f"Question {n}?", "context": ORLA, "title": "Orla",
         "answers": [] if n % 5 == 0 else ["1712"], "answerable": n % 5 != 0}
        for n in range(100)
    ]  # fmt: skip
    path = write(tmp_path / "dev.jsonl", lines)
    drawn = convert("squad", path, limit=20).samples
    assert sum(sample.kind == "unanswerable-near" for sample in drawn) == 10
    again = convert("squad", write(tmp_path / "turned.jsonl", lines[::-1]), limit=20).samples
    assert {sample.id for sample in again} == {sample.id for sample in drawn}
    assert drawn != convert("squad", path, limit=20, seed=1).samples


def test_xquad_brings_the_other_languages_to_one_sample(tmp_path):
    def lines(question):
        return [{"id": "x1", "question": question, "context": ORLA, "title": "Orla",
                 "answers": ["1712"]}]  # fmt: skip

    english = write(tmp_path / "xquad.en.jsonl", lines("When was it lit?"))
    german = write(tmp_path / "xquad.de.jsonl", lines("Wann wurde er entzündet?"))
    (sample,) = convert("xquad", english, german).samples
    assert sample.question == "When was it lit?"
    assert sample.translations == {"de": "Wann wurde er entzündet?"}
    with pytest.raises(UsageError, match="does not say its language"):
        convert("xquad", write(tmp_path / "questions.jsonl", lines("When?")))


@pytest.mark.parametrize("with_passages", [False, True])
def test_natural_questions_are_asked_with_and_without_their_passage(tmp_path, with_passages):
    passages = [{"title": "Tide", "text": TIDE}, {"title": "Orla", "text": ORLA, "isgold": True}]
    where = {"ctxs": passages} if with_passages else {"context": ORLA, "title": "Orla"}
    line = {"question": "when was orla lit", "answers": ["1712"], **where}
    conversion = convert("nq", write(tmp_path / "nq.jsonl", [line]))
    open_book, closed = conversion.samples
    assert open_book.within == ("orla/001.txt",)
    assert conversion.papers[0].text == ORLA
    assert closed.kind == "closed-book"
    assert closed.of == open_book.id
    assert closed.base_id == open_book.base_id


def test_falseqa_puts_what_is_true_into_the_documents(tmp_path):
    lines = [
        {"question": "Why do ducks bark?", "answer": "Ducks quack and do not bark.", "label": "1"},
        {"question": "What do ducks eat?", "answer": "They eat plants.", "label": "0"},
    ]
    conversion = convert("falseqa", write(tmp_path / "falseqa.jsonl", lines))
    samples = {sample.question: sample for sample in conversion.samples}
    false = samples["Why do ducks bark?"]
    assert (false.kind, false.correction) == ("false-premise", ("Ducks quack and do not bark.",))
    assert samples["What do ducks eat?"].answers == ("They eat plants.",)
    assert {paper.text for paper in conversion.papers} == {line["answer"] for line in lines}


def test_falseqa_without_a_label_is_told_with_its_line(tmp_path):
    lines = [{"question": "Why?", "answer": "So."}]
    with pytest.raises(UsageError, match=r"falseqa.jsonl:1 has no usable `label that is 0 or 1`"):
        convert("falseqa", write(tmp_path / "falseqa.jsonl", lines))


RGB = {
    "id": 0,
    "query": "When was the lighthouse of Orla lit?",
    "answer": ["1712", "in 1712"],
    "positive": [ORLA, "Orla has had its light since 1712."],
    "negative": [TIDE, "Orla has a market.", "Orla has a school.", "Orla is old.", "Orla is wet."],
}


def test_rgb_has_more_and_more_noise_and_a_question_that_nothing_answers(tmp_path):
    conversion = convert("rgb", write(tmp_path / "en.jsonl", [RGB]))
    samples = {sample.id.partition(".")[2]: sample for sample in conversion.samples}
    texts = {paper.name: paper.text for paper in conversion.papers}
    for name, sample in samples.items():
        holding = sum("1712" in texts[document] for document in sample.within)
        assert holding == (0 if name == "rejection" else min(2, 5 - (sample.distractors or 0)))
    assert [samples[f"noise-{n}"].distractors for n in (0, 2, 4)] == [0, 2, 4]
    assert samples["rejection"].kind == "unanswerable-near"
    assert {place.part for place in conversion.gold["rgb-0001.noise-2"]} == {0}
    assert "rgb-0001.rejection" not in conversion.gold


def test_rgb_wrong_passages_and_answers_in_parts(tmp_path):
    wrong = {**RGB, "fakeanswer": "1840", "positive_wrong": ["Orla was first lit in 1840."]}
    samples = by_id(convert("rgb", write(tmp_path / "en_fact.jsonl", [wrong])))
    assert samples["rgb-0001.wrong"].answers == ("1840",)
    assert samples["rgb-0001.wrong"].world == ("1712", "in 1712")
    parts = {**RGB, "answer": [["1712"], ["granite", "red granite"]], "positive": [[ORLA], [TIDE]]}
    conversion = convert("rgb", write(tmp_path / "en_int.jsonl", [parts]))
    places = conversion.gold["rgb-0001.noise-0"]
    assert [(place.part, place.answers) for place in places] == [
        (0, ("1712",)), (1, ("granite", "red granite")),
    ]  # fmt: skip


REASONING = {
    "AddSub.json": ([{"sQuestion": "1 + 1 = ?", "lSolutions": ["2.0"]}], ("2", "number")),
    "SVAMP.json": (
        [{"Body": "Ann has 3 cats", "Question": "How many cats?", "Answer": 3.0}], ("3", "number"),
    ),
    "gsm.jsonl": ([{"question": "?", "answer": "So 1 + 1 = 2.\n#### 1,002"}], ("1002", "number")),
    "aqua.jsonl": (
        [{"question": "Cost?", "options": ["A)5", "B)6"], "rationale": "", "correct": "B"}],
        ("B", "choice"),
    ),
    "coin.json": ({"examples": [{"question": "Heads?", "answer": "No"}]}, ("no", "yes-no")),
    "letters.json": ({"examples": [{"question": "Letters?", "answer": "yajo"}]}, ("yajo", "text")),
    "strategy.json": (
        {"examples": [{"input": "Can it?", "target_scores": {"Yes": 1, "No": 0}}]},
        ("yes", "yes-no"),
    ),
    "csqa.jsonl": (
        [{"answerKey": "B", "question": {"stem": "Where?", "choices": [
            {"label": "A", "text": "here"}, {"label": "B", "text": "there"}]}}],
        ("B", "choice"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REASONING)
def test_reasoning_forms_are_told_by_their_fields(tmp_path, name):
    rows, (answer, kind) = REASONING[name]
    (sample,) = convert("reasoning", write(tmp_path / name, rows)).samples
    assert (sample.answers, sample.type, sample.kind) == ((answer,), kind, "closed-book")


def test_shuffled_choices_keep_the_right_one(tmp_path):
    scores = {"monday": 1, "tuesday": 0, "friday": 0}
    rows = {"examples": [{"input": f"Day {n}?", "target_scores": scores} for n in range(30)]}
    samples = convert("reasoning", write(tmp_path / "days.json", rows)).samples
    for sample in samples:
        assert f"({sample.answers[0]}) monday" in sample.question
    assert len({sample.answers for sample in samples}) == 3


def test_sets_take_turns(tmp_path):
    sums = write(tmp_path / "sums.jsonl", [{"question": f"{n}?", "answer": "#### 2"} for n in "ab"])
    coins = write(tmp_path / "coins.jsonl", [{"question": "Heads?", "answer": "no"}])
    samples = convert("reasoning", sums, coins).samples
    assert [sample.group for sample in samples] == ["sums", "coins", "sums"]


def test_questions_whose_answers_are_withheld_are_counted(tmp_path):
    rows = [{"id": "1", "question": {"stem": "Where?", "choices": []}}]
    conversion = convert("reasoning", write(tmp_path / "test.jsonl", rows))
    assert conversion.samples == ()
    assert conversion.left_out == ("test.jsonl: 1 of 1 questions have no answer",)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ["{}", "[1]", "not json", '{"data": [{}]}'])
def test_another_form_ends_in_one_clear_error(tmp_path, form, text):
    path = tmp_path / "set.en.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"set\.en\.json") as raised:
        convert(form, path)
    assert raised.value.hint
