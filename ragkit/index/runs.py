"""Sets of chunk keys as runs, so that a million keys are a handful of numbers.

The chunks of a document are stored together, and keys are never used again: a run of one state of
the catalog means the same chunks in every later one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
"""Keys of chunks, or positions in an order of them, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyRuns:
    """Keys from each start to its end, both included; sorted, with gaps between the runs."""

    starts: Keys
    ends: Keys

    def __len__(self) -> int:
        """Return the number of keys."""
        return int((self.ends - self.starts + 1).sum())

    def same_as(self, other: "KeyRuns") -> bool:
        """Say whether both hold the same keys."""
        same_starts = np.array_equal(self.starts, other.starts)
        return same_starts and np.array_equal(self.ends, other.ends)

    def keys(self) -> Keys:
        """Return all keys in order, shape (n,)."""
        lengths = self.ends - self.starts + 1
        before = np.cumsum(lengths) - lengths
        keys: Keys = np.arange(len(self), dtype=np.int64)
        keys += np.repeat(self.starts - before, lengths)
        return keys

    def keys_at(self, positions: Keys) -> Keys:
        """Return the keys that stand at some positions of `keys()`."""
        lengths = self.ends - self.starts + 1
        last = np.cumsum(lengths)
        run = np.searchsorted(last, positions, side="right")
        keys: Keys = positions - (last[run] - lengths[run]) + self.starts[run]
        return keys

    def hold(self, keys: Keys) -> npt.NDArray[np.bool_]:
        """Return which of some keys are among these, shape (len(keys),)."""
        if not len(self.starts):
            return np.zeros(len(keys), dtype=np.bool_)
        run = np.searchsorted(self.starts, keys, side="right") - 1
        held: npt.NDArray[np.bool_] = (run >= 0) & (keys <= self.ends[run])
        return held

    def positions_of(self, keys: Keys) -> Keys:
        """Return where some keys stand in `keys()`; all must be among them."""
        lengths = self.ends - self.starts + 1
        before = np.cumsum(lengths) - lengths
        run = np.searchsorted(self.starts, keys, side="right") - 1
        positions: Keys = keys - self.starts[run] + before[run]
        return positions


def runs_of(keys: Iterable[int]) -> KeyRuns:
    """Return the runs of sorted keys, each there once.

    >>> runs_of([1, 2, 3, 7, 9, 10])
    KeyRuns(starts=array([1, 7, 9]), ends=array([ 3,  7, 10]))
    """
    array = np.fromiter(keys, dtype=np.int64)
    return join_runs(array, array)


def join_runs(starts: Keys, ends: Keys) -> KeyRuns:
    """Return runs of which those that touch are one; sorted, without overlap.

    >>> join_runs(np.array([1, 4, 8]), np.array([3, 6, 9]))
    KeyRuns(starts=array([1, 8]), ends=array([6, 9]))
    """
    if not len(starts):
        return KeyRuns(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    is_new = starts[1:] > ends[:-1] + 1
    return KeyRuns(starts[np.concatenate(([True], is_new))], ends[np.concatenate((is_new, [True]))])
