"""What devices llama.cpp can compute on, and how much memory they have free.

It decides nothing.
"""

import ctypes
from typing import NamedTuple

from ragkit.llms.library import load_ggml, load_llama_cpp

_CPU, _GPU, _INTEGRATED = 0, 1, 2
"""Values of enum ggml_backend_dev_type."""


class Device(NamedTuple):
    """Something that llama.cpp can compute on."""

    name: str
    kind: int
    free_bytes: int
    total_bytes: int


def list_gpus() -> tuple[Device, ...]:
    """Return the GPUs that llama.cpp would use: those with memory of their own, else the others."""
    devices = list_devices()
    own = tuple(device for device in devices if device.kind == _GPU)
    return own or tuple(device for device in devices if device.kind == _INTEGRATED)


def list_devices() -> tuple[Device, ...]:
    """Return all devices, the CPU among them."""
    load_llama_cpp().llama_backend_init()
    ggml = load_ggml()
    for name, result, arguments in (
        ("ggml_backend_dev_count", ctypes.c_size_t, ()),
        ("ggml_backend_dev_get", ctypes.c_void_p, (ctypes.c_size_t,)),
        ("ggml_backend_dev_description", ctypes.c_char_p, (ctypes.c_void_p,)),
        ("ggml_backend_dev_type", ctypes.c_int, (ctypes.c_void_p,)),
        ("ggml_backend_dev_memory", None, (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)),
    ):
        function = getattr(ggml, name)
        function.restype, function.argtypes = result, arguments
    found = []
    for number in range(ggml.ggml_backend_dev_count()):
        device = ggml.ggml_backend_dev_get(number)
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        name = ggml.ggml_backend_dev_description(device).decode("utf-8", errors="replace")
        kind = ggml.ggml_backend_dev_type(device)
        found.append(Device(name, kind, free.value, total.value))
    return tuple(found)
