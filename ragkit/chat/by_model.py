"""A follow-up to a question that stands alone, by a model, and the check that it kept the words.

Only what the rules took for a follow-up is ever shown to the model, and its wording is only taken
where it holds every telling word of the follow-up, brings in one at least that the rules brought
in, and invents none.
"""

from collections.abc import Callable, Sequence

from ragkit.chat.followups import need_of
from ragkit.chat.history import Turn
from ragkit.chat.lexicon import GENERIC, OPENERS, PRONOUNS
from ragkit.records import Message, Sampling
from ragkit.words import content_words, stem

SAMPLING = Sampling(max_new_tokens=64, stop=("\n",))
_LONGEST = 3
"""So many times the length of the rules' question is too long for one question."""

_TASK = (
    "You are given a conversation and a follow-up question. Write the follow-up question so that it"
    " can be understood without the conversation: replace words such as it, they or that by what"
    " they mean, and add what was left out. Keep its words and its language. Write the question"
    " only, on one line, and do not answer it."
)
_EXAMPLE = (
    "Question: What is a convolution?\nAnswer: A convolution slides a kernel over an image.\n\n"
    "Follow-up question: who came up with it?"
)
_EXAMPLE_OUT = "Who came up with convolutions?"


def rewriting_messages(question: str, turns: Sequence[Turn]) -> tuple[Message, ...]:
    """Return the prompt that asks a model for a question that stands alone.

    Args:
        question: The follow-up.
        turns: What was said before, oldest first, as far as it fits.
    """
    said = [f"Question: {turn.question}\nAnswer: {turn.said or 'not known'}" for turn in turns]
    asked = "\n\n".join([*said, f"Follow-up question: {question}"])
    return (
        Message("system", _TASK),
        Message("user", _EXAMPLE),
        Message("assistant", _EXAMPLE_OUT),
        Message("user", asked),
    )


def rewrite_by_model(
    question: str,
    turns: Sequence[Turn],
    *,
    by_rules: str,
    complete: Callable[[Sequence[Message]], str],
) -> str | None:
    """Return the model's wording of a follow-up; None where it does not keep the words.

    Args:
        question: The follow-up.
        turns: What was said before, oldest first, as far as it fits.
        by_rules: What the rules made of it.
        complete: Messages to what the model says.
    """
    said = complete(rewriting_messages(question, turns)).strip()
    candidate = " ".join(said.split("\n", maxsplit=1)[0].strip("\"'` ").split())
    known = " ".join(f"{turn.question} {turn.said}" for turn in turns)
    if keeps_the_words(candidate, question, by_rules=by_rules, known=known):
        return candidate
    return None


def keeps_the_words(candidate: str, question: str, *, by_rules: str, known: str) -> bool:
    """Say whether a wording may take the place of a follow-up.

    >>> def keeps(candidate):
    ...     return keeps_the_words(
    ...         candidate, "who wrote it?", by_rules="Who wrote BERT?", known="What is BERT?"
    ...     )
    >>> keeps("Who wrote BERT?"), keeps("Who wrote it?"), keeps("Who wrote BERT in Paris?")
    (True, False, False)
    """
    own, added = _stems(question), _stems(by_rules) - _stems(question)
    found = _stems(candidate)
    short = 0 < len(candidate) <= _LONGEST * len(by_rules)
    one_question = candidate.rstrip("?").count("?") == 0 and ":" not in candidate[:12]
    kept = own <= found and bool(added & found) and not need_of(candidate)
    return short and one_question and kept and found <= own | added | _stems(known)


def _stems(text: str) -> set[str]:
    vague = GENERIC | PRONOUNS | OPENERS
    return {stem(word) for word in content_words(text) if word not in vague}
