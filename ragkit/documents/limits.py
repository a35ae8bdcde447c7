"""How much of a machine one document may use while it is read.

It only holds the numbers; `workers/` and the readers keep them.
"""

from dataclasses import dataclass

_SECONDS_PER_BYTE = 5e-6
"""Source: pypdf reads at least 30 pages/s of about 25 kB on two slow cores, 1.3 s for a megabyte;
four times that for a busy laptop."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may cost; one that needs more is reported and the others are read."""

    timeout_s: float = 120.0
    """Wall time of one file. Large files get 5 s more for each megabyte."""
    memory_bytes: int = 2 << 30
    """Memory of the process that reads it, beyond what an idle one has."""
    file_bytes: int = 1_000_000_000
    """Largest file."""
    text_characters: int = 20_000_000
    """Longest text: about 6,000 dense pages."""
    blocks: int = 1_000_000
    """Most paragraphs, items, table rows and headings."""

    def timeout_for(self, size_bytes: int) -> float:
        """Return the seconds that a file of this size may take.

        >>> ReadingLimits().timeout_for(0), ReadingLimits().timeout_for(40_000_000)
        (120.0, 320.0)
        """
        return self.timeout_s + size_bytes * _SECONDS_PER_BYTE
