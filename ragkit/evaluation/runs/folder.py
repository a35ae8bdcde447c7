"""The folder of a run: what is written when, so that a run that was ended can go on.

run.json says what the run depends on and is written first; items.jsonl grows by a synced line for
each outcome; summary.json is written at the end. It knows nothing of how outcomes come about.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from ragkit.errors import StorageError
from ragkit.evaluation.protocols import PlanOptions
from ragkit.evaluation.records import Sample, Scored, Summary
from ragkit.evaluation.runs.forms import form_of, record_of
from ragkit.evaluation.runs.junit import outcome_cases, render_junit
from ragkit.files import translate_disk_errors, write_text_atomically

FORMAT_VERSION = 1
RUN_FILE = "run.json"
SAMPLES_FILE = "samples.jsonl"
ITEMS_FILE = "items.jsonl"
REPEATS_FILE = "repeats.jsonl"
SUMMARY_FILE = "summary.json"
JUNIT_FILE = "junit.xml"

Record = TypeVar("Record")


class RunFolder:
    """Reads and writes the files of one run.

    Args:
        path: Of the folder; it need not exist before something is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_run(self) -> bool:
        """Whether a run began here."""
        return (self.path / RUN_FILE).is_file()

    @property
    def is_finished(self) -> bool:
        """Whether the run came to its end."""
        return self.is_run and (self.path / SUMMARY_FILE).is_file()

    def begin(
        self, header: Mapping[str, Any], options: PlanOptions, samples: Sequence[Sample]
    ) -> None:
        """Write what the run depends on, and the samples that it asks.

        Raises:
            StorageError: The disk is full or the folder cannot be written.
        """
        lines = "".join(_line_of(sample) for sample in samples)
        write_text_atomically(self.path / SAMPLES_FILE, lines)
        form = {"format_version": FORMAT_VERSION, "header": header, "options": options}
        write_text_atomically(self.path / RUN_FILE, _text_of(form))

    def read_header(self) -> tuple[dict[str, Any], PlanOptions]:
        """Return what the run depends on, and which part of the suite it asks.

        Raises:
            StorageError: There is no run, or it was written by a later version.
        """
        form = self._read_json(RUN_FILE)
        with self._say_damage(RUN_FILE):
            return dict(form["header"]), record_of(PlanOptions, form["options"])

    def read_samples(self) -> tuple[Sample, ...]:
        """Return the samples that the run asks."""
        return tuple(self._read_lines(SAMPLES_FILE, Sample))

    def read_items(self, name: str = ITEMS_FILE) -> tuple[Scored, ...]:
        """Return the outcomes so far, in the order in which they came; a torn last line is none."""
        return tuple(self._read_lines(name, Scored))

    def write_items(self, items: Iterable[Scored], name: str = ITEMS_FILE) -> None:
        """Put some outcomes in the place of those that are there."""
        write_text_atomically(self.path / name, "".join(map(_line_of, items)))

    def read_summary(self) -> Summary | None:
        """Return what the run came to; None where it did not come to its end."""
        if not self.is_finished:
            return None
        with self._say_damage(SUMMARY_FILE):
            return record_of(Summary, self._read_json(SUMMARY_FILE)["summary"])

    def write_summary(self, summary: Summary) -> None:
        """Write what the run came to."""
        form = {"format_version": FORMAT_VERSION, "summary": summary}
        write_text_atomically(self.path / SUMMARY_FILE, _text_of(form))

    def write_junit(self, header: Mapping[str, Any], scored: Iterable[Scored]) -> None:
        """Write the outcomes as CI systems read them."""
        name = f"{header['suite']['name']}.{header['measure']}"
        text = render_junit(name, outcome_cases(scored), timestamp=str(header.get("started", "")))
        write_text_atomically(self.path / JUNIT_FILE, text)

    def _read_json(self, name: str) -> Any:
        path = self.path / name
        with self._say_damage(name), translate_disk_errors(path):
            form = json.loads(path.read_text(encoding="utf-8"))
            version = int(form["format_version"])
        if version > FORMAT_VERSION:
            raise StorageError(f"{path} was written by a later version of ragkit (form {version})")
        return form

    def _read_lines(self, name: str, kind: type[Record]) -> Iterator[Record]:
        path = self.path / name
        if not path.is_file():
            return
        with translate_disk_errors(path):
            lines = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], start=1):  # what has no end was not finished
            with self._say_damage(f"{name}:{number}"):
                record = record_of(kind, json.loads(line))
            yield record

    def _say_damage(self, place: str) -> "_Damage":
        return _Damage(f"{self.path / place} is damaged")


class _Damage:
    """Turns what is wrong with a form into one clear line."""

    def __init__(self, message: str) -> None:
        self._message = message

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if isinstance(error, ValueError | KeyError | TypeError):
            hint = "run the suite again: ragkit eval run SUITE"
            raise StorageError(f"{self._message}: {error}", hint=hint) from error


class ItemWriter:
    """Appends outcomes to a file, each a line that is on the disk before the next one is made.

    Args:
        path: Of the file; a torn last line is cut off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedWriter | None = None

    def __enter__(self) -> Self:
        """Open the file."""
        with translate_disk_errors(self._path):
            self._path.touch()
            content = self._path.read_bytes()
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                os.truncate(self._path, whole)
            self._file = self._path.open("ab")
        return self

    def __exit__(self, *_error: object) -> None:
        """Close it."""
        if self._file:
            self._file.close()

    def append(self, item: Scored) -> None:
        """Write one outcome.

        Raises:
            StorageError: The disk is full.
        """
        if self._file is None:
            raise ValueError("the file is not open")
        with translate_disk_errors(self._path):
            self._file.write(_line_of(item).encode())
            self._file.flush()
            os.fsync(self._file.fileno())


def _line_of(record: Any) -> str:
    return json.dumps(form_of(record), ensure_ascii=False, allow_nan=False) + "\n"


def _text_of(form: Any) -> str:
    return json.dumps(form_of(form), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
