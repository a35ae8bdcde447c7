"""What is wrong with a suite, or doubtful, and with which sample."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    rule: str
    """Its name, such as "quote-moved"; docs/evaluation.md lists them."""
    severity: Severity
    sample_id: str
    """Empty for a line that is no sample."""
    message: str
    line: int = 0
    """Of samples.jsonl."""
    fixable: bool = False
    """Whether `ragkit eval check --fix` mends it."""


def error(rule: str, sample_id: str, message: str) -> Finding:
    """Return what makes a sample measure something else than it says."""
    return Finding(rule, "error", sample_id, message)


def warning(rule: str, sample_id: str, message: str) -> Finding:
    """Return what a person should look at."""
    return Finding(rule, "warning", sample_id, message)
