"""What was measured of a model's forms on this machine, and which of them is to be used here.

A verdict holds for one file on one CPU with one version of llama.cpp.
"""

import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from ragkit.files import write_text_atomically
from ragkit.machine import cpu_identity

Form = Literal["as it came", "q8_0"]

_FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """How quick a form of a model is."""

    form: Form
    size_bytes: int
    prompt_tokens_per_s: float
    generated_tokens_per_s: float

    def answer_s(self, *, prompt_tokens: int = 600, completion_tokens: int = 60) -> float:
        """Return how long an answer takes, in seconds.

        Source: the prompts and answers of `ask` on the demo course: 400 to 800 and 30 to 90 tokens.

        >>> Trial("q8_0", 145_000_000, 600.0, 60.0).answer_s()
        2.0
        """
        reading = prompt_tokens / self.prompt_tokens_per_s
        return reading + completion_tokens / self.generated_tokens_per_s


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which form of a model to use here, and why."""

    chosen: Form
    trials: tuple[Trial, ...]
    cpu: str
    llama_cpp: str

    @property
    def holds_here(self) -> bool:
        """Whether it was measured on this machine, with what runs the model today."""
        return (self.cpu, self.llama_cpp) == here()


def here() -> tuple[str, str]:
    """Return what a verdict depends on: this CPU, and the version of llama-cpp-python."""
    return cpu_identity(), version("llama-cpp-python")


def verdict_path(stem: str, sha256: str, *, cache_dir: Path) -> Path:
    """Return where the verdict on a file is kept."""
    return cache_dir / "models" / f"{stem}.{sha256[:12]}.verdict.json"


def read_verdict(path: Path) -> Verdict | None:
    """Return a verdict that holds here; None where there is none."""
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        if form.pop("format_version") != _FORMAT_VERSION:
            return None
        trials = tuple(Trial(**trial) for trial in form.pop("trials"))
        verdict = Verdict(trials=trials, **form)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return verdict if verdict.holds_here else None


def write_verdict(verdict: Verdict, path: Path) -> None:
    """Keep a verdict."""
    form = {"format_version": _FORMAT_VERSION, **asdict(verdict)}
    write_text_atomically(path, json.dumps(form, indent=1))
