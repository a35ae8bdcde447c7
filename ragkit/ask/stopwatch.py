"""How long each step of an answer took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_STEPS = ("load", "retrieve", "evidence")
"""Those whose time is always told."""


@dataclass(slots=True)
class Stopwatch:
    """Seconds by step."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_STEPS, 0.0))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time that what is done inside takes."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
