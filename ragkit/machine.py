"""What this machine offers to those that compute."""

import platform
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import psutil


def physical_cores() -> int:
    """Return how many CPU cores this process may use, hyper-threads not counted."""
    usable = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else 0
    physical = psutil.cpu_count(logical=False) or 1
    return min(physical, usable or physical)


class Memory(NamedTuple):
    """Main memory, in bytes."""

    available: int
    total: int


def main_memory(groups: Path = Path("/sys/fs/cgroup")) -> Memory:
    """Return how much memory this process could still take, and how much there is for it in all.

    A container may be given less than its machine has.

    Args:
        groups: Where Linux says what a container may use.
    """
    machine = psutil.virtual_memory()
    try:
        limit = int((groups / "memory.max").read_text(encoding="ascii"))
        used = int((groups / "memory.current").read_text(encoding="ascii"))
        lines = (groups / "memory.stat").read_text(encoding="ascii").splitlines()
        given_back = next(int(line.split()[1]) for line in lines if line.startswith("inactive_f"))
    except (OSError, ValueError, StopIteration):  # no limit, or no such thing here
        return Memory(machine.available, machine.total)
    free = max(0, limit - used + given_back)
    return Memory(min(machine.available, free), min(machine.total, limit))


@cache
def cpu_identity() -> str:
    """Return the CPU's name and a checksum of what it can do, such as "AMD EPYC 7B13 5d1cf00d".

    Virtual machines of different abilities may bear one name.
    """
    told = {}
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            for line in takewhile(str.strip, lines):  # up to the second CPU
                key, _, value = line.partition(":")
                told[key.strip()] = value.strip()
    except OSError:
        pass
    name = told.get("model name") or platform.processor() or platform.machine()
    abilities = told.get("flags") or told.get("Features") or ""
    return f"{name} {crc32(abilities.encode()):08x}"
