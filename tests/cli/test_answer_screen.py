"""How an answer looks on a screen that knows styles."""

import io

import pytest
from rich.console import Console

from ragkit.cli.render.answers import print_answer
from ragkit.cli.render.console import THEME
from ragkit.records import Answer, AnswerSentence, Sufficiency

UNDERLINED, PLAIN = "\x1b[1;4m", "\x1b[0m"


def screen_of(*sentences, mode="quoted"):
    console = Console(
        file=io.StringIO(), theme=THEME, force_terminal=True, color_system="standard", width=100
    )
    print_answer(console, Answer("How long?", mode, sentences, (), Sufficiency(0.9, 0.5)))
    return console.file.getvalue()


@pytest.mark.parametrize("mode", ["quoted", "generated"])
def test_the_words_that_answer_are_underlined(mode):
    text = "In 1990 it took 90 minutes."
    shown = screen_of(
        AnswerSentence(text, (1,), "quoted", 1.0, answer_span="90 minutes"), mode=mode
    )
    assert f"In 1990 it took {UNDERLINED}90 minutes{PLAIN}." in shown


@pytest.mark.parametrize("span", ["", "90", "80 minutes", "90\nminutes and"])
def test_nothing_is_underlined_that_does_not_stand_there_whole(span):
    text = "It took in 1990 long."
    shown = screen_of(AnswerSentence(text, (1,), "quoted", 1.0, answer_span=span))
    assert UNDERLINED not in shown
    assert text in shown
