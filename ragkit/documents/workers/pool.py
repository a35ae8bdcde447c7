"""Files handed to a few workers that read ahead, and the documents given back in order.

How far they read ahead is bounded in documents and in characters, so that memory stays flat however
many files there are, while parsing goes on beside whatever the caller does with a document.
"""

import os
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import NamedTuple

from ragkit.documents.find import FoundFile
from ragkit.documents.limits import ReadingLimits
from ragkit.documents.ocr import Ocr
from ragkit.documents.workers.worker import Worker, WorkerGoneError
from ragkit.errors import DocumentError, RagkitError
from ragkit.records import Document

_MOST_WORKERS = 2
_WORTH_A_WORKER_BYTES = 500_000
"""Of documents, for each process after the first. Source: starting one and loading what it needs
takes 0.6 s of a core, in which another reads about 20 pages of 25 kB."""
_AHEAD_PER_WORKER = 4
_AHEAD_CHARACTERS = 8_000_000
"""No further file is begun while this much text waits to be taken."""
_WATCH_S = 0.05
_WAIT_S = 0.5
"""Waiting in short turns keeps Ctrl-C alive on Windows."""


class ReadResult(NamedTuple):
    """A file, and the Document that it holds or why it cannot be read."""

    file: FoundFile
    outcome: Document | DocumentError
    seconds: float
    """From handing it to a worker to having what it holds."""
    peak_memory_bytes: int
    """Most memory of the worker that read it, so far; 0 where nobody says."""


def read_documents(
    files: Iterable[FoundFile],
    *,
    password: str | None = None,
    ocr: Ocr | None = None,
    limits: ReadingLimits | None = None,
    workers: int | None = None,
    debug: bool = False,
) -> Generator[ReadResult]:
    """Yield what each file holds, in the order of the files, read ahead in worker processes.

    The workers start with the first result that is asked for, and end with the last, when the
    iterator is closed, or when this process ends. None of them outlives it.

    Args:
        files: As `find_documents` gives them.
        password: For encrypted documents.
        ocr: How to read pictures of pages; None to leave them unread.
        limits: How much of the machine a document may use.
        workers: How many processes; by default 2 where there are cores and enough to read, else 1.
        debug: Let what the libraries write to stderr through, and tracebacks.

    Raises:
        RagkitError: No process can be started.
    """
    todo = tuple(files)
    if not todo:
        return
    count = min(workers or _worthwhile(todo), len(todo))
    limits = limits or ReadingLimits()
    pool = _Pool(todo, password, lambda: Worker(limits, ocr=ocr, debug=debug))
    try:
        pool.start(count)
        for place in range(len(todo)):
            yield pool.take(place)
    finally:
        pool.close()


class _Pool:
    """Threads that each keep one worker busy, and one that watches the workers."""

    def __init__(
        self, files: Sequence[FoundFile], password: str | None, hire: Callable[[], Worker]
    ) -> None:
        self._files = files
        self._password = password
        self._start_worker = hire
        self._changed = threading.Condition()
        self._next = 0
        self._taken = 0
        self._results: dict[int, ReadResult] = {}
        self._held_characters = 0
        self._failure: BaseException | None = None
        self._closed = False
        self._workers: set[Worker] = set()
        self._threads: list[threading.Thread] = []
        self._most_ahead = 0

    def start(self, count: int) -> None:
        """Start so many workers."""
        self._most_ahead = count * _AHEAD_PER_WORKER
        for target in (self._watch, *[self._work] * count):
            thread = threading.Thread(target=target, daemon=True)
            thread.start()
            self._threads.append(thread)

    def take(self, place: int) -> ReadResult:
        """Return the result of a file, once it is there."""
        with self._changed:
            while place not in self._results:
                if self._failure is not None:
                    raise self._failure
                self._changed.wait(_WAIT_S)
            result = self._results.pop(place)
            self._taken = place + 1
            self._held_characters -= _characters(result)
            self._changed.notify_all()
            return result

    def close(self) -> None:
        """End everything at once."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            for worker in self._workers:
                worker.kill()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        worker: Worker | None = None
        try:
            while (place := self._begin_next()) is not None:
                if worker is not None and worker.is_spent:
                    self._dismiss(worker)
                    worker = None
                start = time.perf_counter()
                try:
                    worker = worker or self._hire()
                    outcome = self._read(worker, self._files[place])
                except WorkerGoneError:  # while it was idle: somebody else ended it
                    self._dismiss(worker)
                    worker = self._hire()
                    outcome = self._read(worker, self._files[place])
                seconds = time.perf_counter() - start
                memory = worker.peak_memory_bytes
                self._put(place, ReadResult(self._files[place], outcome, seconds, memory))
        except BaseException as error:  # noqa: BLE001 - raised again where results are taken
            self._fail(error)
        finally:
            self._dismiss(worker)

    def _read(self, worker: Worker, file: FoundFile) -> Document | DocumentError:
        try:
            return worker.read(file, password=self._password)
        except DocumentError as error:
            return error

    def _begin_next(self) -> int | None:
        """Return the next file to read, once there is room for it; None at the end."""
        with self._changed:
            while not self._closed and self._next < len(self._files) and not self._has_room():
                self._changed.wait()
            if self._closed or self._failure is not None or self._next == len(self._files):
                return None
            self._next += 1
            return self._next - 1

    def _has_room(self) -> bool:
        ahead = self._next - self._taken
        full = ahead >= self._most_ahead or self._held_characters >= _AHEAD_CHARACTERS
        return not full or ahead == 0 or self._failure is not None

    def _put(self, place: int, result: ReadResult) -> None:
        with self._changed:
            self._results[place] = result
            self._held_characters += _characters(result)
            self._changed.notify_all()

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            if not self._closed:
                self._failure = self._failure or error
            self._changed.notify_all()

    def _hire(self) -> Worker:
        try:
            return self._hire_once()
        except RagkitError:  # somebody else may have ended it while it started
            if self._closed:
                raise
            return self._hire_once()

    def _hire_once(self) -> Worker:
        worker = self._start_worker()
        with self._changed:
            self._workers.add(worker)
            closed = self._closed
        if closed:
            worker.kill()
        try:
            worker.wait_until_ready()
        except BaseException:
            self._dismiss(worker)
            raise
        return worker

    def _dismiss(self, worker: Worker | None) -> None:
        if worker is not None:
            with self._changed:
                self._workers.discard(worker)
            worker.close()

    def _watch(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                workers = list(self._workers)
            for worker in workers:
                worker.watch()
            time.sleep(_WATCH_S)


def _worthwhile(files: Sequence[FoundFile]) -> int:
    """Return how many workers are worth starting for some files."""
    enough = 1 + sum(file.size_bytes for file in files) // _WORTH_A_WORKER_BYTES
    return min(_MOST_WORKERS, os.cpu_count() or 1, enough)


def _characters(result: ReadResult) -> int:
    return len(result.outcome.text) if isinstance(result.outcome, Document) else 0
