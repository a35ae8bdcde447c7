"""Is a sentence backed? Pairs that a reader can judge, each changed in one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.encoders import EncoderOptions, load_encoder
from ragkit.evidence import SupportChecker
from ragkit.evidence.support import normalise
from ragkit.evidence.support.naming import names_of
from ragkit.evidence.support.polarity import read_denied
from ragkit.evidence.support.quantities import read_quantities
from ragkit.evidence.support.reading import read_words
from ragkit.evidence.support.verbatim import VerbatimText
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
        "The source is about the dropout rate of the original Transformer.",  # no statement of it
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
def test_any_text_can_be_read(text):
    quantities = read_quantities(text)
    assert all(number.value for number in quantities.numbers)
    assert all(names_of(text))
    denied = read_denied(read_words(text))
    assert denied.focus <= denied.scope


@given(st.text(alphabet="ab .?!not12-'"), st.text(alphabet="ab .?!not12-'"))
def test_looking_for_any_text_in_any_other_ends(passage, claim):
    assert VerbatimText(passage).says(claim) in (True, False)


SYLLABUS = (
    "The written examination takes place on Wednesday 14 January 2026 at 09:00. "
    "Late work loses 10% a day, and nothing is accepted after three days. "
    "Mikolov et al. (2013) trained on 1.6 billion words in less than one day. "
    "The encoder feeds the decoder. Aristotle taught Alexander. "
    "Warm-up raises the learning rate linearly during the first 4,000 steps. "
    "Ranks are comparable across systems; raw scores are not. "
    "A mask hides padding. Without it, the mean is wrong. "
    "The recording is in the portal. The blackboard is not in the picture. "
    "The pre-trained weights fit 8 GB. At a scale of 1 the guidance is switched off. "
    "Every student has to repeat the lab if the report is late."
)


@pytest.mark.parametrize(
    ("claim", "backed"),
    [
        ("The written examination takes place on January 14th.", True),
        ("The written exam takes place on 2026-01-14.", True),
        ("The written examination takes place on 15 January 2026.", False),
        ("The written examination takes place on 14 January 2027.", False),
        ("Late work loses 10 percent a day.", True),
        ("Late work loses ten per cent a day.", True),
        ("Late work loses 10 points a day.", False),
        ("Late work loses 3% a day.", False),  # a number of the same sentence, of something else
        ("Mikolov trained on 1,600,000,000 words.", True),
        ("Mikolov trained on 1.6B words.", True),
        ("Mikolov trained on 1.6 million words.", False),
        ("Alexander taught Aristotle.", False),
        ("Alexander was taught by Aristotle.", True),
        ("The decoder feeds the encoder.", False),
        ("Warm-up lowers the learning rate linearly.", False),
        ("Warm-up increases the learning rate linearly.", True),
        ("The learning rate rises during the last 4,000 steps.", False),
        ("Ranks are not comparable across systems.", False),
        ("Raw scores are comparable across systems.", False),
        ("Ranks fail to be comparable across systems.", False),
        ("Ranks aren't comparable across systems.", False),
        ("The blackboard is in the portal.", False),  # of one sentence the subject, of one the rest
        ("The recording is not in the picture.", False),
        ("The pretrained weights fit 8 gigabytes.", True),
        ("The pretrained weights fit 8 megabytes.", False),
        ("Guidance is switched off.", False),  # the condition is left out
        ("The guidance is switched off at a scale of 1.", True),
        ("Every student has to repeat the lab.", False),
        ("If the report is late, every student has to repeat the lab.", True),
    ],
)
def test_each_thing_that_can_be_changed(encoder, claim, backed):
    verdict = SupportChecker([source_of(SYLLABUS)], encoder).check(claim)
    assert (verdict.support != "unsupported") == backed, verdict.features


@pytest.mark.parametrize(
    ("passage", "quoted"),
    [
        ("The “mean” is wrong – without a mask.", True),
        ("The 'mean' is wrong without a\u00admask.", False),  # a soft hyphen joins, so "amask"
        ("The mean is wrong, without a mask, always.", True),
        ("No one has shown that the mean is wrong without a mask.", False),
        ("Is it true that the mean is wrong without a mask?", False),
        ("We ask whether the mean is wrong without a mask.", False),
    ],
)
def test_only_what_is_asserted_is_quoted(passage, quoted):
    assert VerbatimText(passage).says("The mean is wrong without a mask.") == quoted


def test_the_named_source_is_kept_where_it_backs_as_well(encoder):
    sources = [source_of("Dropout is used at a rate of 0.1.", number=n) for n in (1, 2)]
    sources += [source_of("Adam is used with warm-up.", number=3)]
    checker = SupportChecker(sources, encoder)
    for claim in ("Dropout is used at a rate of 0.1.", "It used dropout with a rate of 0.1."):
        assert checker.check(claim, (2,)).source_ids == (2,)
        assert checker.check(claim).source_ids == (1,)
        assert checker.check(claim, (3, 9)).source_ids == (1,)


def test_a_sentence_may_rest_on_two_sources(encoder):
    sources = [
        source_of("BERT has 12 layers of encoders.", number=1),
        source_of("GPT-2 has 48 layers of decoders.", number=2),
    ]
    checker = SupportChecker(sources, encoder)
    both = "BERT has 12 layers of encoders, while GPT-2 has 48 layers of decoders."
    verdict = checker.check(both)
    assert (verdict.support, set(verdict.source_ids)) == ("supported", {1, 2})
    swapped = "BERT has 48 layers of encoders, while GPT-2 has 12 layers of decoders."
    assert checker.check(swapped).support == "unsupported"


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
        (
            "The figure compares the prices of the GTX 900, GTX 1000 and RTX 2000 series.",
            "The figure compares the prices of the GTX 1000, 1000 and 2000 series.",
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


BRAKE = (
    "The cars are held by the Drummel brake. Its blocks are made of beech wood, since iron blocks"
    " slide on a wet rail. The Quarnholt line was opened on 3 October 1898."
)


@pytest.mark.parametrize(
    ("question", "claim", "backed"),
    [
        (
            "Why are the blocks made of rubber?",
            "The answer is: The blocks are made of rubber.",
            False,
        ),
        ("Why are the blocks made of rubber?", "The blocks are made of beech wood.", True),
        (
            "Why are the blocks made of rubber?",
            "The blocks are made of rubber, since iron blocks slide on a wet rail.",
            False,
        ),
        (
            "Of what are the blocks of the Drummel brake made?",
            "The blocks of the Drummel brake are made of beech wood.",  # as the heading says
            True,
        ),
        ("When did the line open?", "The Quarnholt line was opened on 3 October 1898.", True),
        ("When did the line open?", "The Quarnholt line was opened on October 3rd, 1898.", True),
    ],
)
def test_a_question_lends_words_that_refer_and_no_facts(encoder, question, claim, backed):
    source = source_of(BRAKE, heading="2. The Drummel brake")
    checker = SupportChecker([source], encoder, question=question)
    assert (checker.check(claim).support != "unsupported") == backed


def test_a_sentence_about_a_text_is_backed_where_its_source_says_so(encoder):
    source = source_of("Before training, the text is split into subword tokens by the tokenizer.")
    checker = SupportChecker([source], encoder)
    split = "The text is split into subword tokens by the tokenizer before training."
    assert checker.check(split).support == "supported"
    assert checker.check("The source is a tutorial on subword tokens.").support == "unsupported"
