"""How far an ingest or a run is: a bar on a terminal, a line now and then in a log, or nothing."""

import io

import pytest
from rich.console import Console

from ragkit.cli.render.console import THEME, Remarks
from ragkit.cli.render.progress import ProgressDisplay
from ragkit.cli.render.running import RunDisplay
from ragkit.protocols import Progress

STEPS = [
    Progress("reading", 0, 40, "week1/a\x1b[31m.pdf"),
    Progress("encoding", 0, 64),
    Progress("encoding", 32, 64),
    Progress("encoding", 64, 64),
    Progress("saving", 3, 40),
    Progress("reading", 4, 40, "week2/a-file-with-a-very-long-name-indeed-yes.pdf"),
]


@pytest.fixture
def show():
    """Show the steps, ten seconds apart, and return what was written."""

    def run(*, terminal, quiet=False, steps=STEPS, width=80, kind=ProgressDisplay):
        remarks = Remarks(quiet=quiet)
        written = io.StringIO()
        remarks.console = Console(
            file=written,
            force_terminal=terminal,
            width=width,
            color_system=None,
            theme=THEME,
        )
        now = [0.0]
        display = kind(remarks, clock=lambda: now[0])
        with display:
            for step in steps:
                now[0] += 10
                display(step)
        return written.getvalue()

    return run


def test_a_terminal_gets_a_bar(show):
    written = show(terminal=True)
    assert "3/40" in written
    assert "64 chunks, " in written
    assert "\x1b[31m" not in written
    lines = written.replace("\r", "\n").split("\n")
    assert max(len(line.split("\x1b")[0]) for line in lines) <= 80


def test_a_log_gets_a_line_every_half_minute(show):
    assert show(terminal=False) == (
        "0 of 40 documents after 30.0 s, 32 chunks, 3/s\n"
        "3 of 40 documents after 1 min 0 s, 64 chunks, 2/s\n"
    )


@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_is_shown_where_nothing_is_read_or_wanted(show, terminal):
    done = [Progress("reading", 0, 0), Progress("encoding", 0, 0)]
    assert "chunks" not in show(terminal=terminal, steps=done)
    assert show(terminal=terminal, quiet=True) == ""


ASKED = [Progress("asking", done, 40, "why\x1b[31m?") for done in (0, 5, 10, 15)]


def test_a_run_tells_its_speed_and_each_phase_from_its_start(show):
    again = [Progress("asking again", done, 20) for done in (0, 1, 2, 3)]
    assert show(terminal=False, steps=[*ASKED, *again], kind=RunDisplay) == (
        "asking: 15 of 40 after 30.0 s, 2.0 s each\n"
        "asking again: 3 of 20 after 30.0 s, 10.0 s each\n"
    )
    written = show(terminal=True, steps=ASKED, kind=RunDisplay)
    assert "15/40" in written
    assert "2.0 s each" in written
    assert "\x1b[31m" not in written
