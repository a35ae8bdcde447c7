"""The lines of a chat: typed, with editing and a history, or from a pipe."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ragkit.cli.render.console import Remarks

PROMPT = "> "
_KEPT_LINES = 1000


def is_typed() -> bool:
    """Say whether somebody types: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def without_echo() -> Iterator[None]:
    """Let what is typed meanwhile stay unseen: it is read, and shown, with the next line."""
    termios = _load("termios") if is_typed() else None
    if termios is None:
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    silent = [*before]
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def read_lines(history: Path, *, words: Sequence[str], remarks: Remarks) -> Iterator[str]:
    """Yield what is asked, without empty lines; ends with the input.

    Args:
        history: File of earlier lines, made where it is missing and readable by its owner alone.
        words: What the tabulator completes.
        remarks: Where to tell how to end.
    """
    lines = _typed_lines(history, words, remarks) if is_typed() else _piped_lines()
    return (line.strip() for line in lines if line.strip())


def _piped_lines() -> Iterator[str]:
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")
    yield from sys.stdin


def _typed_lines(history: Path, words: Sequence[str], remarks: Remarks) -> Iterator[str]:
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")  # half a character that was left of a deletion
    readline = _load("readline")  # without it the terminal edits lines itself
    if readline is not None:
        _prepare(readline, history, words)
    try:
        while True:
            try:
                yield input(PROMPT)
            except EOFError:
                click.echo()
                return
            except KeyboardInterrupt:
                click.echo()
                remarks.note("Ctrl-D or /quit ends the chat")
    finally:
        if readline is not None:
            _save(readline, history)


def _load(name: str) -> Any:
    """Return a module of the standard library, or None where this system has none of it."""
    with suppress(ImportError):
        return import_module(name)
    return None


def _prepare(readline: Any, history: Path, words: Sequence[str]) -> None:
    def complete(text: str, state: int) -> str | None:
        found = [word for word in words if word.startswith(text)] if text.startswith("/") else []
        return found[state] if state < len(found) else None

    readline.set_completer_delims(" \t\n")
    readline.set_completer(complete)
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    readline.set_history_length(_KEPT_LINES)
    with suppress(OSError):  # none yet, or not readable: a chat without it is better than none
        readline.read_history_file(str(history))


def _save(readline: Any, history: Path) -> None:
    with suppress(OSError):
        history.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(history, os.O_CREAT | os.O_WRONLY, 0o600))
        history.chmod(0o600)
        readline.write_history_file(str(history))
        history.chmod(0o600)
