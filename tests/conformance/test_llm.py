"""What every LLM promises, whichever it is: one suite over all back ends."""

import pytest

from ragkit.errors import PromptError
from ragkit.llms import LlmOptions, OpenAIHttpLLM, ScriptedLLM
from ragkit.models import open_llm
from ragkit.records import Message, Sampling
from tests.llms.small_server import SmallServer, answer_with

QUESTION = (
    Message("system", "Answer in one sentence."),
    Message("user", "[1] (plants.pdf, p. 3) Leaves are green in spring.\n\nQuestion: What is so?"),
)
BRIEF = Sampling(max_new_tokens=12)


@pytest.fixture(
    scope="module",
    params=[
        "scripted:copy-first-source",
        "scripted:echo",
        "a server",
        pytest.param("smollm2-135m-instruct", marks=pytest.mark.model),
    ],
)
def llm(request, cache_dir):
    with SmallServer(answer_with(ScriptedLLM("copy-first-source"))) as server:
        name = server.url if request.param == "a server" else request.param
        opened = open_llm(
            name, cache_dir=cache_dir, options=LlmOptions(context_window=512, lora="none")
        )
        yield opened
        opened.close()


@pytest.fixture
def scoring_llm(llm):
    if isinstance(llm, OpenAIHttpLLM):
        pytest.skip("a server tells only of tokens that it chose itself")
    return llm


def test_says_who_it_is(llm):
    assert llm.info.name
    assert llm.context_window == 512


def test_rendered_prompt_holds_every_message_in_order(llm):
    text = llm.render_prompt(QUESTION)
    assert 0 <= text.index("one sentence") < text.index("Leaves are green")


def test_counts_the_tokens_that_generate_reports(llm):
    completion = llm.generate(QUESTION, sampling=BRIEF)
    counted = llm.count_tokens(llm.render_prompt(QUESTION))
    if llm.estimates_tokens:
        assert completion.prompt_tokens <= counted
    else:
        assert completion.prompt_tokens == counted


def test_pieces_join_to_the_completion(llm):
    pieces: list[str] = []
    completion = llm.generate(QUESTION, sampling=BRIEF, on_text=pieces.append)
    assert "".join(pieces) == completion.text != ""
    assert all(pieces)


def test_greedy_says_the_same_again(llm):
    first = llm.generate(QUESTION, sampling=BRIEF)
    llm.generate((Message("user", "Question: Why is the sky blue?"),), sampling=BRIEF)
    assert llm.generate(QUESTION, sampling=BRIEF).text == first.text


def test_length_is_limited(llm):
    completion = llm.generate(QUESTION, sampling=Sampling(max_new_tokens=2))
    assert completion.completion_tokens == 2
    assert completion.finish_reason == "length"


def test_stop_string_ends_the_completion_and_is_not_part_of_it(llm):
    whole = llm.generate(QUESTION, sampling=BRIEF).text
    stop = whole[3:6]
    pieces: list[str] = []
    completion = llm.generate(
        QUESTION, sampling=Sampling(max_new_tokens=12, stop=(stop,)), on_text=pieces.append
    )
    assert completion.text == whole[: whole.index(stop)] == "".join(pieces)
    assert completion.finish_reason == "stop"


def test_prompt_longer_than_the_window_is_an_error_with_numbers(llm):
    with pytest.raises(PromptError, match=r"\d+ tokens long and the context window 512"):
        llm.generate((Message("user", "word " * 600),), sampling=BRIEF)


def test_completion_fits_beside_the_prompt(llm):
    for words in range(480, 0, -8):
        asked = (QUESTION[0], Message("user", "word " * words + QUESTION[1].content))
        if llm.count_tokens(llm.render_prompt(asked)) < 490:
            break
    completion = llm.generate(asked, sampling=Sampling(max_new_tokens=10_000))
    assert completion.prompt_tokens + completion.completion_tokens <= 512


def test_log_probabilities_are_of_each_token_where_there_are_any(llm):
    completion = llm.generate(QUESTION, sampling=BRIEF)
    assert len(completion.token_logprobs) in (0, completion.completion_tokens)
    assert all(logprob <= 0 for logprob in completion.token_logprobs)


def test_what_the_model_says_is_likelier_than_what_it_does_not(scoring_llm):
    said = scoring_llm.generate(QUESTION, sampling=BRIEF).text
    expected, other, nothing = scoring_llm.score_continuations(QUESTION, [said, "Zxqv 7 ##", ""])
    assert all(logprob <= 0 for logprob in (*expected, *other))
    assert sum(expected) / len(expected) > sum(other) / len(other)
    assert nothing == ()


def test_scores_do_not_depend_on_what_was_asked_before(scoring_llm):
    said = ["Leaves are green in spring, as the first passage says [1].", "No."]
    first = scoring_llm.score_continuations(QUESTION, said)
    scoring_llm.generate(QUESTION, sampling=BRIEF)
    assert scoring_llm.score_continuations(QUESTION, said[::-1]) == first[::-1]
    assert scoring_llm.score_continuations(QUESTION, ()) == ()


def test_a_continuation_beyond_the_window_is_an_error(scoring_llm):
    with pytest.raises(PromptError, match="the context window 512"):
        scoring_llm.score_continuations(QUESTION, ["Yes.", "word " * 600])


def test_close_twice(cache_dir):
    opened = open_llm("scripted:abstain", cache_dir=cache_dir)
    opened.close()
    opened.close()


def test_a_listener_can_end_the_completion(llm):
    heard = []

    def listen(piece):
        heard.append(piece)
        return len(heard) == 2

    completion = llm.generate(
        [Message("user", "Count from one to ten.")],
        sampling=Sampling(max_new_tokens=40),
        on_text=listen,
    )
    assert completion.text == "".join(heard)
    assert len(heard) == 2
    assert completion.finish_reason == "stop"
