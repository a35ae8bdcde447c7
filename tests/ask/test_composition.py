"""What of a completion is shown: a table that a reader can judge."""

import pytest

from ragkit.ask import Review, compose
from ragkit.ask.composition import Trust, has_said_enough
from ragkit.encoders import EncoderOptions, load_encoder
from ragkit.records import (
    Completion,
    Evidence,
    EvidenceSentence,
    Prompt,
    Sentence,
    Sufficiency,
)
from tests.evidence.passages import source_of

pytestmark = pytest.mark.model

FIRST = "The original Transformer uses a dropout rate of 0.1."
SECOND = "It was trained on eight GPUs for 3.5 days."
QUESTION = "What dropout rate did the original Transformer use?"


@pytest.fixture(scope="module")
def encoder(minilm_folder, cache_dir):
    options = EncoderOptions(precision="fp32")
    return load_encoder(minilm_folder, name="m", cache_dir=cache_dir, options=options)


def evidence_of(*texts, sufficiency=0.7, spans=(), **features):
    sources = tuple(source_of(text, number=n) for n, text in enumerate(texts, start=1))
    sentences = tuple(
        EvidenceSentence(
            Sentence(text, 0, len(text)),
            n,
            1.0 - 0.3 * n,
            0.7,
            0.7,
            answer_span=spans[n - 1] if spans else "",
        )
        for n, text in enumerate(texts, start=1)
    )
    return Evidence(sources, sentences, Sufficiency(sufficiency, 0.5, features))


def review(evidence, encoder, marker=""):
    return Review(evidence.sources, encoder, question=QUESTION, answer_marker=marker)


def answer_to(said, encoder, *, evidence=None, strict=False, trained=False):
    evidence = evidence or evidence_of(FIRST, SECOND)
    prompt = Prompt((), "zero-shot", 1, 10, 100, evidence.sources)
    completion = Completion(said, 10, 10, "stop")
    checked = review(evidence, encoder)
    trust = Trust(strict=strict, trained=trained)
    return compose(QUESTION, evidence, prompt, completion, checked, trust)


@pytest.mark.parametrize(
    ("said", "mode", "text"),
    [
        ("The original Transformer uses a dropout rate of 0.1 [1].", "generated", FIRST),
        ("The Transformer used a dropout rate of 0.1.", "generated", None),
        ("The original Transformer uses a dropout rate of 0.3 [1].", "quoted", FIRST),
        ("It never used dropout at all.", "quoted", FIRST),
        ("", "quoted", FIRST),
        ("[1]", "quoted", FIRST),
        ("The documents do not say.", "abstained", ""),
    ],
)
def test_only_what_is_backed_is_shown(said, mode, text, encoder):
    answer = answer_to(said, encoder)
    assert answer.mode == mode
    assert text is None or answer.text == text


INVENTED = "The authors regretted this choice in 2019."


def test_an_invented_sentence_is_left_out_and_counted(encoder):
    for said in (f"{FIRST} {INVENTED}", f"{INVENTED} {FIRST}"):
        answer = answer_to(said, encoder)
        assert (answer.mode, answer.text, answer.dropped_sentences) == ("generated", FIRST, 1)
    assert answer_to(FIRST, encoder).dropped_sentences == 0


def test_strict_believes_no_completion_that_invents(encoder):
    said = f"{FIRST} {INVENTED}"
    assert answer_to(said, encoder, strict=True).mode == "quoted"
    assert answer_to(FIRST, encoder, strict=True).mode == "generated"


def test_a_sentence_that_declines_does_not_take_back_what_is_backed(encoder):
    said = f"{FIRST} The documents do not say why."
    assert answer_to(said, encoder).text == FIRST
    assert answer_to(f"The documents do not say. {FIRST}", encoder).abstained


def test_a_source_that_says_it_does_not_know_can_be_quoted(encoder):
    known = "The paper does not say which dropout rate the original Transformer used."
    answer = answer_to(known, encoder, evidence=evidence_of(known))
    assert (answer.mode, answer.text) == ("generated", known)


def test_the_citation_is_the_source_that_backs_not_the_one_named(encoder):
    answer = answer_to("The Transformer used a dropout rate of 0.1 [2].", encoder)
    assert answer.sentences[0].citations == (1,)
    assert answer.sentences[0].quote == FIRST
    assert [source.id for source in answer.sources] == [1]
    assert (answer.corrected_citations, answer.removed_citations) == (1, 0)


@pytest.mark.parametrize(
    ("marks", "citations", "corrected", "removed"),
    [
        ("[1]", (1,), 0, 0),
        ("", (1,), 0, 0),
        ("[2]", (1,), 1, 0),
        ("[1, 2]", (1,), 0, 0),
        ("[7]", (1,), 0, 1),
        ("[1] [7; 8]", (1,), 0, 2),
        ("[0]", (1,), 0, 1),
    ],
)
def test_citations_are_mended_and_counted(encoder, marks, citations, corrected, removed):
    answer = answer_to(f"The Transformer used a dropout rate of 0.1 {marks}.", encoder)
    assert answer.sentences[0].citations == citations
    assert (answer.corrected_citations, answer.removed_citations) == (corrected, removed)


def test_a_right_citation_is_kept_where_two_sources_say_the_same(encoder):
    evidence = evidence_of(FIRST, FIRST, SECOND)
    answer = answer_to(f"{FIRST[:-1]} [2].", encoder, evidence=evidence)
    assert (answer.sentences[0].citations, answer.corrected_citations) == ((2,), 0)


def test_sentences_are_told_while_the_completion_goes_on(encoder):
    told = []
    evidence = evidence_of(FIRST, SECOND)
    following = Review(evidence.sources, encoder, question=QUESTION, on_sentence=told.append)
    said, seen = f"{FIRST} [1] {INVENTED} {SECOND}", []
    for end in range(1, len(said) + 1):
        following.follow(said[:end])
        seen.append(len(told))
    assert [(s.text, s.support) for s in told] == [(FIRST, "quoted"), (INVENTED, "unsupported")]
    assert seen.index(1) == len(f"{FIRST} [1] T") - 1  # before, another mark could come


def test_a_sentence_said_again_is_shown_once(encoder):
    answer = answer_to(" ".join([FIRST] * 5), encoder)
    assert [sentence.text for sentence in answer.sentences] == [FIRST]


def test_echoes_of_the_prompt_are_taken_out(encoder):
    answer = answer_to(f"[1] (a.md) {FIRST}", encoder)
    assert (answer.mode, answer.text) == ("generated", FIRST)


def test_an_answer_from_weaker_evidence_gives_way_to_the_best(encoder):
    weak = evidence_of("Label smoothing is 0.1.", "Adam was used.", "Eight heads.", FIRST)
    answer = answer_to(FIRST, encoder, evidence=weak)
    assert answer.mode == "quoted"
    assert answer.sentences[0].text == "Label smoothing is 0.1."


def test_what_is_backed_but_beside_the_point_is_left_out(encoder):
    first = f"{FIRST} It was set by hand."
    evidence = evidence_of(first, SECOND, "Adam was used with warm-up steps.")
    answer = answer_to(f"{FIRST} {SECOND} It was set by hand.", encoder, evidence=evidence)
    assert (answer.text, answer.dropped_sentences) == (first, 0)


def test_the_next_best_evidence_gives_way_to_what_would_be_quoted(encoder):
    answer = answer_to(SECOND, encoder)  # it scores far below the first
    assert (answer.mode, answer.text) == ("quoted", FIRST)


def test_strong_evidence_overrules_a_model_that_abstains(encoder):
    strong = evidence_of(FIRST, SECOND, sufficiency=0.95)
    said = "The documents do not say."
    assert answer_to(said, encoder, evidence=strong).mode == "quoted"
    enough = evidence_of(FIRST, SECOND, sufficiency=0.6)
    assert answer_to(said, encoder, evidence=enough).abstained
    assert answer_to(said, encoder, evidence=enough, trained=True).mode == "quoted"


@pytest.mark.parametrize(("answer", "mode"), [(0.6, "quoted"), (0.4, "abstained")])
def test_a_trained_model_is_believed_where_the_reader_finds_no_answer_either(encoder, answer, mode):
    read = evidence_of(FIRST, SECOND, sufficiency=0.9, answer=answer)
    assert answer_to("The documents do not say.", encoder, evidence=read, trained=True).mode == mode
    assert answer_to("The documents do not say.", encoder, evidence=read).mode == "quoted"


def test_a_trained_model_has_to_rest_on_the_best_evidence_too(encoder):
    weak = evidence_of("Label smoothing is 0.1.", "Adam was used.", "Eight heads.", FIRST)
    assert answer_to(FIRST, encoder, evidence=weak, trained=True).mode == "quoted"


def test_fragments_and_an_unfinished_sentence_are_left_out(encoder):
    both = f"{FIRST} {SECOND}"
    said = f"{FIRST} Dropout. It needs the following:\n{SECOND}"
    assert answer_to(said, encoder, evidence=evidence_of(both)).text == both
    prompt = Prompt((), "zero-shot", 1, 10, 100, evidence_of(FIRST, SECOND).sources)
    cut = Completion(f"{FIRST} It was trained on eight and", 10, 10, "length")
    evidence = evidence_of(FIRST, SECOND)
    assert compose(QUESTION, evidence, prompt, cut, review(evidence, encoder)).text == FIRST


@pytest.mark.parametrize(
    ("said", "mode", "text"),
    [
        ("0.1 [1].", "generated", FIRST),
        ("A rate of 0.1 [1].", "generated", FIRST),
        ("0.1", "generated", FIRST),
        ("Dropout [1].", "quoted", FIRST),  # what is asked about is no answer
        ("3.5 days [2].", "quoted", FIRST),  # stands in a source, but not as a dropout rate
        ("0.3 [1].", "quoted", FIRST),
    ],
)
def test_a_short_answer_is_shown_as_the_sentence_that_says_so(encoder, said, mode, text):
    answer = answer_to(said, encoder)
    assert (answer.mode, answer.text) == (mode, text)
    assert answer.sentences[0].citations == (1,)
    assert answer.sentences[0].quote == FIRST


def answer_after_reasoning(said, encoder, *, finish_reason="stop", strict=False):
    evidence = evidence_of(FIRST, SECOND)
    prompt = Prompt((), "cot", 1, 10, 100, evidence.sources, answer_marker="Answer:")
    completion = Completion(said, 10, 10, finish_reason)
    checked = review(evidence, encoder, "Answer:")
    return compose(QUESTION, evidence, prompt, completion, checked, Trust(strict=strict))


def test_only_what_follows_the_reasoning_is_checked_and_shown(encoder):
    thought = "I was told this in Geneva in 1987. The documents do not say why."
    answer = answer_after_reasoning(f"{thought}\nAnswer: {FIRST} [1]", encoder)
    assert (answer.mode, answer.text, answer.reasoning) == ("generated", FIRST, thought)
    assert answer_to(f"{thought}\nAnswer: {FIRST}", encoder).reasoning == ""


def test_strict_shows_no_reasoning(encoder):
    answer = answer_after_reasoning(f"So I think.\nAnswer: {FIRST} [1]", encoder, strict=True)
    assert (answer.mode, answer.reasoning) == ("generated", "")


def test_a_true_thought_saves_no_invented_answer(encoder):
    answer = answer_after_reasoning(f"{FIRST}\nAnswer: It used a dropout rate of 0.7.", encoder)
    assert (answer.mode, answer.reasoning) == ("quoted", FIRST)


def test_reasoning_that_never_ends_is_no_answer(encoder):
    answer = answer_after_reasoning(f"{FIRST} Let us see whether", encoder, finish_reason="length")
    assert (answer.mode, answer.text) == ("quoted", FIRST)
    assert answer.reason == "the model's reasoning came to no answer"


def test_thinking_in_marks_of_its_own_is_reasoning_with_any_strategy(encoder):
    answer = answer_to(f"<think>I was told so in Geneva.</think>{FIRST} [1]", encoder)
    assert (answer.mode, answer.text) == ("generated", FIRST)
    assert answer.reasoning == "I was told so in Geneva."
    endless = answer_to(f"<think>{FIRST} Let us see", encoder)
    assert (endless.mode, endless.text) == ("quoted", FIRST)
    assert endless.reason == "the model's reasoning came to no answer"


def test_a_completion_is_not_ended_within_its_reasoning():
    steps = "One. Two. Three. Four. Five. Two."
    assert has_said_enough(steps)
    assert not has_said_enough(steps, "Answer:")
    assert not has_said_enough(f"{steps} Answer: One. Two. Three.", "Answer:")
    assert has_said_enough(f"{steps} Answer: One. Two. Three. Four", "Answer:")
    assert has_said_enough("Look here. So there. " * 3 + "Look", "Answer:")
    assert has_said_enough("Source 1 says so.\nAnswer: It is.\n" * 5, "Answer:")
    assert not has_said_enough("Source 1 says so.\nAnswer: It is.\n" * 2, "Answer:")


@pytest.mark.parametrize(
    ("said", "spans", "marked"),
    [
        ("It used 0.1 [1].", ("a dropout\nrate of 0.1", "3.5 days"), "a dropout rate of 0.1"),
        ("It never used dropout at all.", ("0.1", ""), "0.1"),  # quoted
        ("The Transformer used a rate of 0.1 [1].", ("the original", ""), ""),  # not in its words
        ("The Transformer used a dropout rate of 0.1 [1].", ("", "0.1"), ""),  # not cited
        ("The Transformer used a dropout rate of 0.1 [1].", ("rop", ""), ""),  # part of a word
    ],
)
def test_the_words_that_answer_are_marked_where_they_are_shown(encoder, said, spans, marked):
    answer = answer_to(said, encoder, evidence=evidence_of(FIRST, SECOND, spans=spans))
    assert answer.sentences[0].answer_span == marked
