"""What this machine offers to those that compute."""

import platform
from functools import cache
from itertools import takewhile
from pathlib import Path
from zlib import crc32

import psutil


def physical_cores() -> int:
    """Return how many CPU cores this process may use, hyper-threads not counted."""
    usable = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else 0
    physical = psutil.cpu_count(logical=False) or 1
    return min(physical, usable or physical)


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
