"""What comes of a task: the passages that it is put with, and what is kept of the answer."""

from dataclasses import replace

import pytest

from ragkit.evaluation.bench import Bench, gold_hits, noisy_hits, perform, prepare_case
from ragkit.evaluation.records import Task, Variant
from ragkit.index import LocalIndex
from tests.evaluation.small_suite import ABSENT, CLOSED, HOMEWORK, NOISY, POOLING, bench_over
from tests.small_index import write_course

BASE = Variant("base", "base", "as it is")


@pytest.fixture
def index(tmp_path):
    with LocalIndex(write_course(tmp_path / "index")) as opened:
        yield opened


@pytest.fixture
def bench(index) -> Bench:
    return bench_over(index)


def texts(hits):
    return [hit.chunk.text for hit in hits]


def test_both_views_of_one_answer(bench):
    outcome = perform(Task(HOMEWORK, BASE), bench)
    assert outcome.error == ""
    assert outcome.completion == "Homework is due on Friday at noon [1]."
    assert outcome.readings["model"].text == "Homework is due on Friday at noon."
    assert outcome.readings["model"].sentences[0].citations == (1,)
    shown = outcome.readings["shown"]
    assert shown.text == "Homework is due on Friday at noon."
    assert shown.sentences[0].support == "quoted"
    assert outcome.passages[0].document == "syllabus.txt"
    assert outcome.passages[0].evidence == ("Homework is due on Friday at noon.",)
    assert "[1] (syllabus.txt, p. 1) Homework is due on Friday at noon." in outcome.prompt
    assert len(outcome.prompt_sha256) == 64
    assert outcome.prompt_tokens > 0
    assert outcome.key == "homework.answerable|base|ask"


def test_the_model_is_asked_even_where_the_shown_answer_abstains(bench):
    outcome = perform(Task(ABSENT, BASE), bench)
    assert outcome.readings["shown"].abstained
    assert outcome.readings["shown"].reason
    assert not outcome.readings["model"].abstained
    assert outcome.completion


def test_what_a_model_says_after_enough_sentences_is_no_part_of_its_answer(index):
    outcome = perform(Task(HOMEWORK, BASE), bench_over(index, "abstain"))
    assert outcome.readings["model"].abstained
    assert outcome.readings["model"].text == "The documents do not say."


def test_the_gold_passage_is_the_one_that_holds_the_span(bench):
    assert texts(gold_hits(POOLING, bench)) == ["Mean pooling averages the token embeddings."]


def test_each_part_of_the_gold_has_its_passage(bench):
    both = replace(POOLING, gold=(*POOLING.gold, replace(HOMEWORK.gold[0], part=1)))
    assert texts(gold_hits(both, bench)) == [
        "Mean pooling averages the token embeddings.",
        "Homework is due on Friday at noon.",
    ]


def test_gold_that_the_index_does_not_hold_is_an_error_of_its_sample(bench):
    lost = replace(POOLING, gold=(replace(POOLING.gold[0], document="gone.pdf"),))
    outcome = perform(Task(lost, BASE, "oracle"), bench)
    assert "gone.pdf" in outcome.error
    assert outcome.readings == {}


def test_an_oracle_gives_the_gold_alone(bench):
    outcome = perform(Task(POOLING, BASE, "oracle"), bench)
    assert [passage.text for passage in outcome.passages] == texts(gold_hits(POOLING, bench))


def test_distractors_hold_neither_gold_nor_answer(bench):
    hits = noisy_hits(NOISY, bench)
    assert len(hits) == 3
    gold = texts(gold_hits(NOISY, bench))[0]
    assert texts(hits).count(gold) == 1
    assert [hit.rank for hit in hits] == [1, 2, 3]
    ranking = [text for text in texts(bench.search(NOISY.question)) if text != gold]
    assert [text for text in texts(hits) if text != gold] == ranking[:2]


def test_the_place_of_the_gold_among_distractors_differs_from_sample_to_sample(bench):
    gold = texts(gold_hits(NOISY, bench))[0]
    samples = [replace(NOISY, id=f"{NOISY.id}-{number}") for number in range(20)]
    places = {texts(noisy_hits(sample, bench)).index(gold) for sample in samples}
    assert places == {0, 1, 2}


def test_a_sample_is_answered_from_the_documents_that_it_names(bench):
    outcome = perform(Task(replace(POOLING, within=("notes.md",)), BASE), bench)
    assert {passage.document for passage in outcome.passages} == {"notes.md"}
    noisy = prepare_case(Task(replace(NOISY, within=("notes.md",)), BASE), bench)
    assert noisy.hits is None
    assert {hit.chunk.document for hit in noisy.pool} == {"notes.md"}


def test_closed_book_shows_no_passage(index):
    outcome = perform(Task(CLOSED, BASE, "closed-book"), bench_over(index, "echo"))
    assert outcome.passages == ()
    assert set(outcome.readings) == {"model"}
    assert CLOSED.question in outcome.prompt
    assert "pooling averages" not in outcome.prompt
    assert outcome.readings["model"].text == CLOSED.question


def test_a_variant_changes_what_is_put(bench):
    def turn(case):
        return replace(case, question="Is homework due?", hits=case.pool[::-1][:2], in_order=True)

    variant = Variant("turned", "order", "reversed", turn)
    outcome = perform(Task(HOMEWORK, variant), bench)
    assert outcome.question == "Is homework due?"
    assert [p.text for p in outcome.passages] == texts(bench.search(HOMEWORK.question)[::-1][:2])
    assert outcome.axis == "order"
