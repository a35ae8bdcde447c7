"""What can go wrong, as a handful of kinds that each end in one clear line and the next step.

This module holds no policy about how errors look; `ragkit.cli.main` prints them.
"""

from collections.abc import Iterable
from difflib import get_close_matches

EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_ABSTAINED = 3
EXIT_INTERRUPTED = 130


class RagkitError(Exception):
    """Something the user can act on: `message` says what happened, `hint` the next thing to do.

    Args:
        message: One line, with the values that matter.
        hint: The next command to type or setting to change; may be empty.
    """

    exit_code = EXIT_ERROR

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the hint when an error crosses a process boundary."""
        return (_rebuild_error, (type(self), self.message, self.hint))


def _rebuild_error(kind: type[RagkitError], message: str, hint: str) -> RagkitError:
    return kind(message, hint=hint)


class UsageError(RagkitError):
    """The command or a setting asks for something that does not exist or does not make sense."""

    exit_code = EXIT_USAGE


class NothingMatchesError(RagkitError):
    """No document of the index is one of those that a search was narrowed to."""


class DocumentError(RagkitError):
    """One document cannot be read; the others can."""


class UnusableIndexError(RagkitError):
    """The index is missing, damaged, locked, or was built by another encoder."""


class ModelError(RagkitError):
    """Model weights are missing, damaged, or do not load."""


class PromptError(RagkitError):
    """A prompt cannot be built: the question alone does not fit, or a template is wrong."""


class StorageError(RagkitError):
    """The disk is full or a folder cannot be read or written."""


def unknown_name(kind: str, name: str, known: Iterable[str], *, hint: str = "") -> UsageError:
    """Return the error for a name that is not in a table, listing the ones that are.

    >>> unknown_name("strategy", "zero-shto", ["zero-shot", "few-shot"]).message
    "unknown strategy 'zero-shto'; known: few-shot, zero-shot"
    >>> unknown_name("strategy", "zero-shto", ["zero-shot", "few-shot"]).hint
    "did you mean 'zero-shot'?"
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    return UsageError(
        f"unknown {kind} {name!r}; known: {', '.join(names)}",
        hint=f"did you mean {close[0]!r}?" if close else hint,
    )
