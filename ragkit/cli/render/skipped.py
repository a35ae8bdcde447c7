"""What was left out of an ingest, in few lines however much it was."""

from collections.abc import Sequence

from ragkit.documents import SkippedFile

_EACH = 3
"""Files with one reason are named one by one up to this many."""
_MOST_LINES = 20


def skipped_lines(skipped: Sequence[SkippedFile]) -> list[str]:
    """Return lines that say what was skipped and why; many files with one reason share a line.

    >>> from pathlib import Path
    >>> pictures = [SkippedFile(Path(), f"{n}.png", "a picture") for n in range(400)]
    >>> skipped_lines([*pictures, SkippedFile(Path(), "old.doc", "an old Word document")])
    ['400 files, such as 0.png and 1.png: a picture', 'old.doc: an old Word document']
    """
    groups: dict[str, list[str]] = {}
    for skip in skipped:
        groups.setdefault(skip.reason, []).append(skip.name)
    lines: list[str] = []
    told = 0
    for reason, names in groups.items():
        if len(names) > _EACH:
            shown = [f"{len(names)} files, such as {names[0]} and {names[1]}: {reason}"]
        else:
            shown = [f"{name}: {reason}" for name in names]
        if len(lines) + len(shown) > _MOST_LINES:
            break
        lines += shown
        told += len(names)
    if told < len(skipped):
        lines.append(f"{len(skipped) - told} more; --json lists every one")
    return lines
