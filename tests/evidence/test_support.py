"""Is a sentence backed? Pairs that a reader can judge, each changed in one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.encoders import EncoderOptions, load_encoder
from ragkit.evidence import SupportChecker
from ragkit.evidence.support import is_negated, names_of, normalise, numbers_of
from tests.evidence.passages import source_of

PASSAGE = (
    "Claude Shannon estimated the entropy of English in 1951. "
    "The original Transformer has six encoder layers and uses a dropout rate of 0.1. "
    "Dropout is not applied at test time. "
    "Cats were not mentioned by the authors."
)


@pytest.fixture(scope="module")
def encoder(minilm_folder, cache_dir):
    options = EncoderOptions(precision="fp32")
    return load_encoder(minilm_folder, name="m", cache_dir=cache_dir, options=options)


@pytest.fixture(scope="module")
def checker(encoder):
    other = source_of("Temperature divides the logits before the softmax.", number=2)
    return SupportChecker([source_of(PASSAGE), other], encoder)


pytestmark = pytest.mark.model


@pytest.mark.parametrize(
    ("claim", "support", "source"),
    [
        ("Dropout is not applied at test time.", "quoted", 1),
        ("dropout  is NOT applied at test time", "quoted", 1),
        ("Temperature divides the logits before the softmax.", "quoted", 2),
        ("The entropy of English was estimated by Claude Shannon in 1951.", "supported", 1),
        ("The Transformer uses a dropout rate of 0.1.", "supported", 1),
        ("The original Transformer has 6 encoder layers.", "supported", 1),
        ("The logits are divided by the temperature.", "supported", 2),
    ],
)
def test_what_a_source_says_is_backed(checker, claim, support, source):
    verdict = checker.check(claim)
    assert (verdict.support, verdict.source_id) == (support, source)


@pytest.mark.parametrize(
    "claim",
    [
        "The Transformer uses a dropout rate of 0.2.",  # another number
        "The original Transformer has eight encoder layers.",
        "The entropy of English was estimated by Alan Turing in 1951.",  # another name
        "The entropy of English was estimated by Claude Shannon in 1948.",  # another year
        "Dropout is applied at test time.",  # the negation gone
        "Temperature does not divide the logits before the softmax.",  # a negation more
        "Bananas are rich in potassium.",  # something else
        "The Transformer was invented to translate poems into music.",
    ],
)
def test_what_no_source_says_is_unsupported(checker, claim):
    verdict = checker.check(claim)
    assert (verdict.support, verdict.source_id) == ("unsupported", None)


def test_facts_of_two_sources_do_not_make_a_third(encoder):
    sources = [
        source_of("BERT-base has 12 layers.", number=1),
        source_of("GPT-2 has 48 layers.", number=2),
    ]
    checker = SupportChecker(sources, encoder)
    assert checker.check("BERT-base has 48 layers.").support == "unsupported"


def test_a_sentence_without_content_is_no_claim(checker):
    assert checker.check("It is.").support == "none"


def test_part_of_a_word_is_not_a_quote(encoder):
    checker = SupportChecker([source_of("They were uncertain about it all, they said.")], encoder)
    assert checker.check("certain about it all").support != "quoted"


@given(st.text())
def test_normalise_is_idempotent(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_any_text_has_numbers_names_and_polarity(text):
    assert all(numbers_of(text))
    assert all(names_of(text))
    assert is_negated(text) in (True, False)


@pytest.mark.parametrize(
    ("passage", "claim"),
    [
        (
            "Commonly used activation functions. ReLU is a special case of the Maxout form.",
            "The ReLU activation function is a special case of the ReLU activation function.",
        ),
        (
            "The scores are fed into a softmax layer that converts them to a matrix of weights.",
            "The scores are fed into a softmax layer that converts them to a softmax layer.",
        ),
    ],
)
def test_words_that_come_back_are_not_backed_twice(encoder, passage, claim):
    checker = SupportChecker([source_of(passage)], encoder, question="What is ReLU or softmax?")
    assert checker.check(claim).support == "unsupported"


def test_an_echo_of_the_question_says_nothing(encoder):
    source = source_of("Dropout is used in the Transformer, at a rate of 0.1.")
    checker = SupportChecker([source], encoder, question="Is dropout used in the Transformer?")
    assert checker.check("Dropout used in the Transformer, it is used.").support == "unsupported"
