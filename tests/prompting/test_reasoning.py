"""Where reasoning ends and the answer begins: what models really write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragkit.prompting import answer_so_far, is_going_round, split_reasoning

STEPS = "Source 1 is about paint. Source 2 gives the height."
ANSWER = "It is 40 m high [2]."


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        (f"{STEPS}\nAnswer: {ANSWER}", STEPS, ANSWER),
        (f"{STEPS} Answer: {ANSWER}", STEPS, ANSWER),
        (f"{STEPS}\n\n**Answer:** {ANSWER}", STEPS, ANSWER),
        (f"{STEPS}\n\n**Answer**: {ANSWER}", STEPS, ANSWER),
        (f"{STEPS}\n### ANSWER:\n{ANSWER}", STEPS, ANSWER),
        (f"{STEPS}\n- answer : {ANSWER}", STEPS, ANSWER),
        (f"Reasoning: {STEPS}\nAnswer: {ANSWER}", STEPS, ANSWER),
        (f"**Reasoning:**\n{STEPS}\n\n**Answer:** {ANSWER}", STEPS, ANSWER),
        (f"Answer: {ANSWER}", "", ANSWER),
        # Named in a sentence of the reasoning, and once more at the start of a line.
        (
            f"{STEPS} I write Answer: last.\nAnswer: {ANSWER}",
            f"{STEPS} I write Answer: last.",
            ANSWER,
        ),
        (f"First answer: red.\nAnswer: {ANSWER} Answer: done", "First answer: red.", None),
        # Said twice, and said again with nothing behind it.
        (f"Answer: no.\n{STEPS}\nAnswer: {ANSWER}", f"Answer: no.\n{STEPS}", ANSWER),
        (f"{STEPS}\nAnswer: {ANSWER}\nAnswer:", STEPS, f"{ANSWER}\nAnswer:"),
        # No marker: a short answer, a conclusion, or the last sentence.
        (ANSWER, "", ANSWER),
        (f"{STEPS} So the tower is 40 m high.", STEPS, "The tower is 40 m high."),
        (f"{STEPS} Therefore, the answer is that it is 40 m.", STEPS, "It is 40 m."),
        (f"{STEPS} {ANSWER}", STEPS, ANSWER),
        (
            f"{STEPS} So far nothing more. It is high.",
            f"{STEPS} So far nothing more.",
            "It is high.",
        ),
        ("", "", ""),
        ("  \n", "", ""),
        # Models that were trained to think in marks of their own.
        (f"<think>\n{STEPS}\n</think>\n\nAnswer: {ANSWER}", STEPS, ANSWER),
        (f"{STEPS}</think>{ANSWER}", STEPS, ANSWER),
        (f"<think>Hm.</think>{STEPS}\nAnswer: {ANSWER}", f"Hm.\n{STEPS}", ANSWER),
        (f"<think>{STEPS} Answer: {ANSWER}", f"{STEPS} Answer: {ANSWER}", ""),
    ],
)
def test_reasoning_and_answer_come_apart(text, reasoning, answer):
    found = split_reasoning(text, "Answer:")
    assert found.reasoning == reasoning
    assert answer is None or found.answer == answer


def test_out_of_tokens_before_the_answer():
    assert split_reasoning(f"{STEPS} Now the", "Answer:", finished=False) == (
        f"{STEPS} Now the",
        "",
    )
    assert split_reasoning("Now the", "Answer:", finished=False).answer == ""
    cut = split_reasoning(f"{STEPS}\nAnswer: It is", "Answer:", finished=False)
    assert cut == (STEPS, "It is")


def test_without_a_marker_all_is_answer_but_for_marked_thoughts():
    assert split_reasoning(f"Answer: {ANSWER} So what.", "") == ("", f"Answer: {ANSWER} So what.")
    assert split_reasoning(f"<think>{STEPS}</think>{ANSWER}", "") == (STEPS, ANSWER)


def test_a_marker_is_plain_text():
    assert split_reasoning("2 + 2 = 4 => (4)?", "=> (") == ("2 + 2 = 4", "4)?")
    assert split_reasoning("Why. Final  answer: 4", "final answer:") == ("Why.", "4")
    assert split_reasoning("The unanswer: 4", "Answer:") == ("", "The unanswer: 4")


@given(
    st.text(alphabet="aB.:*\n <>/think1[]"), st.sampled_from(["", "Answer:", "*"]), st.booleans()
)
def test_nothing_is_invented_and_only_marks_are_lost(text, marker, finished):
    reasoning, answer = split_reasoning(text, marker, finished=finished)
    kept = f"{reasoning} {answer}".lower().split()
    assert all(word in text.lower() for word in kept)
    assert finished or not kept or text
    assert answer_so_far(text, marker) in (None, answer)


@given(st.integers(0, 200))
def test_the_answer_grows_once_it_has_begun(length):
    whole = f"<think>Hm.</think>{STEPS}\n**Answer:** {ANSWER}"
    so_far = answer_so_far(whole[:length], "Answer:")
    assert so_far is None or ANSWER.startswith(so_far)
    assert (so_far is None) == (length <= whole.index(ANSWER))


def test_reasoning_that_goes_round():
    assert is_going_round("A is b. C is d. " * 3)
    assert not is_going_round("A is b. C is d. " * 2)
    assert not is_going_round("[1] [2] [3] [1] [2] [3]")
