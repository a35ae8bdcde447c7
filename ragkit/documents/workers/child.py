"""What runs in a worker: read the file that is asked for, send what it holds, until stdin closes.

It decides nothing: which file comes next, and when time is up, is the parent's.
"""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from ragkit.documents import read_document
from ragkit.documents.clean import clean_line
from ragkit.documents.limits import ReadingLimits
from ragkit.documents.ocr import Ocr
from ragkit.documents.workers.wire import encode_document, receive, send
from ragkit.errors import RagkitError

_LONGEST_REQUEST = 1 << 20
_GRACE_S = 5
"""A worker whose parent no longer watches it ends this long after its time is up."""


@dataclass(frozen=True, slots=True)
class _Child:
    """How this process reads."""

    limits: ReadingLimits
    ocr: Ocr | None
    debug: bool

    def read(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return what to answer: what the file holds, or why it cannot be read."""
        try:
            document = read_document(
                Path(request["path"]),
                name=request["name"],
                password=request["password"],
                ocr=self.ocr,
                limits=self.limits,
            )
            return {"document": encode_document(document)}
        except RagkitError as error:
            return {"error": [error.message, error.hint]}
        except MemoryError:
            return {"out_of_memory": True}
        except Exception as error:  # noqa: BLE001 - a bug of ours must not cost the other files
            if self.debug:
                traceback.print_exc(file=sys.stderr)
            detail = clean_line(f"{type(error).__name__}: {error}")[:120]
            return {"bug": detail}


def serve(limits: Mapping[str, Any], ocr: Mapping[str, Any] | None, *, debug: bool) -> None:
    """Answer requests from stdin on stdout until stdin closes.

    Args:
        limits: The fields of `ReadingLimits`.
        ocr: The fields of `Ocr`, or None to leave pictures of pages unread.
        debug: Write the traceback of what nobody foresaw to stderr.
    """
    requests, answers = _take_streams()
    on_page = partial(_ask_for_time, answers)
    recogniser = Ocr(**ocr, on_page=on_page) if ocr else None
    child = _Child(ReadingLimits(**limits), recogniser, debug)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    _limit_memory(child.limits.memory_bytes)
    waiting: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    send(answers, {"ready": os.getpid()})
    while True:
        request = waiting.get()
        send(answers, {"begun": request["name"]})
        _set_alarm(int(child.limits.timeout_for(request["size_bytes"])) + _GRACE_S)
        answer = child.read(request)
        _set_alarm(0)
        send(answers, {**answer, "memory_bytes": _peak_memory()})


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return stdin and stdout for ourselves; a library that prints does so into nothing."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return requests, answers


def _listen(requests: BinaryIO, waiting: "SimpleQueue[dict[str, Any]]") -> None:
    """Pass requests on, and end the process when the parent has gone, even in mid-file."""
    with suppress(BaseException):
        while (request := receive(requests, most_bytes=_LONGEST_REQUEST)) is not None:
            waiting.put(request)
    os._exit(0)


def _ask_for_time(answers: BinaryIO, seconds: float) -> None:
    """Tell the parent that the next picture may take so long, and put the alarm off as well."""
    send(answers, {"more_s": seconds})
    if hasattr(signal, "alarm"):
        left = signal.alarm(0)
        _set_alarm(max(left, int(seconds) + _GRACE_S))


def _set_alarm(seconds: int) -> None:
    """Let the kernel end this process after a while, whatever it is doing; 0 for never."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _limit_memory(memory_bytes: int) -> None:
    """Make allocations fail beyond the limit, where the platform can; the parent watches too."""
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = memory_bytes + pages * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _peak_memory() -> int:
    """Return the most memory that this process has had, in bytes; 0 where nobody says."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)
