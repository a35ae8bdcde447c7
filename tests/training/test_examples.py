"""Examples made of questions, with the code that asks."""

from dataclasses import replace

import pytest

from ragkit.ingest import ingest
from ragkit.prompting import ABSTENTION_PHRASE
from ragkit.training.examples import Mixture
from ragkit.training.making import make_examples
from ragkit.training.records import ANSWERED, TrainingItem
from ragkit.workspace import Workspace

TEXTS = {
    "Mill": "The mill by the river was built by Ada Holm in 1822. It ground rye and oats for the"
    " valley. A flood took its wheel away.",
    "Weir": "The weir was raised by Per Lind in 1871. It is nine metres long and made of granite.",
    "Ferry": "The ferry of Olaf Brandt crossed the fjord twice a day. It sank in a storm in 1903.",
}
ASKED = (
    ("Mill", "Who built the mill by the river?", ("Ada Holm",)),
    ("Mill", "When did Ada Holm build the mill?", ("1822",)),
    ("Mill", "Who owns the mill by the river today?", ()),
    ("Weir", "What is the weir made of?", ("granite",)),
    ("Weir", "When was the weir raised by Per Lind?", ("1871",)),
    ("Ferry", "When did the ferry sink?", ("1903",)),
)
ITEMS = tuple(
    TrainingItem(f"q{number}", question, answers, TEXTS[title], title)
    for number, (title, question, answers) in enumerate(ASKED)
)
ALL = Mixture(
    strategies={"zero-shot": 1.0},
    withheld=1.0,
    far=1.0,
    swapped_question=1.0,
    counterfactual=1.0,
    conflicting=1.0,
)
NOTHING = Mixture(
    strategies={"zero-shot": 1.0},
    withheld=0,
    far=0,
    swapped_question=0,
    counterfactual=0,
    conflicting=0,
)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path, {"encoder": "hashing", "model": "scripted:abstain"})


def examples_of(workspace, items=ITEMS, mixture=ALL):
    return list(make_examples(items, workspace, workspace.load_llm(), mixture))


def test_an_answer_stands_in_the_source_that_it_cites(workspace):
    found = [one for one in examples_of(workspace) if one.kind in ANSWERED]
    assert len(found) >= 5
    for one in found:
        for answer in one.completion.rstrip(".").split(". "):
            text, _, number = answer.rstrip("].").rpartition(" [")
            (line,) = [x for x in one.prompt.splitlines() if f"[{number}] (" in x]
            assert text.lower() in line.lower()


def test_where_it_is_right_to_abstain_no_answer_is_shown(workspace):
    by_id = {item.id: item for item in ITEMS}
    abstaining = [one for one in examples_of(workspace) if one.kind not in ANSWERED]
    assert {one.kind for one in abstaining} >= {"unanswerable-near", "unanswerable-far"}
    for one in abstaining:
        assert one.completion == ABSTENTION_PHRASE
        if one.kind != "false-premise":
            sources = one.prompt.rpartition("Question:")[0]
            assert not any(a in sources for a in by_id[one.id.partition("#")[0]].answers)


def test_a_counterfactual_text_is_believed(workspace):
    found = [one for one in examples_of(workspace) if one.kind == "counterfactual"]
    assert found
    by_id = {item.id: item for item in ITEMS}
    for one in found:
        (told,) = by_id[one.id.partition("#")[0]].answers[:1]
        assert told not in one.completion
        assert told not in one.prompt


def test_the_same_seed_makes_the_same_examples(workspace):
    first, second = examples_of(workspace), examples_of(workspace)
    assert first == second
    assert examples_of(workspace, mixture=replace(ALL, seed=1)) != first


def test_an_item_that_others_answer_is_never_withheld(workspace):
    items = [replace(item, elsewhere=True) for item in ITEMS if item.answers]
    assert "unanswerable-near" not in {one.kind for one in examples_of(workspace, items)}


def test_questions_about_a_passage_share_all_but_their_last_line(workspace):
    plain = replace(NOTHING, strategies={"zero-shot": 1.0, "few-shot": 1.0})
    for document, count in (("Mill", 3), ("Weir", 2)):
        prompts = [
            one.prompt.rpartition("Question:")[0]
            for one in examples_of(workspace, mixture=plain)
            if one.document == document
        ]
        assert len(prompts) == count
        assert len(set(prompts)) == 1


def test_many_questions_about_a_passage_are_asked_in_parts(workspace):
    many = [replace(ITEMS[0], id=f"m{n}", question=f"Who built the mill, {n}?") for n in range(20)]
    made = examples_of(workspace, many, NOTHING)
    assert {one.id for one in made} == {item.id for item in many}


def test_beside_a_value_that_was_swapped_only_what_is_free_of_it_is_asked(workspace):
    """What else is asked over changed sources has the answer that it had."""
    seen = 0
    for seed in range(6):
        for one in examples_of(workspace, mixture=replace(ALL, seed=seed)):
            sources, _, asked = one.prompt.rpartition("Question:")
            if one.kind == "answer" and one.document == "Mill" and "Ada Holm" not in sources:
                assert "Holm" not in asked
                assert "Who built" not in asked
            seen += one.kind == "answer" and one.document == "Mill" and "1822" not in sources
    assert seen


def test_an_answer_in_other_words_than_its_source_is_not_learnt_nor_abstained_from(workspace):
    told = "It was put up by masons from Bergen."
    item = replace(ITEMS[0], reference=told)
    assert examples_of(workspace, [item], NOTHING) == []


def test_samples_are_asked_over_the_projects_own_index(tmp_path, workspace):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "mill.md").write_text(TEXTS["Mill"], encoding="utf-8")
    with workspace.open_for_ingest([], workspace.ingest_options()) as (index, encoder):
        ingest([], corpus=workspace.corpus, index=index, encoder=encoder)
    quote = "The mill by the river was built by Ada Holm in 1822."
    item = TrainingItem(
        "s", "Who built the mill?", ("Ada Holm",), "", "mill.md",
        reference="Ada Holm built the mill.", quotes=(quote,),
    )  # fmt: skip
    (example,) = examples_of(workspace, [item], NOTHING)
    assert example.completion == "Ada Holm built the mill [1]."
    assert quote in example.prompt
