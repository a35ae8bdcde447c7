"""The folder of a training run: what it is of, how it went, and from where it can go on.

It does not know how a state came about; see `ragkit.training.loop`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ragkit.errors import ModelError, UsageError
from ragkit.files import translate_disk_errors, write_atomically, write_text_atomically
from ragkit.training.records import StepReport

FORMAT_VERSION = 2
"""2: prompts that begin alike are computed together, so that steps see other examples."""
HEADER_FILE = "run.json"
LOSSES_FILE = "losses.jsonl"
_KEPT = 2


class TrainingFolder:
    """Where a run is kept.

    `run.json` says what it is of, `losses.jsonl` has a `StepReport` a line, and the two newest
    checkpoints stay.

    Args:
        path: The folder; it is made when there is something to put there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def losses(self) -> Path:
        """A `StepReport` as JSON a line."""
        return self.path / LOSSES_FILE

    def begin(self, header: Mapping[str, Any], *, resume: bool) -> None:
        """Say what the run is of, or check that it is what was begun.

        Args:
            header: All that decides how the run goes, as JSON.
            resume: Whether to go on with what is there.

        Raises:
            UsageError: There is a run already, there is none to go on with, or another one.
        """
        header = json.loads(json.dumps({"format_version": FORMAT_VERSION, **header}))
        path = self.path / HEADER_FILE
        if not resume:
            self.refuse_another()
            write_text_atomically(path, json.dumps(header, indent=2) + "\n")
            return
        begun = self.read_header()
        differing = [
            f"{name} ({_short(begun.get(name))}, now {_short(header.get(name))})"
            for name in sorted(begun.keys() | header.keys())
            if begun.get(name) != header.get(name)
        ]
        if differing:
            raise UsageError(
                f"the run in {self.path} was begun with other values: {'; '.join(differing)}",
                hint="give what it was begun with, or begin another with another --run",
            )

    def refuse_another(self) -> None:
        """Refuse to begin where there is a run.

        Raises:
            UsageError: There is one.
        """
        if (self.path / HEADER_FILE).exists() or self._checkpoints():
            raise UsageError(
                f"there is a run in {self.path} already",
                hint="go on with it: --resume; or give another folder with --run",
            )

    def read_header(self) -> dict[str, Any]:
        """Return what the run is of.

        Raises:
            UsageError: There is no run.
        """
        path = self.path / HEADER_FILE
        try:
            header: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise UsageError(
                f"there is no run in {self.path}", hint="begin one: leave --resume out"
            ) from error
        except ValueError as error:
            raise UsageError(
                f"{path} is damaged: {error}", hint="begin another run with another --run"
            ) from error
        return header

    def save(self, step: int, state: Mapping[str, Any]) -> Path:
        """Keep the state after a step, whole or not at all, and drop older ones but the last."""
        import torch

        path = self.path / f"checkpoint-{step:07d}.pt"
        write_atomically(path, lambda part: torch.save(dict(state), part))
        for old in self._checkpoints()[:-_KEPT]:
            old.unlink(missing_ok=True)
        return path

    def load(self) -> dict[str, Any] | None:
        """Return the newest state that is whole, its arrays on the CPU, or None where none is.

        Raises:
            ModelError: There are some, and none can be read.
        """
        import torch

        found = self._checkpoints()
        for path in reversed(found):
            try:
                state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            except Exception:  # noqa: BLE001, S112 - whatever a damaged archive raises
                continue
            return state
        if found:
            raise ModelError(
                f"no checkpoint in {self.path} can be read", hint="begin another run: --run"
            )
        return None

    def report(self, report: StepReport) -> None:
        """Add a line about a step."""
        with translate_disk_errors(self.losses), self.losses.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(report)) + "\n")

    def read_reports(self) -> tuple[StepReport, ...]:
        """Return what was told of the steps; a last line that was cut is left out."""
        try:
            lines = self.losses.read_text(encoding="utf-8").splitlines(keepends=True)
        except FileNotFoundError:
            return ()
        return tuple(StepReport(**json.loads(line)) for line in lines if line.endswith("\n"))

    def forget_after(self, step: int) -> None:
        """Drop the lines about steps that are to be done again."""
        kept = [asdict(report) for report in self.read_reports() if report.step <= step]
        lines = "".join(json.dumps(one) + "\n" for one in kept)
        write_text_atomically(self.losses, lines)

    def _checkpoints(self) -> list[Path]:
        return sorted(self.path.glob("checkpoint-*.pt"))


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
