"""One worker process as its parent sees it: started, asked, watched, ended.

It reads no document and keeps no order; `pool.py` does.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, fields
from typing import IO, Any

from ragkit.documents.find import FoundFile
from ragkit.documents.limits import ReadingLimits
from ragkit.documents.ocr import Ocr
from ragkit.documents.workers.wire import WireError, decode_document, receive, send
from ragkit.errors import DocumentError, RagkitError
from ragkit.records import Document

_START = (
    "import json, sys; start = json.loads(sys.argv[1]); sys.path[:] = start.pop('path');"
    "from ragkit.documents.workers.child import serve; serve(**start)"
)
_MOST_FILES = 200
"""A worker is replaced after so many files, in case a library keeps what it need not."""
_START_S = 60.0
_LAST_BREATH_S = 2.0
_LONGEST_CHARACTER = 12
"""Bytes of one outside the basic plane, in ASCII JSON."""
_BLOCK_BYTES = 64
"""Bytes of a block in JSON, at most."""


class WorkerGoneError(RagkitError):
    """The process has ended before it took up a file."""


class Worker:
    """A process that reads documents one after the other.

    Args:
        limits: How much of the machine a document may use.
        ocr: How to read pictures of pages, which get time of their own; None to leave them unread.
        debug: Let what it writes to stderr through.

    Raises:
        RagkitError: No process can be started.
    """

    def __init__(
        self, limits: ReadingLimits, *, ocr: Ocr | None = None, debug: bool = False
    ) -> None:
        self._limits = limits
        self._budget_s = ocr.budget_s if ocr else 0.0
        self._most_bytes = (
            limits.text_characters * _LONGEST_CHARACTER + limits.blocks * _BLOCK_BYTES + (1 << 20)
        )
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self._killed_for = ""
        self._files = 0
        self.peak_memory_bytes = 0
        self._process = _start(limits, ocr, debug=debug)

    def wait_until_ready(self) -> None:
        """Return when the process can be asked. Raises: RagkitError if it does not start."""
        self._watch_until(time.monotonic() + _START_S)
        try:
            if self._receive() is None:
                raise RagkitError(
                    "the process that reads documents does not start",
                    hint="see why: ragkit ingest --debug",
                )
        finally:
            self._watch_until(None)

    @property
    def is_spent(self) -> bool:
        """Whether another should take its place."""
        return (
            self._process.poll() is not None
            or self._files >= _MOST_FILES
            or self.peak_memory_bytes > self._limits.memory_bytes // 2
        )

    def read(self, file: FoundFile, *, password: str | None) -> Document:
        """Return the Document that a file holds.

        Raises:
            DocumentError: It cannot be read, or not within the limits.
            WorkerGoneError: The process has ended before; the file is not to blame.
        """
        self._files += 1
        timeout_s = self._limits.timeout_for(file.size_bytes)
        try:
            self._ask(file, password)
            answer = self._wait_for_answer(timeout_s)
        finally:
            self._watch_until(None)
        if answer is None:
            raise self._explain_end(file.name, timeout_s)
        return self._open_answer(file.name, answer)

    def watch(self) -> None:
        """End the process where its file takes too long or too much; called now and then."""
        with self._lock:
            if self._deadline is None or self._process.poll() is not None:
                return
            late = time.monotonic() > self._deadline
            if late or _memory_of(self._process.pid) > self._limits.memory_bytes:
                self._killed_for = "time" if late else "memory"
                self._kill()

    def kill(self) -> None:
        """End the process at once; whoever waits for it learns that."""
        with self._lock:
            self._deadline = None
            self._kill()

    def close(self) -> None:
        """End the process at once and forget it; nobody may wait for it any more."""
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                _pipe(stream).close()

    def _ask(self, file: FoundFile, password: str | None) -> None:
        """Send a request and wait until it is taken up, which takes no time."""
        request = {
            "path": os.fspath(file.path.absolute()),
            "name": file.name,
            "size_bytes": file.size_bytes,
            "password": password,
        }
        with suppress(OSError):
            send(_pipe(self._process.stdin), request)
        self._watch_until(time.monotonic() + _START_S)
        if self._receive() is None:
            raise WorkerGoneError(
                "the process that reads documents has ended", hint="run the same command again"
            )

    def _wait_for_answer(self, timeout_s: float) -> dict[str, Any] | None:
        """Return the answer; each picture that is recognised meanwhile gets time of its own."""
        until = time.monotonic() + timeout_s
        latest = until + self._budget_s
        self._watch_until(until)
        while (answer := self._receive()) is not None and "more_s" in answer:
            more_s = answer["more_s"]
            if type(more_s) in (int, float) and more_s > 0:
                until = min(max(until, time.monotonic() + more_s), latest)
                self._watch_until(until)
        return answer

    def _receive(self) -> dict[str, Any] | None:
        """Return what it says; one that says nonsense is ended, as if it had crashed."""
        try:
            return receive(_pipe(self._process.stdout), most_bytes=self._most_bytes)
        except (OSError, WireError):
            self._kill()
            return None

    def _kill(self) -> None:
        """End the process and those that it started (tesseract)."""
        with suppress(OSError):
            if hasattr(os, "killpg") and self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()

    def _watch_until(self, deadline: float | None) -> None:
        with self._lock:
            self._deadline = deadline

    def _open_answer(self, name: str, answer: dict[str, Any]) -> Document:
        memory = answer.get("memory_bytes")
        if type(memory) is int:
            self.peak_memory_bytes = max(self.peak_memory_bytes, memory)
        match answer:
            case {"error": [str(message), str(hint)]}:
                raise DocumentError(message, hint=hint)
            case {"out_of_memory": True}:
                self._kill()  # what it still holds is not known
                raise too_much_memory(name, self._limits)
            case {"bug": str(detail)}:
                raise DocumentError(
                    f"{name} cannot be read: the reader failed ({detail})",
                    hint="list it in .ragkitignore; --debug shows where, for a report to us",
                )
        try:
            document = decode_document(answer.get("document"))
        except WireError:
            self._kill()
            raise self._explain_end(name, 0) from None
        if document.path != name:
            raise self._explain_end(name, 0)
        return document

    def _explain_end(self, name: str, timeout_s: float) -> DocumentError:
        """Return why there is no answer."""
        try:
            code = self._process.wait(_LAST_BREATH_S)
        except subprocess.TimeoutExpired:  # it has closed its pipe and goes on
            self._kill()
            code = self._process.wait()
        if self._killed_for == "time":
            return DocumentError(
                f"{name} took longer than {timeout_s:.0f} s to read",
                hint="raise reading_timeout_s in ragkit.toml, or list it in .ragkitignore",
            )
        if self._killed_for == "memory":
            return too_much_memory(name, self._limits)
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return DocumentError(
            f"{name} cannot be read: the reader crashed ({how})",
            hint="save it again with another program, or list it in .ragkitignore",
        )


def too_much_memory(name: str, limits: ReadingLimits) -> DocumentError:
    """Return the error of a document that needs more memory than it may have."""
    return DocumentError(
        f"{name} needed more than {limits.memory_bytes / (1 << 20):.0f} MiB of memory to read",
        hint="raise reading_memory_mb in ragkit.toml, or list it in .ragkitignore",
    )


def _start(limits: ReadingLimits, ocr: Ocr | None, *, debug: bool) -> subprocess.Popen[bytes]:
    """Start the process with our own import path, in a session of its own: Ctrl-C is not for it."""
    start = {
        "path": [os.path.abspath(path) for path in sys.path],  # noqa: PTH100 - texts, not Paths
        "limits": asdict(limits),
        "ocr": ocr and {it.name: getattr(ocr, it.name) for it in fields(ocr) if it.compare},
        "debug": debug,
    }
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    try:
        return subprocess.Popen(  # noqa: S603 - our own program; files are named on stdin
            [sys.executable, "-P", "-c", _START, json.dumps(start)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if debug else subprocess.DEVNULL,
            env={**os.environ, **single},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise RagkitError(
            f"cannot start a process to read documents: {error.strerror or error}",
            hint="close other programs, then run the same command again",
        ) from error


def _pipe(stream: IO[bytes] | None) -> Any:
    if stream is None:
        raise OSError("no pipe")
    return stream


def _memory_of(pid: int) -> int:
    """Return the resident memory of a process in bytes; 0 where it has ended."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
