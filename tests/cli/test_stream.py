"""A completion on a terminal: what is checked looks so, and a long one does not flood."""

import io

from rich.console import Console

from ragkit.cli.render.console import THEME, Remarks
from ragkit.cli.render.stream import CompletionDisplay, _LastLines, completion_text
from ragkit.records import AnswerSentence

BACKED = AnswerSentence("The mask hides padding.", (1, 2), "supported", 0.9)
INVENTED = AnswerSentence("It was found in 1987.", (), "unsupported", 0.1)
SAID = "The mask hides padding [1]. It was found in 1987. Then the"


def screen(renderable, *, width, height):
    """Return what a terminal of this size shows, with its escape codes."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, theme=THEME, width=width, height=height)
    console.print(renderable)
    return out.getvalue()


def test_what_is_not_checked_yet_is_faint():
    shown = screen(completion_text("The mask hi", []), width=60, height=10)
    assert shown == "\x1b[2m… The mask hi\x1b[0m\n"


def test_a_checked_sentence_takes_its_final_look():
    shown = screen(completion_text(SAID, [BACKED, INVENTED]), width=80, height=10)
    assert shown.startswith("The mask hides padding. \x1b[1;36m[1]\x1b[0m \x1b[1;36m[2]\x1b[0m ")
    assert "\x1b[2;9mIt was found in 1987.\x1b[0m" in shown  # faint and struck out
    assert "\x1b[2m… Then the\x1b[0m" in shown


def test_a_long_completion_shows_its_end_in_any_terminal():
    words = " ".join(f"word{n}" for n in range(2000))
    for width, height in ((20, 6), (80, 24), (120, 40)):
        lines = screen(_LastLines(completion_text(words, [])), width=width, height=height)
        assert lines.count("\n") == height - 2
        assert "word1999" in lines
        assert "word0 " not in lines


def test_what_a_model_says_steers_no_terminal():
    evil = AnswerSentence("Red \x1b[31m alert\x07", (1,), "quoted", 1.0)
    assert "\x1b" not in completion_text("more \x1b]0;title\x07", [evil]).plain


def test_nothing_is_shown_where_nobody_looks(capsys):
    remarks = Remarks(quiet=False)  # stderr is no terminal here
    with CompletionDisplay(remarks) as display:
        display.add("The mask")
        display.judge(BACKED)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
