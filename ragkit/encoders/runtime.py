"""Loading onnxruntime so that it tells nobody what it runs; nothing else imports it."""

import os
from types import ModuleType

_TELEMETRY_OFF = "ORT_DISABLE_TELEMETRY"


def load_onnxruntime() -> ModuleType:
    """Return the library, with its telemetry off.

    The official builds send what they run, and on what, to their maker unless they are told not to
    before they start, and leave an identifier of the device on the disk.

    Source: onnxruntime 1.31.1, docs/Privacy.md; seen by tests/test_network.py.
    """
    os.environ[_TELEMETRY_OFF] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # for builds that do not read the variable
    library: ModuleType = onnxruntime
    return library
