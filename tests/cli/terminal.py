"""A command on a terminal of its own, typed to and read as a person would."""

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from typing import Self

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\x07")


class Terminal:
    """`ragkit` with some arguments on a terminal; it is ended with the test.

    Args:
        arguments: As typed.
        env: The environment.
    """

    def __init__(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        self.shown = ""
        self._read = 0
        main, side = pty.openpty()
        self._main = main
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ragkit", *arguments],
            stdin=side, stdout=side, stderr=side, start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - it calls nothing that locks
            env={**os.environ, "TERM": "xterm", **(env or {})},
        )  # fmt: skip
        os.close(side)

    def send(self, text: str) -> None:
        """Type a text."""
        os.write(self._main, text.encode())

    def press_ctrl_c(self, expected: str) -> None:
        """Press Ctrl-C until it is heard: the terminal makes a signal of it, as for a person.

        A signal that comes while a key is handled, and not between two, waits for the next key:
        so it is with every Python program that reads lines with readline.
        """
        for _ in range(5):
            self.send("\x03")
            with contextlib.suppress(AssertionError):
                self.expect(expected, timeout_s=4)
                return
        self.expect(expected, timeout_s=4)

    def expect(self, pattern: str, *, timeout_s: float = 60) -> str:
        """Wait until something is shown that was not read yet; return all up to it."""
        end = time.monotonic() + timeout_s
        while True:
            text = _CONTROL.sub("", self.shown)[self._read :]
            if found := re.search(pattern, text):
                self._read += found.end()
                return text[: found.end()]
            if time.monotonic() > end or not self._fill(end - time.monotonic()):
                raise AssertionError(f"{pattern!r} was not shown, but: {text}")

    def wait(self, *, timeout_s: float = 60) -> int:
        """Wait for the end; return the exit code."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end and self._fill(0.2):
            pass
        return self.process.wait(timeout=max(0.1, end - time.monotonic()))

    def _fill(self, timeout_s: float) -> bool:
        """Read what is there; return False at the end."""
        ready, _, _ = select.select([self._main], [], [], max(0, min(timeout_s, 0.5)))
        if not ready:
            return self.process.poll() is None
        try:
            part = os.read(self._main, 65536)
        except OSError:  # as Linux says that the other side has gone
            return False
        self.shown += part.decode("utf-8", errors="replace")
        return bool(part)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._main)


def _take_terminal() -> None:
    """Let Ctrl-C reach this process alone, whatever the shell that runs the tests ignores."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
