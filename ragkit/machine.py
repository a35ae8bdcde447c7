"""What this machine offers to those that compute."""

import psutil


def physical_cores() -> int:
    """Return how many CPU cores this process may use, hyper-threads not counted."""
    usable = len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else 0
    physical = psutil.cpu_count(logical=False) or 1
    return min(physical, usable or physical)
