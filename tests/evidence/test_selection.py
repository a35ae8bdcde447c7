"""Which sentences are selected, and when they are enough; with the real encoder."""

import pytest

from ragkit.encoders import EncoderOptions, load_encoder
from ragkit.evidence import select_evidence
from ragkit.index import LocalIndex
from ragkit.models import open_reader
from ragkit.retrieval import Retriever
from tests.small_index import change_of

pytestmark = pytest.mark.model

LECTURE = (
    "Warm-up. The learning rate rises linearly during the first 4,000 steps. Then it decays.",
    "Mean pooling averages the token vectors. Padding must be masked out, or it leaks in.",
    "The final examination takes 90 minutes. It counts 35% of the grade. No books are allowed.",
)


@pytest.fixture(scope="module")
def encoder(minilm_folder, cache_dir):
    options = EncoderOptions(precision="fp32")
    return load_encoder(minilm_folder, name="m", cache_dir=cache_dir, options=options)


@pytest.fixture(scope="module")
def index(encoder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("indexes") / "lecture"
    change = change_of("lecture.txt", *LECTURE)
    change = change._replace(embeddings=encoder.encode_passages(LECTURE))
    with LocalIndex(folder, writable=True) as index:
        index.set_encoder(encoder)
        index.apply([change])
    with LocalIndex(folder) as index:
        yield index


def gather(question, index, encoder, **options):
    hits = Retriever(index, encoder).search(question, top_n=9)
    return select_evidence(question, hits, index=index, encoder=encoder, **options)


def test_the_sentence_that_answers_comes_first(index, encoder):
    evidence = gather("How much does the final exam count?", index, encoder)
    best = evidence.sentences[0].sentence.text
    assert best == "The final examination takes 90 minutes. It counts 35% of the grade."
    evidence = gather("What happens to the learning rate at first?", index, encoder)
    assert "rises linearly" in evidence.sentences[0].sentence.text


def test_sentences_know_their_place(index, encoder):
    evidence = gather("Why is padding masked?", index, encoder)
    text = index.document("lecture.txt").text
    for source in evidence.sources:
        for selected in source.sentences:
            assert text[selected.sentence.start : selected.sentence.end] == selected.sentence.text
            assert selected.source_id == source.id


def test_sources_are_numbered_by_their_best_sentence(index, encoder):
    evidence = gather("Why is padding masked?", index, encoder)
    assert [source.id for source in evidence.sources] == list(range(1, len(evidence.sources) + 1))
    best = [max(s.score for s in source.sentences) for source in evidence.sources]
    assert best == sorted(best, reverse=True)


def test_enough_for_what_is_there_and_too_little_for_what_is_not(index, encoder):
    there = gather("How long does the final examination take?", index, encoder)
    absent = gather("Who won the football world cup in 2018?", index, encoder)
    assert there.sufficiency.enough
    assert not there.sufficiency.reason
    assert not absent.sufficiency.enough
    assert "football" in absent.sufficiency.reason


def test_the_threshold_is_the_callers(index, encoder):
    question = "How long does the final examination take?"
    assert not gather(question, index, encoder, threshold=1.0).sufficiency.enough
    assert gather("Who won the cup?", index, encoder, threshold=0.0).sufficiency.enough


def test_no_hits_is_no_evidence(index, encoder):
    evidence = select_evidence("What is this?", (), index=index, encoder=encoder)
    assert evidence.sources == ()
    assert not evidence.sufficiency.enough


def test_six_sentences_are_selected(encoder, tmp_path):
    texts = [f"Mean pooling of layer {number} averages its vectors." for number in range(9)]
    change = change_of("long.txt", *texts)
    with LocalIndex(tmp_path / "long", writable=True) as long:
        long.set_encoder(encoder)
        long.apply([change._replace(embeddings=encoder.encode_passages(texts))])
        evidence = gather("What does mean pooling average?", long, encoder)
    assert len(evidence.sentences) == sum(len(one.sentences) for one in evidence.sources) == 6


def test_a_possessor_is_found_without_its_ending(index, encoder):
    reason = gather("What is padding's e-mail address?", index, encoder, threshold=1.0)
    assert "padding" not in reason.sufficiency.reason
    assert "“e-mail”" in reason.sufficiency.reason


@pytest.fixture(scope="module")
def reader(cache_dir):
    return open_reader("auto", encoder="all-MiniLM-L6-v2", cache_dir=cache_dir)


def test_a_reader_says_how_surely_each_sentence_answers_and_with_which_words(
    index, encoder, reader
):
    evidence = gather("How long does the final exam take?", index, encoder, reader=reader)
    best = evidence.sentences[0]
    assert best.answer_span == "90 minutes"
    surely = [sentence.features["answer"] for sentence in evidence.sentences]
    assert max(surely) == best.features["answer"] == evidence.sufficiency.features["answer"]
    assert all(-1 <= value <= 1 for value in surely)
    unsure = [one for one in evidence.sentences if one.features["answer"] <= 0]
    assert unsure
    assert not any(sentence.answer_span for sentence in unsure)


def test_what_no_sentence_answers_scores_less_than_what_one_does(index, encoder, reader):
    def score(question):
        return gather(question, index, encoder, reader=reader).sufficiency.score

    assert score("How many minutes is the final exam?") > score("Where is the final exam held?")


def test_without_a_reader_nothing_is_said_of_answers(index, encoder):
    evidence = gather("How long does the final exam take?", index, encoder)
    assert "answer" not in evidence.sufficiency.features
    assert not any("answer" in sentence.features for sentence in evidence.sentences)
    assert not any(sentence.answer_span for sentence in evidence.sentences)
