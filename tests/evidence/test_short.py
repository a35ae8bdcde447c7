"""Is an answer of a few words backed? It has to stand where the question is about."""

import pytest

from ragkit.encoders import EncoderOptions, load_encoder
from ragkit.evidence import SupportChecker
from ragkit.evidence.support.short import ShortAnswers
from ragkit.evidence.support.windows import windows_of
from tests.evidence.passages import source_of

pytestmark = pytest.mark.model

BRAKE = (
    "The line was opened on 3 October 1898, after eleven years of quarrels. "
    "The cars are held by the Drummel brake. It was invented by Ulla Kestrane, who repaired church"
    " organs. Its blocks are made of beech wood. The brake does not work on ice. "
    "Was it Otto Brand? The brake stops a full car within 4.8 metres."
)
MENU = "The canteen opens at noon. Piet Sarrow cooks, and his beech nut soup is known in Aldrunn."
INVENTOR = "Who invented the Drummel brake?"


@pytest.fixture(scope="module")
def encoder(minilm_folder, cache_dir):
    options = EncoderOptions(precision="fp32")
    return load_encoder(minilm_folder, name="m", cache_dir=cache_dir, options=options)


def check(encoder, question, answer, cited=()):
    sources = [source_of(BRAKE, number=1), source_of(MENU, number=2)]
    return SupportChecker(sources, encoder, question=question).check(answer, cited)


@pytest.mark.parametrize(
    ("question", "answer", "backed"),
    [
        (INVENTOR, "Ulla Kestrane.", True),
        (INVENTOR, "kestrane", True),
        (INVENTOR, "Piet Sarrow.", False),  # a name of the other source
        (INVENTOR, "Otto Brand.", False),  # the source only asks
        (INVENTOR, "Claude Shannon.", False),  # nobody knows him
        (INVENTOR, "The Drummel brake.", False),  # what is asked about
        ("Who did not invent the Drummel brake?", "Ulla Kestrane.", False),
        ("Of what are the blocks of the Drummel brake made?", "Of beech wood.", True),
        ("Of what are the blocks made: beech wood or iron?", "Beech wood.", True),
        ("Where does the brake work?", "On ice.", False),  # there it does not
        ("When was the line opened?", "3 October 1898.", True),
        ("When was the line opened?", "1898.", True),
        ("When was the line opened?", "1899.", False),
        ("What happened at the line in 1925?", "Eleven years of quarrels.", False),  # 1898
        ("Within what does the brake stop a full car?", "Within 4.8 metres.", True),
        ("Why is the soup so salty?", "Eleven years of quarrels.", False),
    ],
)
def test_a_short_answer_stands_where_the_question_is_about(encoder, question, answer, backed):
    verdict = check(encoder, question, answer)
    assert (verdict.support != "unsupported") == backed, verdict.features


def test_the_sentence_that_says_so_is_its_backing(encoder):
    verdict = check(encoder, INVENTOR, "Ulla Kestrane.", (2,))
    assert (verdict.support, verdict.source_ids) == ("quoted", (1,))
    assert verdict.backing == "It was invented by Ulla Kestrane, who repaired church organs."


def test_another_form_of_a_word_is_supported_and_not_quoted(encoder):
    assert check(encoder, "Of what are the blocks made?", "Beech woods.").support == "supported"


def test_a_whole_sentence_needs_no_question(encoder):
    assert check(encoder, INVENTOR, "The canteen opens at noon.").support == "quoted"


def test_words_count_where_there_is_no_encoder():
    source = source_of(BRAKE)
    checker = SupportChecker([source], None, question=INVENTOR)
    assert checker.check("Ulla Kestrane.").support == "quoted"
    checker = SupportChecker([source], None, question="Which cheese is eaten in Merkwick?")
    assert checker.check("Ulla Kestrane.").support == "unsupported"


def test_words_may_be_spelled_together_or_apart():
    source = source_of("The pre-trained weights fit 8 GB. They lie in the data base.")
    checker = SupportChecker([source], None, question="Which weights fit 8 GB?")
    assert checker.check("Pretrained.").support == "supported"
    assert checker.check("Trained pre.").support == "unsupported"


def test_a_script_without_spaces_is_left_to_the_other_rules():
    source = source_of("\u5927\u5b66\u4f4d\u4e8e\u5df4\u9ece\u3002")
    windows = tuple(windows_of(source))
    answers = ShortAnswers("\u5927\u5b66\u4f4d\u4e8e\u54ea\u91cc\uff1f", windows, None)
    assert answers.check("\u5df4\u9ece") is None
