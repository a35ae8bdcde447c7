"""Turns of a conversation as tests make them."""

from ragkit.chat import Turn
from ragkit.records import Answer, AnswerSentence, Sufficiency


def turn_of(question: str, said: str = "") -> Turn:
    """Return a turn that was answered in these words; in none, that the documents do not say."""
    sentences = (AnswerSentence(said, (1,), "quoted", 1.0, said),) if said else ()
    mode = "quoted" if said else "abstained"
    answer = Answer(question, mode, sentences, (), Sufficiency(0.9, 0.5))
    return Turn(question, question, answer)
